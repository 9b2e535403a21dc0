"""A target chart is read as Helm reads it, from a folder or a package, and nothing in it can do harm."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from upgradecheck.errors import InputError
from upgradecheck.intent import coalesce
from upgradecheck.intent.charts import read_chart

CRD = """\
# a comment
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {name}
spec:
  group: example.org
"""

CHART = {
    "Chart.yaml": 'apiVersion: v2\nname: pool\nversion: 1.2.3\nappVersion: "1.10"\nkubeVersion: ">=1.21.0-0"\n'
    "dependencies:\n"
    "- {name: sub, version: 1.0.0}\n"
    "- {name: sub, alias: twin, version: 1.0.0}\n"
    "- {name: closed, version: 1.0.0, condition: closed.enabled}\n"
    "- {name: tagged, version: 1.0.0, tags: [extra]}\n",
    "values.yaml": "a: 1\nnothing: null\nglobal: {g: top}\nsub: {x: parent, drop: null}\n"
    "closed: {enabled: false}\ntags: {extra: false}\n",
    "values.schema.json": '{"type": "object"}',
    "crds/one.yaml": CRD.format(name="one") + "---\n" + CRD.format(name="two"),
    "crds/nested/three.yml": CRD.format(name="three"),
    "crds/README.md": "kind: nothing",
    "templates/x.yaml": "{{ this is no yaml",
    "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
    "charts/sub/values.yaml": "x: child\nw: 2\ndrop: 1\nglobal: {g: child, h: 1}\n",
    "charts/sub/crds/four.yaml": CRD.format(name="four"),
    "charts/closed/Chart.yaml": "apiVersion: v2\nname: closed\nversion: 1.0.0\n",
    "charts/closed/values.yaml": "z: 1\n",
    "charts/closed/crds/five.yaml": CRD.format(name="five"),
    "charts/tagged/Chart.yaml": "apiVersion: v2\nname: tagged\nversion: 1.0.0\n",
    "charts/tagged/values.yaml": "t: 1\n",
    "charts/_ignored/Chart.yaml": "not: a chart",
}  # fmt: skip


def written(files: Mapping[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def packed(files: Mapping[str, str | bytes], name: str = "pool") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            member = tarfile.TarInfo(f"{name}/{path}" if name else path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture(params=["folder", "package", "packages inside"])
def chart_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same chart in each form that Helm takes."""
    if request.param == "folder":
        return written(CHART, tmp_path / "pool")
    files: dict[str, str | bytes] = dict(CHART)
    if request.param == "packages inside":
        for sub in ("sub", "closed", "tagged"):
            inner = {n.removeprefix(f"charts/{sub}/"): t for n, t in CHART.items() if n.startswith(f"charts/{sub}/")}
            files = {n: t for n, t in files.items() if not n.startswith(f"charts/{sub}/")}
            files[f"charts/{sub}-1.0.0.tgz"] = packed(inner, sub)
    (tmp_path / "pool-1.2.3.tgz").write_bytes(packed(files))
    return tmp_path / "pool-1.2.3.tgz"


def test_everything_that_a_rule_needs_is_read(chart_path: Path) -> None:
    chart = read_chart(chart_path)
    assert (chart.name, chart.version, chart.app_version, chart.kube_version) == ("pool", "1.2.3", "1.10", ">=1.21.0-0")
    assert chart.schema == {"type": "object"}
    assert chart.defaults["a"] == 1
    assert chart.defaults["sub"] == {"x": "parent", "w": 2, "global": {"g": "top", "h": 1}}
    assert chart.defaults["twin"] == {"x": "child", "w": 2, "drop": 1, "global": {"g": "top", "h": 1}}
    assert chart.defaults["closed"] == {"enabled": False}
    assert "tagged" not in chart.defaults
    assert [crd.name for crd in chart.crds[:3]] == ["three", "one", "two"]
    assert {crd.name for crd in chart.crds[3:]} == {"four"}


def test_definitions_know_their_file_and_line(chart_path: Path) -> None:
    two = next(crd for crd in read_chart(chart_path).crds if crd.name == "two")
    inside = "/crds/one.yaml" if chart_path.is_dir() else "!pool/crds/one.yaml"
    assert str(two.origin) == f"{chart_path}{inside}:10"
    assert str(two.at("spec", "group")) == f"{chart_path}{inside}:15"
    assert two.data["spec"] == {"group": "example.org"}
    four = next(crd for crd in read_chart(chart_path).crds if crd.name == "four")
    assert str(chart_path) in str(four.origin)
    assert str(four.origin).endswith("crds/four.yaml:2")


def test_a_persons_values_enable_a_dependency(chart_path: Path) -> None:
    chart = read_chart(chart_path, {"closed": {"enabled": True}, "tags": {"extra": True}})
    assert chart.defaults["closed"] == {"enabled": False, "z": 1, "global": {"g": "top"}}
    assert chart.defaults["tagged"] == {"t": 1, "global": {"g": "top"}}
    assert "five" in {crd.name for crd in chart.crds}


def test_the_real_helm_shows_its_templates_the_same_values(real_helm: Path, tmp_path: Path) -> None:
    files = {name: text for name, text in CHART.items() if not name.startswith(("templates", "charts/_ignored"))}
    files["templates/seen.yaml"] = "seen: {{ .Values | toJson }}\n"
    path = written(files, tmp_path / "pool")
    given = {"a": None, "sub": {"w": None, "x": "given"}, "closed": {"enabled": True}}
    (tmp_path / "v.json").write_text(json.dumps(given))
    words = [str(real_helm), "template", "x", str(path), "-f", f"{tmp_path}/v.json", "--include-crds"]
    done = subprocess.run(words, capture_output=True, text=True, env={"HOME": str(tmp_path)}, check=True)
    seen = json.loads(done.stdout.partition("seen: ")[2])
    chart = read_chart(path, given)
    assert coalesce(given, chart.defaults) == seen
    assert sorted(crd.name for crd in chart.crds) == sorted(
        set(re.findall(r"^  name: (\w+)$", done.stdout, re.MULTILINE))
    )


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_chart(path)
    assert "\n" not in str(error.value)
    return str(error.value)


BAD: list[tuple[str, str | None, str]] = [
    ("Chart.yaml", None, "holds no Chart.yaml"),
    ("Chart.yaml", "- a", "Chart.yaml: holds no map"),
    ("Chart.yaml", "name: a\nversion: 1.10\n", "version is 1.1, not a text"),
    ("Chart.yaml", "version: 1.1.0\n", "name is missing"),
    ("Chart.yaml", "name: a\n version: b\n", "Chart.yaml:2"),
    ("values.yaml", "a: 1\nb: [\n", "values.yaml:"),
    ("values.yaml", "- a", "values.yaml:1: holds a list"),
    ("values.schema.json", "{", "is not JSON"),
    ("crds/one.yaml", "a: b: c\n", "crds/one.yaml:1"),
]


@pytest.mark.parametrize(("name", "text", "said"), BAD, ids=[f"{n} {t}" for n, t, _ in BAD])
def test_a_broken_chart_is_one_clear_line(name: str, text: str | None, said: str, tmp_path: Path) -> None:
    files = {**CHART, name: text or ""}
    if text is None:
        del files[name]
    assert said in refused(written(files, tmp_path / "pool"))


def test_what_is_no_chart_at_all(tmp_path: Path) -> None:
    assert "no such file or folder" in refused(tmp_path / "nowhere")
    (tmp_path / "text.tgz").write_text("hello")
    assert "is no readable package" in refused(tmp_path / "text.tgz")
    (tmp_path / "cut.tgz").write_bytes(packed(CHART)[:200])
    assert "is no readable package" in refused(tmp_path / "cut.tgz")
    (tmp_path / "empty").mkdir()
    assert "holds no Chart.yaml" in refused(tmp_path / "empty")
    assert "is not fetched" in refused(Path("oci://example.org/pool"))
    assert "is not fetched" in refused(Path("https://example.org/pool-1.0.0.tgz"))


@pytest.mark.parametrize("name", ["../evil", "pool/../../evil", "/etc/evil", "..\\evil", "C:\\evil"])
def test_a_package_that_climbs_out_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "c.tgz").write_bytes(packed({**{f"pool/{n}": t for n, t in CHART.items()}, name: "x"}, ""))
    assert "holds a file outside of itself" in refused(tmp_path / "c.tgz")


def test_a_link_out_of_a_chart_is_left_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(CRD.format(name="secret"))
    path = written(CHART, tmp_path / "pool")
    (path / "crds" / "link.yaml").symlink_to(secret)
    (path / "crds" / "inside.yaml").symlink_to(path / "crds" / "nested" / "three.yml")
    names = [crd.name for crd in read_chart(path).crds]
    assert "secret" not in names
    assert names.count("three") == 2


def test_a_link_in_a_package_is_left_alone(tmp_path: Path) -> None:
    out = io.BytesIO(gzip.decompress(packed(CHART)))
    with tarfile.open(fileobj=out, mode="a") as archive:
        link = tarfile.TarInfo("pool/crds/passwd.yaml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (tmp_path / "c.tgz").write_bytes(gzip.compress(out.getvalue()))
    assert len(read_chart(tmp_path / "c.tgz").crds) == 4


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    zeros = bytes(6 * 1024 * 1024)
    (tmp_path / "big.tgz").write_bytes(packed({**CHART, "crds/big.yaml": zeros}))
    assert "is larger than 5 MiB" in refused(tmp_path / "big.tgz")
    # A header that promises 200 MiB; what follows is never read.
    promise = tarfile.TarInfo("pool/templates/x")
    promise.size = 200 * 1024 * 1024
    (tmp_path / "promise.tgz").write_bytes(gzip.compress(promise.tobuf() + bytes(1024)))
    assert "is larger than 100 MiB" in refused(tmp_path / "promise.tgz")


def test_charts_in_charts_without_end_are_refused(tmp_path: Path) -> None:
    inner = packed({"Chart.yaml": "name: deep\nversion: 1.0.0\n"}, "deep")
    for _ in range(15):
        inner = packed({"Chart.yaml": "name: deep\nversion: 1.0.0\n", "charts/deep.tgz": inner}, "deep")
    (tmp_path / "deep.tgz").write_bytes(inner)
    assert "nested deeper than 10" in refused(tmp_path / "deep.tgz")


def test_a_package_as_the_real_helm_marks_it_is_read(real_helm: Path, tmp_path: Path) -> None:
    """Helm writes its own name into gzip's extra field and comment, which tarfile's own reader stumbles over."""
    chart = tmp_path / "web"
    (chart / "crds").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.2.3\nkubeVersion: '>=1.21.0-0'\n")
    (chart / "values.yaml").write_text("replicas: 2\n")
    subprocess.run([real_helm, "package", chart, "-d", tmp_path], check=True, capture_output=True)
    package = tmp_path / "web-1.2.3.tgz"
    assert package.read_bytes()[3] & 0b10100, "it has an extra field and a comment"
    read = read_chart(package)
    assert (read.name, read.version, read.kube_version, read.defaults) == (
        "web",
        "1.2.3",
        ">=1.21.0-0",
        {"replicas": 2},
    )
