"""Versions, ranges of them, and Helm's constraints, with the traps that other libraries fall into."""

from __future__ import annotations

import json
import pickle
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from upgradecheck.versions import Range, Version, helm_constraint_holds


@pytest.mark.parametrize(
    ("text", "numbers", "pre", "vendor", "shown"),
    [
        ("1.2.3", (1, 2, 3), (), "", "1.2.3"),
        ("v1.28.3+k3s1", (1, 28, 3), (), "+k3s1", "1.28.3+k3s1"),
        ("v1.27.3-gke.100", (1, 27, 3), (), "-gke.100", "1.27.3-gke.100"),
        ("v1.27.3-eks-a5565ad", (1, 27, 3), (), "-eks-a5565ad", "1.27.3-eks-a5565ad"),
        ("1.12.0-rc.1", (1, 12, 0), ("rc", 1), "", "1.12.0-rc.1"),
        ("1.0.0-rc1", (1, 0, 0), ("rc", 1), "", "1.0.0-rc1"),
        ("1.12.0rc1", (1, 12, 0), ("rc", 1), "", "1.12.0rc1"),
        ("v1.16.0-pre.2", (1, 16, 0), ("pre", 2), "", "1.16.0-pre.2"),
        ("v1.2.3-alpha.1", (1, 2, 3), ("alpha", 1), "", "1.2.3-alpha.1"),
        ("1.10.0-snapshot.4", (1, 10, 0), ("snapshot", 4), "", "1.10.0-snapshot.4"),
        ("v1.28.0-alpha.0.123+abc", (1, 28, 0), ("alpha", 0, 123), "+abc", "1.28.0-alpha.0.123+abc"),
        ("v1.2.3-rc.1-eks-1", (1, 2, 3), ("rc", 1), "-eks-1", "1.2.3-rc.1-eks-1"),
        ("0.9", (0, 9, 0), (), "", "0.9"),
        ("1", (1, 0, 0), (), "", "1"),
        ("20.03-LTS-SP1", (20, 3, 0), (), "-LTS-SP1", "20.03-LTS-SP1"),
        ("1.12.7-cee.1", (1, 12, 7), (), "-cee.1", "1.12.7-cee.1"),
        ("1.2.3-ubi8", (1, 2, 3), (), "-ubi8", "1.2.3-ubi8"),
        ("1.2.3-preflight", (1, 2, 3), (), "-preflight", "1.2.3-preflight"),
        ("1.23.17-20230101", (1, 23, 17), (), "-20230101", "1.23.17-20230101"),
        ("1.19.0-0", (1, 19, 0), (0,), "", "1.19.0-0"),
        ("KubeOS 1.0.1", (1, 0, 1), (), "", "KubeOS 1.0.1"),
        (" v1.2.3\n", (1, 2, 3), (), "", "1.2.3"),
    ],
)
def test_parse(text: str, numbers: tuple[int, ...], pre: tuple[object, ...], vendor: str, shown: str) -> None:
    version = Version.parse(text)
    assert (version.major, version.minor, version.patch) == numbers
    assert (version.pre, version.vendor, str(version)) == (pre, vendor, shown)
    assert version.text == text.strip()
    assert version.line == numbers[:2]


@pytest.mark.parametrize(
    "text", ["", "latest", "v", "1.2.3.4", "1..2", "1.2.3 beta", "-1.2", "1.2.3-", "١.٢.٣", "1.2\x1b[31m", "9" * 4000]
)
def test_what_is_no_version_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(ValueError, match="is no version") as caught:
        Version.parse(text)
    assert len(str(caught.value)) < 200


def test_a_number_is_refused_since_yaml_made_it() -> None:
    with pytest.raises(ValueError, match="quote"):
        Version.parse(1.3)  # type: ignore[arg-type]


def test_order_is_semver_with_pre_releases() -> None:
    rising = [
        "0.9.5", "1.0.0-0", "1.0.0-alpha.1", "1.0.0-alpha.2", "1.0.0-beta", "1.0.0-pre.2", "1.0.0-rc", "1.0.0-rc1",
        "1.0.0-rc.2", "1.0.0-rc10", "1.0.0-snapshot.1", "1.0.0", "1.0.1-gke.1", "1.2", "1.10.0", "1.30", "2",
    ]  # fmt: skip
    versions = [Version.parse(text) for text in rising]
    assert sorted(versions, reverse=True) == versions[::-1]
    assert all(low < high and high > low and low != high for low, high in pairwise(versions))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v1.28.3+k3s1", "1.28.3"),
        ("1.27.3-gke.100", "1.27.3-eks-1"),
        ("1.12", "1.12.0"),
        ("1.0.0-rc1", "v1.0.0-rc.1"),
        ("1.0.0-RC1", "1.0.0-rc1"),
        ("KubeOS 1.0.1", "1.0.1"),
        ("1.23.17-20230101", "1.23.17"),
    ],
)
def test_equal_versions_hash_alike(one: str, other: str) -> None:
    assert Version.parse(one) == Version.parse(other)
    assert len({Version.parse(one), Version.parse(other)}) == 1
    assert not Version.parse(one) < Version.parse(other)


def test_a_version_is_frozen_and_travels() -> None:
    version = Version.parse("v1.2.3-rc1+a")
    with pytest.raises(AttributeError):
        version.major = 2
    assert pickle.loads(pickle.dumps(version)) == version  # noqa: S301
    assert Version.parse("1.2.3") != "1.2.3"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (
            "0.5.0..0.8.7 || 0.9.0-rc0..0.9.4",
            "0.5.0 0.8.7 0.8.0-rc1 0.9.0-rc0 0.9.0 0.9.4 v0.9.4-ubi8",
            "0.4.9 0.5.0-rc1 0.8.8 0.8.9 0.9.0-beta 0.9.5-rc1 0.9.5 1.0.0",
        ),
        ("<0.5.0", "0.4.9 0.5.0-rc1", "0.5.0 0.5.0+k3s1 1.0.0"),
        (">=0.9.5", "0.9.5 1.0.0-rc2 2.0.0", "0.9.5-rc1 0.9.4"),
        (">0.9.5", "0.9.6-rc1 1.0.0", "0.9.5 0.9.5-gke.1"),
        (">=1.0.0 <2.0.0", "1.0.0 1.9.9 2.0.0-rc1", "2.0.0 0.9.9"),
        (">= 1.0.0  < 2.0.0", "1.0.0", "2.0.0"),
        ("1.2.0", "1.2.0 v1.2.0+x", "1.2.1 1.2.0-rc1"),
        ("=1.2.0", "1.2.0", "1.2.1"),
        ("1.12", "1.12.0 1.12.99", "1.11.9 1.12.0-rc1 1.13.0-rc1 1.13.0"),
        ("<=1.12", "1.12.9 0.1", "1.13.0-rc1 1.13.0"),
        (">1.12", "1.13.0-rc1 1.13.0", "1.12.9"),
        ("1.11..1.12", "1.11.0 1.12.7", "1.10.9 1.13.0"),
        ("1", "1.0.0 1.99.0", "2.0.0 0.9.0"),
        ("1.28.0..1.30.2", "v1.28.3+k3s1 v1.29.1-gke.100 v1.30.2-eks-a5565ad", "1.30.3 1.27.9"),
    ],
)
def test_range(text: str, inside: str, outside: str) -> None:
    held = Range.parse(text)
    assert str(held) == text
    assert [v for v in inside.split() if Version.parse(v) not in held] == []
    assert [v for v in outside.split() if Version.parse(v) in held] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds nothing between"),
        ("1.0.0 ||", "holds nothing between"),
        ("..1.0.0", "is no version"),
        ("1.0.0..", "is no version"),
        ("0.9.0..0.5.0", "lower end is above its upper end"),
        (">2.0.0 <1.0.0", "lower end is above its upper end"),
        (">1.0.0 <1.0.0", "lower end is above its upper end"),
        ("older than 0.9.5", "is no version"),
        ("~1.2", "is no version"),
        (">", "is no version range"),
        ("1.0.0, 2.0.0", "is no version"),
        ("1.0.0 | 2.0.0", "is no version range"),
    ],
)
def test_a_bad_range_is_refused_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Range.parse(text)


def test_an_unquoted_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1.30 the number 1.3"):
        Range.parse(1.3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("constraint", "version", "old", "new"),
    [
        (">=1.19", "v1.27.3-gke.100", False, True),
        (">=1.19.0-0", "v1.27.3-gke.100", True, True),
        (">=1.21.0-0", "1.28.5-eks-5e0fdde", True, True),
        (">= 1.16.0", "v1.29.1+k3s1", True, True),
        ("!=1.3", "1.4.0-rc.1", False, True),
        ("!=1.3.4", "1.4.0-rc.1", True, True),
        ("!=1.3.4", "1.3.4", False, False),
        (">11", "11.1.0", False, False),
        (">11", "12.0.0", True, True),
        ("<=2", "2.9.9", True, True),
        ("<=2", "3.0.0", False, False),
        ("1.2", "1.2.9", True, True),
        ("1.2", "1.3.0", False, False),
        ("^1.2.3", "1.9.0", True, True),
        ("^0.2.3", "0.3.0", False, False),
        ("~1.2.3", "1.2.9", True, True),
        ("1.16 - 1.24", "1.24.9", True, True),
        ("1.16.0 - 1.24.0", "1.24.9", False, False),
        ("<1.20 || >=1.27", "1.25.0", False, False),
        ("<1.20 || >=1.27", "1.28.0", True, True),
        ("=>1.2, =<1.3", "1.3.9", True, True),
        (">=1.19.0-0 <1.30", "v1.27.3-gke.100", False, True),
        ("", "1.2.3", True, True),
        ("no constraint", "1.2.3", False, False),
        ("1.2 ||", "1.2.3", False, False),
        (">=1.2", "KubeOS 1.3", False, False),
        (">=1.2,,<2", "1.2.3", False, False),
        (">=1." * 400, "1.2.3", False, False),
    ],
)
def test_helm_constraint(constraint: str, version: str, old: bool, new: bool) -> None:
    assert helm_constraint_holds(constraint, version, normalise=False) is old
    assert helm_constraint_holds(constraint, version, normalise=True) is new


CONSTRAINTS = [
    ">=1.19", ">=1.19.0-0", "1.2", "1.x", "*", "^1.2", "^1.2.3", "^0", "^0.0", "^0.0.3", "^0.2.3", "^0.2", "~1", "~1.2",
    "~1.2.3", "~>1.2", "!=1.3", "!=1", "!=1.x", ">1", "> 11", ">1.27", "<=2", "<=1.27", "<1.30", "=>1.2", "=<1.3",
    "1.27.3", "v1.27", ">1.27.3-alpha", "~1.27.3-0", "^1.27.0-0", "*-0", "~0.0.0", "~0", "<=1.27.3-gke.100", "!=1.27-0",
    "1.2 - 1.30", "1.27.3 - 2", "<1.20 || >=1.27", "<1.20 || >=1.27-0", ">=1.2 <1.27", ">=1.2, <1.27",
]  # fmt: skip
VERSIONS = [
    "1.2.3", "v1.27.3", "v1.27.3-gke.100", "1.28.5-eks-5e0fdde", "1.29.1+k3s1", "1.19.0-rc.1", "0.0.3", "0.2.3",
    "0.0.0", "1.3.4", "1.3.5", "1.3.4-beta", "2.0.0", "12.1.0", "11.1.0", "1.30.0", "1.30.0-rc.1", "1", "0.9",
    "1.27.0-0", "2.0.0-alpha.1", "1.0.0-alpha.10", "1.0.0-alpha.beta",
]  # fmt: skip


def test_helm_itself_agrees(real_helm: Path, tmp_path: Path) -> None:
    """Helm's template function semverCompare is the library that judges kubeVersion."""
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
    (chart / "templates" / "t.yaml").write_text(
        "answers:\n{{ range $c := .Values.c }}{{ range $v := $.Values.v }}"
        "- [{{ quote $c }}, {{ quote $v }}, {{ semverCompare $c $v }}]\n{{ end }}{{ end }}"
    )
    (tmp_path / "values.json").write_text(json.dumps({"c": CONSTRAINTS, "v": VERSIONS}))
    words = [str(real_helm), "template", "c", str(chart), "-f", str(tmp_path / "values.json")]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    answers = [json.loads(line[2:]) for line in said.splitlines() if line.startswith("- ")]
    assert len(answers) == len(CONSTRAINTS) * len(VERSIONS)
    wrong = [(c, v, helm) for c, v, helm in answers if helm_constraint_holds(c, v, normalise=False) is not helm]
    assert wrong == []


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        (">=1.19", "v1.27.3-gke.100"),
        (">=1.28", "v1.27.3-gke.100"),
        (">=1.19.0-0 <1.30", "v1.31.0"),
        ("!=1.27", "v1.27.3+k3s1"),
        (">1.27.3", "v1.27.3-gke.100"),
        ("1.27.3", "v1.27.3-eks-a5565ad"),
    ],
)
def test_helm_itself_refuses_the_same_charts(real_helm: Path, tmp_path: Path, constraint: str, version: str) -> None:
    (tmp_path / "Chart.yaml").write_text(
        f"apiVersion: v2\nname: c\nversion: 0.1.0\nkubeVersion: {json.dumps(constraint)}\n"
    )
    words = [str(real_helm), "template", "c", str(tmp_path), "--kube-version", version]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 0 or "incompatible with Kubernetes" in said.stderr
    assert helm_constraint_holds(constraint, version, normalise=True) is (said.returncode == 0)
