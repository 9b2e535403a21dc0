"""The keys of a rule file, described once: the loader builds by these classes, the JSON Schema is made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from ..model import Outcome, Phase, Severity, Stage
from ..versions import Range


@dataclass(frozen=True, slots=True)
class GateShape:
    """Version gates: the rule is a candidate only inside them."""

    from_: Annotated[Range | None, "The versions that run now, as a range."] = None
    to: Annotated[Range | None, "The target versions, as a range."] = None


@dataclass(frozen=True, slots=True)
class EditShape:
    """How the step changes the person's own command."""

    drop: Annotated[tuple[str, ...], "Flags to leave out, by their long names without dashes."] = ()
    add: Annotated[tuple[str | int, ...], "Words to add."] = ()
    set: Annotated[Mapping[str, str | bool | int], "Values to set."] = field(default_factory=dict)
    swap: Annotated[
        Mapping[str, str], "Words that are no flags, or their places from 0, with what to write instead."
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepShape:
    """One step of a remedy. A mapping or list under any other key is a payload: `{key}` in `run` becomes JSON."""

    EXTRA: ClassVar[str] = "payloads"

    phase: Annotated[Phase, "When it is typed."]
    run: Annotated[str, "The command, with {placeholders}."] = ""
    note: Annotated[str, "A sentence for the person."] = ""
    stage: Annotated[Stage, "The place inside the phase: copies, repairs, cleaning, values, hops."] = "repair"
    each: Annotated[str, "A list fact: the step is repeated for every entry of it."] = ""
    only: Annotated[
        str, "A fact that has to be truthy for the step; `not fact` for the opposite; `one and not other` for several."
    ] = ""
    undo: Annotated[bool, "false: it cannot be undone, and the plan says so."] = True
    tried: Annotated[bool, "false: it was never proven on a real server, and the plan says so."] = True
    edit: Annotated[EditShape | None, "A change of the person's own command instead of a command of its own."] = None
    payloads: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseShape:
    """What the rule says in this case; what is left out is as in the rule itself."""

    message: Annotated[str, "What is wrong, with {placeholders}."] = ""
    many: Annotated[str, "The message for several sightings in one finding; knows {count} and {names}."] = ""
    severity: Annotated[Severity | None, "How bad it is."] = None
    outcome: Annotated[Outcome | None, "What happens to the command as typed."] = None
    says: Annotated[str | None, "The outcome in words."] = None
    remedy: Annotated[tuple[StepShape, ...] | None, "What to do."] = None


@dataclass(frozen=True, slots=True)
class RuleShape:
    """One rule of upgradecheck."""

    title: Annotated[str, "The bad thing in one line."]
    severity: Annotated[
        Severity,
        "error: the upgrade is refused, fails or breaks something; warning: it may, or loses something; info; "
        "advice: a step that every such upgrade needs.",
    ]
    check: Annotated[str, "How it looks: the name of a check."]
    message: Annotated[str, "What is wrong, in a sentence or two, with {placeholders}."]
    why: Annotated[
        str, "For the person at three in the morning: what happens, how it shows, what it costs to be wrong."
    ]
    params: Annotated[Mapping[str, Any], "What the check takes."] = field(default_factory=dict)
    many: Annotated[str, "The message for several sightings in one finding; knows {count} and {names}."] = ""
    cases: Annotated[Mapping[str, CaseShape | None], "What the rule says in the cases that its check picks."] = field(
        default_factory=dict
    )
    remedy: Annotated[tuple[StepShape, ...], "The steps that repair or avoid it, in order."] = ()
    not_when: Annotated[str, "When it is not a problem although the rule speaks, or does not speak."] = ""
    covers: Annotated[tuple[str, ...], "The hazards of the knowledge page that it covers."] = ()
    references: Annotated[tuple[str, ...], "Where it is written: guides, issues, source files."] = ()
    upgrade: Annotated[GateShape | None, "The versions that it concerns."] = None
    outcome: Annotated[Outcome, "What happens to the command as typed."] = "fine"
    says: Annotated[str, "The outcome in words, with {placeholders}."] = ""
    rank: Annotated[int, "Orders findings of one severity and outcome; a lower one is worse."] = 50
    perhaps: Annotated[bool, "The outcome may come, and may not: nothing is said to be worse on its account."] = False
    aliases: Annotated[tuple[str, ...], "Earlier ids of the rule, which suppressions may still name."] = ()
