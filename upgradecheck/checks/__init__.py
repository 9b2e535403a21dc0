"""Checks: named, parametrised ways of looking. A rule's `check: some-name` is the module `some_name` here.

Each module holds `Params` (a frozen dataclass, read from the rule's `params`), `FACTS` (the placeholders that
it offers to the rule's texts), where needed `EACH` (the fields of each entry of a list fact), `reads(params)`
(the kinds or roles that it looks at), and `run(params, given)`.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from ..model import Component, Rule

NOT_CHECKS = frozenset({"defaults", "given", "roles"})


def find(name: str) -> ModuleType:
    """The module of a check. Raises KeyError for an unknown name."""
    module = name.replace("-", "_")
    if name not in names():
        raise KeyError(name)
    return import_module(f"{__name__}.{module}")


def reads_of(rule: Rule, component: Component) -> frozenset[str]:
    """The kinds with their group, and our own facts, that a rule looks at: what a live source has to list."""
    declared = find(rule.check).reads(rule.params)
    return frozenset(component.roles[name].kind if name in component.roles else name for name in declared)


def names() -> tuple[str, ...]:
    """Every check there is, without importing any."""
    import pkgutil

    found = (m.name.replace("_", "-") for m in pkgutil.iter_modules(__path__) if m.name not in NOT_CHECKS)
    return tuple(sorted(found))
