"""A person's own pack of rules, tested by its fixtures: `bad/` is reported, and by its own rule alone, and every
`good/<case>/` is silent."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..cli import main
from ..errors import RuleError, UsageError
from ..model import Rule
from ..packs import load_components, load_rules


def cases(given: str) -> list[tuple[str, str, Path]]:
    """Rule id, `bad` or `good/<case>`, and folder of each case of the packs in a folder. A rule has both at least, so
    a folder that is missing is a case too. Raises UsageError for a folder without rules, RuleError for bad ones."""
    found = []
    for rule, folder in _rules(Path(given)):
        if rule.severity == "advice":
            continue
        fixtures = _fixtures(folder, rule)
        good = sorted(path for path in (fixtures / "good").glob("*") if path.is_dir())
        found.append((rule.id, "bad", fixtures / "bad"))
        found += [(rule.id, f"good/{path.name}", path) for path in good or [fixtures / "good" / "CASE"]]
    if not found:
        raise UsageError(f"--upgradecheck-pack {given}: no rule that could find anything")
    return found


def _rules(given: Path) -> Iterator[tuple[Rule, Path]]:
    """The rules of this folder, each with its pack's folder; not those that they are added to."""
    above = given.resolve()
    for pack in load_components([above]):
        own = [folder for folder in pack.folders if above in (folder.resolve(), folder.resolve().parent)]
        for rule in load_rules(pack) if own else ():
            folder = Path(rule.origin.file).parent
            if folder in own:
                yield rule, folder


def _fixtures(pack: Path, rule: Rule) -> Path:
    """Beside the rules, or in the layout of this project."""
    name = rule.id.partition("/")[2]
    apart = pack.resolve().parent.parent / "fixtures" / "rules" / pack.resolve().name
    return apart / name if apart.is_dir() else pack / "fixtures" / name


def wrong(given: str, rule: str, kind: str, folder: Path) -> str:
    """What is wrong with a case, as lines, the first of them short; empty where it is as it should be."""
    if not folder.is_dir():
        return f"{kind} is missing\n  {folder}/ holds the input, arguments.txt and command.txt"
    report, printed = _scan(given, rule.partition("/")[0], folder)
    if report is None:
        return f"it could not be scanned\n  {printed.strip()}"
    if report["problems"]:
        return "\n".join(["an input could not be read", *(f"  {_problem(each)}" for each in report["problems"])])
    own = [f for f in report["findings"] if f["rule"] == rule]
    gaps = [gap for gap in report["gaps"] if rule in gap["silences"]]
    if kind == "bad":
        others = [f for f in report["findings"] if f["rule"] != rule and f["rule"].startswith(rule.partition("/")[0])]
        return _bad(rule, own, others, gaps)
    if own:
        return "\n".join(["it is reported, but is good", *_messages(own)])
    return "\n".join(["the rule could not look", *_whys(gaps)]) if gaps else ""


def _bad(rule: str, own: list[Any], others: list[Any], gaps: list[Any]) -> str:
    if not own:
        return "\n".join([f"{rule} does not report it", *_whys(gaps)])
    if others:
        return "\n".join(["other rules report it as well", *_messages(others)])
    return ""


def _messages(findings: list[Any]) -> list[str]:
    return [f"  {f['rule']}: {f['message']}" for f in findings]


def _whys(gaps: list[Any]) -> list[str]:
    return [f"  {gap['what']}: {gap['why']}" for gap in gaps]


def _problem(problem: Any) -> str:
    return f"{problem['origin']['file']}: {problem['text']}"


def _scan(given: str, pack: str, folder: Path) -> tuple[dict[str, Any] | None, str]:
    """The report of `upgradecheck scan` inside the folder, and what it printed for a person."""
    arguments, command = (_words(folder / name) for name in ("arguments.txt", "command.txt"))
    data = "dump" if (folder / "dump").is_dir() else "."
    rules = str(Path(given).resolve())
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as kept:
        out = Path(kept) / "report.json"
        words = ["scan", data, "--no-config", "--rules", rules, "--select", f"{pack}/", "-o", f"json={out}", *arguments]
        with _apart(folder), contextlib.redirect_stderr(printed), contextlib.suppress(SystemExit):
            main([*words, *(["--", *command] if command else [])])
        return (json.loads(out.read_text(encoding="utf-8")) if out.is_file() else None), printed.getvalue()


@contextlib.contextmanager
def _apart(folder: Path) -> Iterator[None]:
    """Inside a folder, and without what the person set for scans of their own."""
    held = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("UPGRADECHECK_")}
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        os.environ.update(held)


def _words(path: Path) -> list[str]:
    try:
        return shlex.split(path.read_text(encoding="utf-8"), comments=True) if path.is_file() else []
    except ValueError as error:
        raise RuleError(str(path), str(error)) from None
