"""A configuration file as plain data, each value with the place that it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import InputError
from ..model import Origin, Suppression
from ..model import Path as KeyPath
from ..suppress.entries import Complain, read_entry, unknown_key
from .files import Locate, find, read
from .keys import KEYS, SUPPRESS, Key
from .values import WRONG, checked, placed, unknown_format


class ConfigError(InputError):
    """Everything that is wrong with a configuration file, a line each."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        super().__init__(errors[0].where, errors[0].text)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and where it was set. A flag is a bool, a choice or text a str, a list of texts a tuple, pairs a dict.
    Paths are as seen from the current folder."""

    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file says. `file` is empty where there is none; `settings` are by the names of the flags,
    without their dashes."""

    file: str = ""
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    suppress: tuple[Suppression, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """What is set, as arguments of `upgradecheck.scan`."""
        told = {KEYS[name].argument: setting.value for name, setting in self.settings.items()}
        given = {name: value for name, value in told.items() if name}
        return {**given, "suppress": self.suppress} if self.suppress else given


def load_config(start: Path | None = None) -> Config:
    """The configuration that counts in a folder, by default the current one: that of the nearest folder upwards which
    has one, up to the root of a repository. Raises InputError with file and line for what is wrong in it."""
    file = find(start or Path.cwd())
    return load_file(file) if file else Config()


def load_file(file: Path) -> Config:
    """The configuration of one file. Raises InputError with file and line for what is wrong in it."""
    folder = file.absolute().parent
    name = placed(Key("", "text", "", path="whole"), file.name, folder) if file.is_absolute() else str(file)
    data, locate = read(file, name)
    complaints = _Complaints(name, locate)
    settings = {}
    for key, value in data.items():
        if key == SUPPRESS:
            continue
        if key not in KEYS:
            complaints.say((key,), unknown_key(str(key), {**KEYS, SUPPRESS: None}))
            continue
        setting = _setting(KEYS[key], value, folder, complaints)
        if setting is not None:
            settings[key] = setting
    suppress = _suppress(data.get(SUPPRESS, []), complaints)
    complaints.judge()
    return Config(name, MappingProxyType(settings), suppress)


class _Complaints:
    """What is wrong in one file, collected."""

    def __init__(self, file: str, locate: Locate) -> None:
        self._file = file
        self._locate = locate
        self._errors: list[InputError] = []

    def origin(self, path: KeyPath) -> Origin:
        lines = (self._locate(path[:end]) for end in range(len(path), -1, -1))
        return Origin(self._file, next((line for line in lines if line), 1))

    def say(self, path: KeyPath, text: str) -> None:
        name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        self._errors.append(InputError(str(self.origin(path)), f"{name}: {text}"))

    def below(self, above: KeyPath) -> Complain:
        return lambda path, text: self.say((*above, *path), text)

    def judge(self) -> None:
        if self._errors:
            raise ConfigError(self._errors)


def _setting(key: Key, value: Any, folder: Path, complaints: _Complaints) -> Setting | None:
    if key.why:
        complaints.say((key.name,), key.why)
        return None
    found = checked(key, value, lambda text: complaints.say((key.name,), text))
    if found is WRONG:
        return None
    for one in found if key.kind == "outputs" else ():
        wrong = unknown_format(one) or _outside(one.partition("=")[2], folder)
        if wrong:
            complaints.say((key.name,), wrong)
    if isinstance(found, str):
        found = placed(key, found, folder)
    elif isinstance(found, tuple):
        found = tuple(placed(key, one, folder) for one in found)
    return Setting(found, complaints.origin((key.name,)))


def _outside(file: str, folder: Path) -> str:
    """A repository that was fetched from somewhere must not choose which of a person's files are written over."""
    if not file or (folder / file).resolve().is_relative_to(folder.resolve()):
        return ""
    return f"{file} lies outside the folder of the configuration; name it with -o or UPGRADECHECK_OUTPUT"


def _suppress(entries: Any, complaints: _Complaints) -> tuple[Suppression, ...]:
    if not isinstance(entries, list):
        complaints.say((SUPPRESS,), "expected a list of entries, each with a rule and a reason")
        return ()
    found = []
    for number, entry in enumerate(entries):
        at: KeyPath = (SUPPRESS, number)
        one = read_entry(entry, complaints.below(at), complaints.origin(at))
        found += [one] if one else []
    return tuple(found)
