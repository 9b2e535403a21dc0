"""What a person set without typing it: environment variables and the configuration file, merged under the flags.

The command line wins over the environment, and that over the configuration. An option is taken whole from one of
them: a list on the command line replaces the list in the file.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from .config import KEYS, Config, Key, Setting, load_config, load_file
from .config.values import WRONG, checked
from .errors import UsageError
from .model import Origin

_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
PREFIX = "UPGRADECHECK_"
FILE, NO_FILE = "UPGRADECHECK_CONFIG", "UPGRADECHECK_NO_CONFIG"
_OTHERS = ("UPGRADECHECK_DEBUG", FILE, NO_FILE)


@dataclass(frozen=True, slots=True)
class Effective:
    """Every option that was set somewhere beneath the command line, by the name of its flag."""

    config: Config
    settings: Mapping[str, Setting]


def effective(config: str = "", no_config: bool = False) -> Effective:
    """The environment over the configuration file. Raises UsageError and InputError for what is wrong in them."""
    loaded = _config(config, no_config)
    return Effective(loaded, {**loaded.settings, **dict(_environment())})


def merged(context: click.Context, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a command as click read them, with what was set elsewhere where nothing was typed, and the
    entries of the configuration as `suppress`."""
    beneath = effective(options.get("config") or "", bool(options.get("no_config")))
    names = {flag: param.name for param in context.command.params for flag in param.opts if param.name}
    filled = dict(options)
    for name, setting in beneath.settings.items():
        option = names.get(f"--{name}")
        if option and context.get_parameter_source(option) is not ParameterSource.COMMANDLINE:
            filled[option] = _as_typed(setting.value)
    return {**filled, "suppress": beneath.config.suppress}


def rule_folders(typed: Sequence[str]) -> Sequence[str]:
    """The packs of a person's own: those that were typed, or else those that are set."""
    setting = None if typed else effective().settings.get("rules")
    return setting.value if setting else typed


def hints() -> Iterator[str]:
    """A line for each variable that looks like one of ours and is not."""
    known = [name.removeprefix(PREFIX) for name in (*(key.variable for key in KEYS.values()), *_OTHERS)]
    for name in sorted(os.environ):
        own = name.removeprefix(PREFIX)
        near = get_close_matches(own, known, 1, 0.75) if own not in (name, *known) else []
        if near:
            yield f"{name} is not read; did you mean {PREFIX}{near[0]}?"


def _config(named: str, without: bool) -> Config:
    if named and without:
        raise UsageError("--config and --no-config together", "give one of them")
    if not (named or without):
        named = os.environ.get(FILE, "")
        without = not named and bool(_flag(NO_FILE, os.environ.get(NO_FILE, "")))
    if named:
        return load_file(Path(named))
    return Config() if without else load_config()


def _environment() -> Iterator[tuple[str, Setting]]:
    for key in KEYS.values():
        text = os.environ.get(key.variable, "")
        if text:
            yield key.name, Setting(_read(key, text), Origin(key.variable))


def _read(key: Key, text: str) -> Any:
    if key.kind == "flag":
        return _flag(key.variable, text)
    if key.kind in ("texts", "outputs", "pairs"):
        words = _words(key, text)
        return dict(_pair(key, word) for word in words) if key.kind == "pairs" else words
    wrong: list[str] = []
    found = checked(key, text, wrong.append)
    if found is WRONG:
        raise UsageError(f"{key.variable}: {wrong[0]}")
    return found


def _words(key: Key, text: str) -> tuple[str, ...]:
    """Cut at blanks as a shell does, so that quotes keep a path with blanks together."""
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"{key.variable}: {error}", "words are cut at blanks, as in a shell") from None


def _pair(key: Key, word: str) -> tuple[str, str]:
    name, _, version = word.partition("=")
    if not name or not version:
        raise UsageError(f"{key.variable} {word}: expected NAME=VERSION")
    return name, version


def _flag(name: str, text: str) -> bool:
    if text.lower() in _YES or text.lower() in (*_NO, ""):
        return text.lower() in _YES
    raise UsageError(f"{name}={text}", "expected true or false")


def _as_typed(value: Any) -> Any:
    return tuple(f"{name}={version}" for name, version in value.items()) if isinstance(value, Mapping) else value
