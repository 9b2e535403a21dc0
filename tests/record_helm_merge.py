"""Records what the real Helm stores and shows to templates after an upgrade, into tests/data/helm-merge.json.

    KUBECONFIG=FILE HELM=/path/to/helm python tests/record_helm_merge.py

Needs a throw-away cluster; each case installs one release in the namespace `default`, upgrades it and removes
it. The recorded table is what tests/test_helm_merge.py compares with, so no test needs the cluster.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "data" / "helm-merge.json"

OLD = {"tag": "old", "gone": 1, "agent": {"on": True, "cpu": "1", "old": "x"}, "list": ["a", "b"], "flat": "s"}
NEW = {"tag": "new", "agent": {"on": True, "cpu": "2", "new": "y"}, "list": ["c"], "flat": "t", "fresh": {"k": 1}}
KEPT = {"agent": {"cpu": "9", "mine": 1}, "list": ["m", "n"], "own": {"deep": {"er": True}}, "flat": "u"}


@dataclass
class Case:
    """Defaults and values of the release that is there, then the upgrade. `files` are written beside the chart."""

    name: str
    flags: Sequence[str] = ()
    files: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] | None = field(default_factory=lambda: KEPT)
    old: dict[str, Any] = field(default_factory=lambda: OLD)
    new: dict[str, Any] = field(default_factory=lambda: NEW)


RULES: dict[str, tuple[str, ...]] = {
    "plain": (),
    "reuse": ("--reuse-values",),
    "reset-then-reuse": ("--reset-then-reuse-values",),
    "reset": ("--reset-values",),
}
GIVEN: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "nothing": ((), {}),
    "one set": (("--set", "agent.on=false"), {}),
    "set over stored": (("--set", "agent.cpu=5,own.deep.two=2"), {}),
    "null over stored": (("--set", "agent.mine=null"), {}),
    "null over default": (("--set", "agent.on=null,tag=null"), {}),
    "null over nobody": (("--set", "nobody=null,agent.nobody=null"), {}),
    "null over a map": (("--set", "own=null,agent=null"), {}),
    "scalar over a map": (("--set", "own=1,agent=2"), {}),
    "map over a scalar": (("--set", "flat.k=1,tag.k=2"), {}),
    "index into a list": (("--set", "list[0]=x"), {}),
    "a file": (("-f", "v.yaml"), {"v.yaml": {"agent": {"cpu": "7", "on": None}, "list": [], "own": {}}}),
    "an empty file": (("-f", "v.yaml"), {"v.yaml": {}}),
    "files and sets": (
        ("-f", "v.yaml,w.yaml", "--set-string", "tag=1", "--set", "tag=2,agent.cpu=3"),
        {"v.yaml": {"agent": {"x": 1, "cpu": 1}}, "w.yaml": {"agent": {"x": None, "z": [1]}}},
    ),
}


def cases() -> list[Case]:
    """Every rule with everything that can be given, then the odd ones."""
    table = [
        Case(f"{rule}, {given}", (*flags, *more), files)
        for rule, flags in RULES.items()
        for given, (more, files) in GIVEN.items()
    ]
    table += [
        Case("reset wins over reuse", ("--reuse-values", "--reset-values", "--set", "tag=1")),
        Case("reset wins over reset-then-reuse", ("--reset-then-reuse-values", "--reset-values")),
        Case("reuse wins over reset-then-reuse", ("--reset-then-reuse-values", "--reuse-values", "--set", "tag=1")),
        Case("all three", ("--reset-then-reuse-values", "--reuse-values", "--reset-values", "--set", "tag=1")),
        Case("reuse switched off", ("--reuse-values=false", "--set", "tag=1")),
        Case("reset switched off", ("--reset-values=false", "--reuse-values")),
        Case("reuse with install", ("--install", "--reuse-values", "--set", "tag=1")),
        Case("reuse, nothing stored", ("--reuse-values", "--set", "tag=1"), values={}),
        Case("plain, nothing stored", values={}),
        Case("nulls stored, plain", values={"agent": {"on": None}, "nobody": None, "list": None}),
        Case("nulls stored, reuse", ("--reuse-values",), values={"agent": {"on": None}, "nobody": None}),
        Case(
            "nulls stored, reset-then-reuse",
            ("--reset-then-reuse-values", "--set", "agent.cpu=1"),
            values={"agent": {"on": None}, "nobody": None},
        ),
        Case(
            "null over a stored null",
            ("--reset-then-reuse-values", "--set", "nobody=null,agent.on=null"),
            values={"agent": {"on": None}, "nobody": None},
        ),
        Case("defaults become a map", ("--reuse-values",), old={"a": "s"}, new={"a": {"k": 1}}, values={"b": 1}),
        Case("stored map, new scalar default", old={"a": {"k": 1}}, new={"a": "s"}, values={"a": {"k": 2}}),
        Case("stored scalar, new map default", old={"a": "s"}, new={"a": {"k": 1}}, values={"a": "t"}),
        Case("set literal over stored", ("--reuse-values", "--set-literal", "flat=a,b={c}")),
        Case("set json over stored", ("--reset-then-reuse-values", "--set-json", '{"own":{"deep":{"er":null}}}')),
        Case("empty map over stored", ("--reuse-values", "--set-json", 'own={},agent={"mine":{}}')),
    ]
    return table


def main() -> int:
    helm = os.environ.get("HELM", "helm")
    version = run([helm, "version", "--template", "{{.Version}}"])[1]
    recorded = []
    for number, case in enumerate(cases()):
        recorded.append({**asdict(case), **record(helm, case, f"case-{number}")})
        print(f"{number:3} {case.name}", file=sys.stderr)
    TABLE.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(entry, sort_keys=True) for entry in recorded)
    TABLE.write_text(f'{{"helm": "{version}", "cases": [\n{lines}\n]}}\n')
    return 0


def record(helm: str, case: Case, release: str) -> dict[str, Any]:
    """What is stored and seen before and after: `before`, `after` (None where refused), `seen`."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, values in case.files.items():
            (place / name).write_text(json.dumps(values))
        (place / "stored.yaml").write_text(json.dumps(case.values))
        old, new = chart(place / "old", case.old), chart(place / "new", case.new)
        done, out = run([helm, "install", release, old, "-f", "stored.yaml"], place)
        if done:
            raise SystemExit(f"{case.name}: {out}")
        before = stored(helm, release)
        done, _ = run([helm, "upgrade", release, new, *case.flags], place)
        after = None if done else stored(helm, release)
        seen = None if done else shown(helm, release)
        run([helm, "uninstall", release])
        return {"before": before, "after": after, "seen": seen}


def chart(place: Path, defaults: dict[str, Any]) -> str:
    """A chart whose only object holds all values that its template sees."""
    (place / "templates").mkdir(parents=True)
    (place / "Chart.yaml").write_text("apiVersion: v2\nname: tiny\nversion: 1.0.0\n")
    (place / "values.yaml").write_text(json.dumps(defaults))
    (place / "templates" / "seen.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n"
        "data: {seen: {{ .Values | toJson | quote }}}\n"
    )
    return str(place)


def stored(helm: str, release: str) -> Any:
    return json.loads(run([helm, "get", "values", release, "-o", "json"])[1]) or {}


def shown(helm: str, release: str) -> Any:
    import yaml

    manifest = yaml.safe_load(run([helm, "get", "manifest", release])[1])
    return json.loads(manifest["data"]["seen"])


def run(command: list[str], place: Path | None = None) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, cwd=place, check=False)
    return done.returncode, (done.stdout or done.stderr).strip()


if __name__ == "__main__":
    sys.exit(main())
