"""Archives are untrusted: nothing climbs out, nothing fills the memory, and what is whole is still read."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from state import obj, tar, to_yaml, zipped

from upgradecheck.sources import Limits, Loaded, load

GOOD = to_yaml(obj("v1", "Node", "good"))
EVIL = to_yaml(obj("v1", "Node", "evil"))
ZEROS = b"# " + b"0" * 3_000_000


def read(tmp_path: Path, data: bytes, limits: Limits | None = None, name: str = "dump") -> Loaded:
    (tmp_path / name).write_bytes(data)
    return load([tmp_path / name], limits=limits)


def names(loaded: Loaded) -> list[str]:
    return [o.name for o in loaded.cluster.of("Node")]


def linked(target: str, kind: bytes) -> bytes:
    out = io.BytesIO(tar({"good.yaml": GOOD}, "w"))
    with tarfile.open(fileobj=out, mode="a") as archive:
        member = tarfile.TarInfo("sub/link.yaml")
        member.type = kind
        member.linkname = target
        archive.addfile(member)
    return out.getvalue()


CLIMBERS = {
    "tar, up": tar({"../evil.yaml": EVIL, "good.yaml": GOOD}),
    "tar, up from below": tar({"a/../../evil.yaml": EVIL, "good.yaml": GOOD}),
    "tar, absolute": tar({"/etc/evil.yaml": EVIL, "good.yaml": GOOD}),
    "zip, up": zipped({"../evil.yaml": EVIL, "good.yaml": GOOD}),
    "zip, drive": zipped({"c:/evil.yaml": EVIL, "good.yaml": GOOD}),
    "zip, backslashes": zipped({"..\\evil.yaml": EVIL, "good.yaml": GOOD}),
    "symlink up": linked("../../etc/passwd", tarfile.SYMTYPE),
    "symlink absolute": linked("/etc/passwd", tarfile.SYMTYPE),
    "hardlink up": linked("../etc/passwd", tarfile.LNKTYPE),
}


@pytest.mark.parametrize("data", CLIMBERS.values(), ids=CLIMBERS)
def test_a_member_that_climbs_out_is_told_and_not_read(tmp_path: Path, data: bytes) -> None:
    loaded = read(tmp_path, data)
    (problem,) = loaded.problems
    assert "climbs out of the archive" in problem.text
    assert names(loaded) == ["good"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["dump"], "nothing is written"


def test_a_link_inside_the_archive_is_read_once(tmp_path: Path) -> None:
    loaded = read(tmp_path, linked("../good.yaml", tarfile.SYMTYPE))
    assert loaded.problems == ()
    assert names(loaded) == ["good"]
    assert [why for _, why in loaded.skipped] == ["a link inside the archive"]


def two(pack: Callable[[dict[str, str | bytes]], bytes]) -> bytes:
    noise = bytes(range(256)) * 40
    return pack({"a.yaml": GOOD, "noise.md": noise + gzip.compress(noise), "z.yaml": EVIL})


@pytest.mark.parametrize("cut", [1024, 1200, 3000, 11000])
def test_a_truncated_tar_is_read_as_far_as_it_goes(tmp_path: Path, cut: int) -> None:
    whole = two(lambda files: tar(files, "w"))
    assert whole.index(b"z.yaml") > 11000
    loaded = read(tmp_path, whole[:cut])
    assert [p.text.partition(":")[0] for p in loaded.problems] == ["truncated or damaged archive"]
    assert names(loaded)[-1:] == ["good"]


def test_a_truncated_gzip_is_one_problem(tmp_path: Path) -> None:
    import random

    noise = random.Random(1).randbytes(60_000)  # noqa: S311  it only must not pack
    whole = tar({"a.yaml": GOOD, "noise.txt": noise, "z.yaml": EVIL})
    loaded = read(tmp_path, whole[: len(whole) // 2])
    assert len(loaded.problems) == 1
    assert "truncated" in loaded.problems[0].text
    assert names(loaded) == ["good"]


def test_a_truncated_zip_is_one_problem(tmp_path: Path) -> None:
    whole = two(zipped)
    loaded = read(tmp_path, whole[: len(whole) // 2])
    assert len(loaded.problems) == 1
    assert "truncated" in loaded.problems[0].text


def test_a_damaged_zip_member_does_not_take_the_others_along(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.yaml": GOOD, "b.yaml": EVIL, "c.yaml": to_yaml(obj("v1", "Node", "last"))}))
    at = data.index(b"b.yaml") + len("b.yaml")
    data[at + 4 : at + 12] = b"\xff" * 8
    loaded = read(tmp_path, bytes(data))
    assert [p.text for p in loaded.problems] == ["member b.yaml is damaged"]
    assert names(loaded) == ["good", "last"]


BOMBS = {
    "gzip, ratio": (gzip.compress(ZEROS), Limits(ratio_from=1 << 20, ratio=100)),
    "tar, ratio": (tar({"a.yaml": GOOD, "b.yaml": ZEROS}), Limits(ratio_from=1 << 20, ratio=100)),
    "zip, ratio": (zipped({"a.yaml": GOOD, "b.yaml": ZEROS}), Limits(ratio_from=1 << 20, ratio=100)),
    "tar, total": (tar({"a.yaml": GOOD, "b.yaml": ZEROS, "c.yaml": ZEROS}), Limits(archive=4 << 20)),
    "zip, total": (zipped({"a.yaml": GOOD, "b.yaml": ZEROS, "c.yaml": ZEROS}), Limits(archive=4 << 20)),
    "tar, member": (tar({"a.yaml": GOOD, "b.yaml": ZEROS}), Limits(file=1 << 20)),
    "tar, count": (tar({f"{i:04}.yaml": GOOD for i in range(300)}), Limits(members=200)),
    "zip, count": (zipped({f"{i:04}.yaml": GOOD for i in range(300)}), Limits(members=200)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_stopped_before_it_goes_off(tmp_path: Path, name: str) -> None:
    data, limits = BOMBS[name]
    loaded = read(tmp_path, data, limits)
    (problem,) = loaded.problems
    assert any(word in problem.text for word in ("more than", "larger than"))
    assert problem.expected
    if not name.startswith("gzip"):
        assert names(loaded) == ["good"], "what came before is read"


def test_a_pax_header_cannot_fill_the_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type = tarfile.XHDTYPE
    header.size = 1 << 40
    loaded = read(tmp_path, gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + b"0" * 4096))
    assert len(loaded.problems) == 1


def test_a_zip_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    data = bytearray(zipped({"b.yaml": ZEROS}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    loaded = read(tmp_path, bytes(data), Limits(ratio_from=1 << 20, ratio=100))
    assert len(loaded.problems) == 1


def test_an_archive_inside_an_archive_is_skipped(tmp_path: Path) -> None:
    loaded = read(tmp_path, zipped({"inner.tar.gz": tar({"evil.yaml": EVIL}), "good.yaml": GOOD}))
    assert loaded.problems == ()
    assert names(loaded) == ["good"]
    assert [why for _, why in loaded.skipped] == ["an archive inside an archive: unpack it first"]


def test_an_encrypted_member_is_skipped(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.yaml": EVIL, "b.yaml": GOOD}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    loaded = read(tmp_path, bytes(data))
    assert [why for _, why in loaded.skipped] == ["encrypted"]
    assert names(loaded) == ["good"]


@pytest.mark.parametrize("data", [b"\xfd7zXZ\x00rest", b"BZh91AY", b"Rar!\x1a\x07"])
def test_other_archives_are_refused_in_plain_words(tmp_path: Path, data: bytes) -> None:
    (problem,) = read(tmp_path, data).problems
    assert "binary" in problem.text
    assert ".tar.gz" in problem.expected


def test_an_empty_archive(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w"):
        pass
    (problem,) = read(tmp_path, out.getvalue()).problems
    assert problem.text == "an archive without files"


def test_a_hostile_member_name_is_shown_harmless(tmp_path: Path) -> None:
    loaded = read(tmp_path, tar({"../\x1b[31mred\n.yaml": EVIL, "good.yaml": GOOD}))
    assert "\x1b" not in str(loaded.problems[0])
    assert "\n" not in str(loaded.problems[0])
