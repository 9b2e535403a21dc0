"""The scan that the options of pytest ask for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol

import pytest

from ..api import scan
from ..cli_config import effective
from ..cli_scan import time_of
from ..config import KEYS
from ..model import Report, Rule
from ..packs import load_components, load_rules
from .options import FAIL_ON, listed, paths, text
from .telling import Strictness, tell
from .told import Telling

_REPORT = pytest.StashKey[Report]()
_UPGRADE = ("command", "to", "target_version", "values")


class Scan(Protocol):
    """What the fixture `upgradecheck_scan` hands out."""

    def __call__(self, *inputs: Any, **arguments: Any) -> Report: ...


def report_of(config: pytest.Config) -> Report:
    """The report of this run, read once in a process."""
    if _REPORT not in config.stash:
        config.stash[_REPORT] = scan(*paths(config, ""), **arguments(config))
    return config.stash[_REPORT]


def telling_of(config: pytest.Config, width: int) -> Telling:
    """The report of this run as test items."""
    report = report_of(config)
    given = arguments(config)
    strict = Strictness(given.get("fail_on", "error"), bool(given.get("allow_gaps")))
    return tell(report, _rules(report, given.get("rules", ())), strict, width)


def scanner(config: pytest.Config) -> Scan:
    """A scan that takes from the options what it is not told. The upgrade is one thing: whoever gives a part of it
    gives all of it."""

    def scan_as_asked(*given: Any, **named: Any) -> Report:
        kept = arguments(config)
        if any(name in named for name in _UPGRADE):
            kept = {name: value for name, value in kept.items() if name not in _UPGRADE}
        return scan(*(given or paths(config, "")), **{**kept, **named})

    return scan_as_asked


def arguments(config: pytest.Config) -> dict[str, Any]:
    """The arguments of `upgradecheck.scan`: the options of pytest over the environment and the configuration that a
    scan on the command line would take. Raises UsageError, and that of pytest for an option that cannot be."""
    beneath = effective()
    set_ = {name: setting.value for name, setting in beneath.settings.items()}
    given = {KEYS[name].argument: value for name, value in set_.items() if KEYS[name].argument}
    if set_.get("exit-zero"):
        given |= {"fail_on": "never", "allow_gaps": True}
    given |= {"suppress": beneath.config.suppress, **_typed(config)}
    given["now"] = time_of(set_["now"]) if set_.get("now") else datetime.now(UTC)
    return given


def _typed(config: pytest.Config) -> dict[str, Any]:
    """What the options of pytest say."""
    to, target = _versions(listed(config, "to"))
    select = [word.strip() for words in listed(config, "select") for word in words.split(",") if word.strip()]
    fail_on = text(config, "fail-on")
    if fail_on and fail_on not in FAIL_ON:
        raise pytest.UsageError(f"upgradecheck_fail_on: {fail_on!r} is none of {', '.join(FAIL_ON)}")
    every = {
        "values": paths(config, "values"),
        "command": text(config, "command"),
        "select": select,
        "fail_on": fail_on,
    }
    named = {name: value for name, value in every.items() if value}
    return {**named, "to": to, "target_version": target} if to or target else named


def _versions(words: list[str]) -> tuple[dict[str, str], str]:
    """`COMPONENT=VERSION` by component, and a version without one."""
    to, target = {}, ""
    for word in words:
        name, equals, version = word.partition("=")
        if equals and not (name and version):
            raise pytest.UsageError(f"--upgradecheck-to {word}: expected COMPONENT=VERSION or VERSION")
        if equals:
            to[name] = version
        else:
            target = word
    return to, target


def _rules(report: Report, folders: Any) -> dict[str, Rule]:
    """The rules that the report is about, by id."""
    named = {*report.examined.judged, *(rule for gap in report.gaps for rule in gap.silences)}
    asked = {rule.partition("/")[0] for rule in named}
    return {rule.id: rule for pack in load_components(folders) if pack.name in asked for rule in load_rules(pack)}
