"""Packs: folders of rules for one component, built-in ones and those of `--rules DIR`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..builtin import builtin_rules
from ..errors import RuleError, UsageError
from ..model import Component, Rule
from .component import load_component
from .reading import BadRulesError

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COMPONENT = "component.yaml"
_SHIPPED: dict[tuple[Path, ...], tuple[Rule, ...]] = {}


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one component. `folders` hold the rule files: the pack's own, and those that a person adds to
    it under the same name. `rules` is empty until they are loaded."""

    component: Component
    folders: tuple[Path, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def name(self) -> str:
        return self.component.name


def load_components(folders: Iterable[str | Path] = ()) -> list[Pack]:
    """Every pack without its rules. Raises UsageError for a folder without any, RuleError for a bad component."""
    packs = {folder.name: _bare(folder) for folder in _pack_folders(builtin_rules())}
    own: dict[str, Path] = {}
    for given in folders:
        for folder in _own_folders(Path(given)):
            if folder.name in own:
                raise UsageError(f"two packs are called {folder.name}: {own[folder.name]} and {folder}")
            own[folder.name] = folder
            packs[folder.name] = _added(packs[folder.name], folder) if folder.name in packs else _own(folder)
    return list(packs.values())


def load_rules(pack: Pack) -> tuple[Rule, ...]:
    """The rules of a pack in the order of their ids. Raises BadRulesError with every error in them.

    Those of a built-in pack alone are read once in a process: nobody changes them while it runs.
    """
    shipped = pack.folders == (builtin_rules() / pack.name,)
    if shipped and pack.folders in _SHIPPED:
        return _SHIPPED[pack.folders]
    rules, errors = _load(pack)
    if errors:
        raise BadRulesError(errors)
    if shipped:
        _SHIPPED[pack.folders] = rules
    return rules


def rule_ids(pack: Pack) -> tuple[str, ...]:
    """The ids of a pack's rules, from the names of the files alone."""
    return tuple(f"{pack.name}/{path.stem}" for path in _rule_files(pack.folders))


def earlier_ids(pack: Pack) -> dict[str, str]:
    """The ids that the pack's rules had earlier, each with the one that it has now. Builds only the rules that have
    any, since few do."""
    from .rule import load_rule

    rules = [load_rule(path, pack.name)[0] for path in _rule_files(pack.folders) if b"aliases" in path.read_bytes()]
    return {earlier: rule.id for rule in rules if rule is not None for earlier in rule.aliases}


def load_pack(folder: Path) -> tuple[Pack, list[RuleError]]:
    """One pack with those of its rules that are right, and every error in the others."""
    try:
        pack = _bare(folder)
    except RuleError as error:
        return Pack(Component(folder.name, folder.name, folder), (folder,)), [error]
    rules, errors = _load(pack)
    return replace(pack, rules=rules), errors


def load_all(folders: Iterable[str | Path] = ()) -> list[Pack]:
    """Every pack with its rules. Raises as `load_components` and `load_rules` do."""
    return [replace(pack, rules=load_rules(pack)) for pack in load_components(folders)]


def _load(pack: Pack) -> tuple[tuple[Rule, ...], list[RuleError]]:
    from .rule import load_rule

    rules: dict[str, Rule] = {}
    errors: list[RuleError] = []
    for path in _rule_files(pack.folders):
        wrong = _wrong_name(path, pack, rules)
        if wrong:
            errors.append(RuleError(str(path), wrong))
            continue
        rule, found = load_rule(path, pack.name)
        errors.extend(found)
        if rule is not None:
            rules[rule.id] = rule
    return tuple(rules[name] for name in sorted(rules)), errors


def _rule_files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".yaml", ".yml") and path.name != _COMPONENT and path.is_file():
                yield path


def _wrong_name(path: Path, pack: Pack, rules: dict[str, Rule]) -> str:
    if path.suffix != ".yaml":
        return "a rule file ends in .yaml"
    if not _NAME.fullmatch(path.stem):
        return "a rule's name is lower-case words joined by dashes, and says the bad thing"
    if path.stem in pack.component.retired:
        return f"the id {pack.name}/{path.stem} is retired, and never used again"
    if f"{pack.name}/{path.stem}" in rules:
        return f"there already is a rule {pack.name}/{path.stem}"
    return ""


def _bare(folder: Path) -> Pack:
    return Pack(load_component(folder), (folder,))


def _own(folder: Path) -> Pack:
    """A person's own pack; without a component.yaml its rules are about no component, so they always speak."""
    pack = _bare(folder)
    if (folder / _COMPONENT).is_file():
        return pack
    return replace(pack, component=replace(pack.component, always=True))


def _added(pack: Pack, folder: Path) -> Pack:
    """A pack with rules that a person adds to it."""
    if (folder / _COMPONENT).is_file():
        hint = "leave it out to add rules to that pack, or give the folder another name"
        raise RuleError(str(folder / _COMPONENT), f"there is a built-in pack {pack.name}; {hint}")
    return replace(pack, folders=(*pack.folders, folder))


def _own_folders(given: Path) -> list[Path]:
    if not given.is_dir():
        raise UsageError(f"--rules {given}: no such folder")
    found = [given.resolve()] if _is_pack(given) else _pack_folders(given)
    if not found:
        raise UsageError(f"--rules {given}: no rules in it; expected a folder of *.yaml rules, or of such folders")
    return found


def _pack_folders(above: Path) -> list[Path]:
    return [folder for folder in sorted(above.iterdir()) if folder.is_dir() and _is_pack(folder)]


def _is_pack(folder: Path) -> bool:
    return any(path.suffix in (".yaml", ".yml") for path in folder.iterdir())
