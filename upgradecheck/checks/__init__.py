"""Checks: named, parametrised ways of looking. A rule's `check: some-name` is the module `some_name` here, and
`check: PACK/some-name` the module `checks/some_name.py` of that built-in pack, for what only its component needs.

Each module holds `Params` (a frozen dataclass, read from the rule's `params`), `FACTS` (the placeholders that
it offers to the rule's texts), where needed `EACH` (the fields of each entry of a list fact), `reads(params)`
(the kinds or roles that it looks at), and `run(params, given)`. For a live cluster it may also say less than whole
kinds: `events(params)`, the field selectors of events, and `metadata_only(params)`, the kinds of which it looks at
metadata alone.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from ..builtin import builtin_rules
from ..model import Component, Rule

NOT_CHECKS = frozenset({"collecting", "defaults", "given", "key_rows", "pools", "roles"})


@cache
def find(name: str) -> ModuleType:
    """The module of a check. Raises KeyError for an unknown name."""
    pack, _, own = name.rpartition("/")
    if pack:
        path = _folder(pack) / f"{own.replace('-', '_')}.py"
        if name not in pack_names(pack):
            raise KeyError(name)
        return _loaded(f"upgradecheck.rules.{pack.replace('-', '_')}.{path.stem}", path)
    if name not in names():
        raise KeyError(name)
    return import_module(f"{__name__}.{name.replace('-', '_')}")


def reads_of(rule: Rule, component: Component) -> frozenset[str]:
    """The kinds with their group, and our own facts, that a rule looks at: what a live source has to list."""
    declared = find(rule.check).reads(rule.params)
    return frozenset(component.roles[name].kind if name in component.roles else name for name in declared)


@cache
def names() -> tuple[str, ...]:
    """Every shared check, without importing any."""
    import pkgutil

    found = (m.name.replace("_", "-") for m in pkgutil.iter_modules(__path__) if m.name not in NOT_CHECKS)
    return tuple(sorted(found))


@cache
def pack_names(pack: str) -> tuple[str, ...]:
    """The checks that a built-in pack brings for itself. A person's own pack holds data only, never code."""
    return tuple(f"{pack}/{path.stem.replace('_', '-')}" for path in sorted(_folder(pack).glob("[a-z]*.py")))


def every_name() -> tuple[str, ...]:
    """The shared checks and those of the built-in packs."""
    packs = sorted(folder.name for folder in builtin_rules().iterdir() if folder.is_dir())
    return names() + tuple(name for pack in packs for name in pack_names(pack))


def _folder(pack: str) -> Path:
    return builtin_rules() / Path(pack).name / "checks"


def _loaded(module: str, path: Path) -> ModuleType:
    """A module from its file: the folder of a pack is data with a name that Python could not import."""
    import sys
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(module, path)
    assert spec is not None  # noqa: S101  a path that ends in .py has a loader
    assert spec.loader is not None  # noqa: S101
    loaded = module_from_spec(spec)
    sys.modules[module] = loaded  # dataclasses look their module up
    spec.loader.exec_module(loaded)
    return loaded
