"""The options of the plugin, on the command line and in `[tool.pytest.ini_options]`. The command line wins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import pytest

HANDED = "upgradecheck"
FAIL_ON = ("error", "warning", "info", "never")


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("upgradecheck", "upgradecheck: what a Kubernetes upgrade will break")

    def several(name: str, metavar: str, says: str, nargs: str | None = None) -> None:
        group.addoption(_flag(name), dest=_key(name), action="extend", nargs=nargs or 1, metavar=metavar, help=says)
        parser.addini(_key(name), f"as {_flag(name)}", type="args")

    def one(name: str, says: str, **more: Any) -> None:
        group.addoption(_flag(name), dest=_key(name), help=says, **more)
        parser.addini(_key(name), f"as {_flag(name)}", type="string")

    several("", "PATH", "judge this dump: files, folders, archives of kubectl output", "+")
    several("to", "COMPONENT=VERSION", "the version to go to; a VERSION alone where one component is there")
    several("values", "FILE", "values that will be given, as helm -f")
    one("command", "the command about to be typed", metavar="COMMAND")
    several("select", "RULES", "only these rules: ids, beginnings, globs")
    one("fail-on", "findings of this severity fail, and worse (default: error)", choices=FAIL_ON)
    several("pack", "DIR", "test this pack of rules by its fixtures")


def _flag(name: str) -> str:
    return f"--upgradecheck-{name}" if name else "--upgradecheck"


def _key(name: str) -> str:
    return f"upgradecheck_{name.replace('-', '_')}" if name else "upgradecheck"


def listed(config: pytest.Config, name: str) -> list[str]:
    """The words of an option that may be given several times."""
    return list(config.getoption(_key(name)) or config.getini(_key(name)) or [])


def text(config: pytest.Config, name: Literal["command", "fail-on"]) -> str:
    return str(config.getoption(_key(name)) or config.getini(_key(name)) or "").strip()


def inputs(config: pytest.Config) -> list[str]:
    """The paths to judge, none where the plugin was not asked. As with `testpaths`, those of the configuration file
    count only where nobody names tests on the command line."""
    return _asked(config, "")


def packs(config: pytest.Config) -> list[str]:
    """The folders of rules to test; those of the configuration file count as `inputs` says."""
    return _asked(config, "pack")


def _asked(config: pytest.Config, name: Literal["", "pack"]) -> list[str]:
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        # Only the controller knows what was typed: a worker of pytest-xdist is handed what to do.
        return list(worker.get(HANDED, {}).get(_key(name), []))
    typed = config.getoption(_key(name)) or config.args_source is not pytest.Config.ArgsSource.ARGS
    return paths(config, name) if typed else []


def handed(config: pytest.Config) -> dict[str, list[str]]:
    """What the controller of pytest-xdist tells its workers."""
    return {_key(""): inputs(config), _key("pack"): packs(config)}


def paths(config: pytest.Config, name: Literal["", "pack", "values"]) -> list[str]:
    """The paths of an option, wherever it was given. One in the configuration file is relative to that file."""
    given = config.getoption(_key(name))
    if given:
        return [path(str(config.invocation_params.dir), word) for word in given]
    above = config.inipath.parent if config.inipath else config.rootpath
    return [path(str(above), word) for word in config.getini(_key(name)) or []]


def path(above: str, word: str) -> str:
    """A path as it is best read in a report: relative to the current folder where it lies below it."""
    whole = os.path.normpath(Path(above) / word)
    here = str(Path.cwd())
    return os.path.relpath(whole, here) if whole == here or whole.startswith(here.rstrip(os.sep) + os.sep) else whole
