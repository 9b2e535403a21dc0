"""What the person is about to do: the command, and the upgrade that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..versions import Version
from .declared import Declared
from .objects import NOWHERE, Object, Origin
from .release import Release, Values


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag as typed. `name` is the long name without dashes; `value` None for a bare boolean flag."""

    name: str
    value: str | None
    typed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, parsed by its tool's own flag tables.

    `verb` is the sub-command with its words joined by a space (`upgrade`, `mesh upgrade`, `set image`);
    `unknown` the flags as typed that the tool does not have, `near` for each of them a flag that it has.
    """

    tool: str
    verb: str
    words: tuple[str, ...]
    positionals: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    unknown: tuple[str, ...] = ()
    near: Mapping[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """True where a boolean flag is on; the last one given counts, `--flag=false` is off."""
        given = self.all(name)
        return bool(given) and given[-1] not in ("false", "0", "f", "F", "False", "FALSE")

    def last(self, name: str) -> str | None:
        """The value of a flag, the last one given, or None."""
        given = self.all(name)
        return given[-1] if given else None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a flag in order; a bare boolean flag counts as "true"."""
        return tuple("true" if f.value is None else f.value for f in self.flags if f.name == name)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as files: what the target brings. `crds` are the objects of its crds/ folder."""

    name: str
    version: str
    app_version: str = ""
    kube_version: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    crds: tuple[Object, ...] = ()
    schema: Mapping[str, Any] | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One intended change of one component.

    `start` holds the versions that run now, several where nodes differ, none where unknown. `before` are the
    user's values of the release now, None where not collected; `given` those on the command; `after` those
    that the release will store. `base` says whose defaults lie under them: "new", or "old" as
    `--reuse-values` has it. `applied` are the objects that the command applies, patches given whole. `aside` says
    why the component's rules have nothing to say: an installation, or another release of its chart. `declared` is the
    manifest that asks for it, where nobody types a command; `command` is then helm's own for the same, for rules and
    edits alone, and never shown.
    """

    component: str
    start: tuple[Version, ...] = ()
    to: Version | None = None
    command: Command | None = None
    release: Release | None = None
    namespace: str = ""
    before: Values | None = None
    given: Values = field(default_factory=Values)
    after: Values | None = None
    base: str = "new"
    chart: Chart | None = None
    applied: tuple[Object, ...] = ()
    route: tuple[Version, ...] = ()
    tools: Mapping[str, Version] = field(default_factory=dict)
    aside: str = ""
    declared: Declared | None = None

    @property
    def is_plain(self) -> bool:
        """True where no values can belong to it: plain manifests, without a release or a command that makes one."""
        by_hand = self.command is None or self.command.tool == "kubectl"
        return by_hand and self.release is None and self.before is None and not self.given.tree
