"""Repositories for the tests of intent in CI: real git in a temporary folder, and manifests of our own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scanning import PROJECT, Ran, upgradecheck

from upgradecheck.model import Declared, Gap, Problem

TREES = PROJECT / "tests" / "data" / "gitops"


def the_one(found: Sequence[Declared | Gap | Problem]) -> Declared:
    """What manifests ask for where it is one thing, and nothing is wrong with it."""
    assert len(found) == 1, found
    assert isinstance(found[0], Declared)
    return found[0]


def git(folder: Path, *words: str) -> str:
    told = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
    ran = subprocess.run(
        ["git", *told, "-C", str(folder), *words], check=True, capture_output=True, text=True, timeout=60
    )
    return ran.stdout


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """A repository whose branch main holds these files, with branch `change` checked out."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    written(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "before")
    git(folder, "checkout", "-q", "-b", "change")
    return folder


def tree(name: str) -> dict[str, str]:
    """The files of a tree under tests/data/gitops, by their path in it."""
    root = TREES / name
    return {
        p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in sorted(root.rglob("*")) if p.is_file()
    }


def scan(folder: Path, *words: str) -> Ran:
    return upgradecheck("scan", "-o", "json", *words, cwd=folder)


def upgrades(ran: Ran) -> list[tuple[str, list[str], str | None]]:
    return [(each["component"], each["from"], each["to"]) for each in ran.report["upgrades"]]


def notes(ran: Ran, phase: str = "upgrade") -> list[str]:
    return [step["note"] for step in ran.report["plan"] if step["phase"] == phase and step["note"]]


def finding(ran: Ran, rule: str) -> dict[str, Any]:
    found = [each for each in ran.report["findings"] if each["rule"] == rule]
    assert found, f"{rule} is not among {ran.rules}"
    return dict(found[0])


def places(found: Mapping[str, Any]) -> list[str]:
    return [f"{each['origin']['file']}:{each['origin']['line']}" for each in found["evidence"] if each["origin"]]


def release(name: str = "cilium", version: str = "1.14.19", *, namespace: str = "kube-system", extra: str = "") -> str:
    """A HelmRelease; `extra` goes below spec."""
    return f"""apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
  namespace: {namespace}
spec:
  interval: 10m
  chart:
    spec:
      chart: {name}
      version: {version}
      sourceRef:
        kind: HelmRepository
        name: {name}
        namespace: flux-system
{extra}"""
