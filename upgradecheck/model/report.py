"""What comes out: findings, the plan, the gaps, and the verdict over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .objects import NOWHERE, Object, Origin
from .rule import Outcome, Phase, Severity, Stage

Sureness = Literal["observed", "computed", "possible"]
"""observed: it is so now; computed: follows exactly from what was read; possible: from versions alone."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen: a few words, and where."""

    text: str
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about, as words that stay the same from run to run."""

    kind: str
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Typed:
    """One command of a remedy or of the plan, ready to type, or a note alone.

    `run` may be several lines (a here-document); `answers` the numbers of the findings it answers;
    `fill` true where a `<placeholder>` is left for the person.
    """

    phase: Phase
    run: str
    note: str = ""
    stage: Stage = "repair"
    undo: bool = True
    tried: bool = True
    fill: bool = False
    answers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule on one subject. `reason` and `by` say why and how it was suppressed, where it was."""

    rule: str
    title: str
    severity: Severity
    component: str
    sure: Sureness
    subject: Subject
    message: str
    outcome: Outcome = "fine"
    says: str = ""
    behind: bool = False
    objects: tuple[Object, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    remedy: tuple[Typed, ...] = ()
    why: str = ""
    references: tuple[str, ...] = ()
    reason: str = ""
    by: Literal["", "annotation", "config", "baseline"] = ""
    rank: int = 50
    perhaps: bool = False
    number: int = 0
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be judged. `collect` is the command that closes it; `silences` the rules
    that could not speak; `blocks` true where one of them is an error rule that applies to this upgrade."""

    what: str
    why: str
    collect: str = ""
    silences: tuple[str, ...] = ()
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be read, or a rule that crashed. Any problem makes exit code 2."""

    origin: Origin
    text: str
    expected: str = ""

    def __str__(self) -> str:
        return f"{self.origin}: {self.text}" + (f"; expected {self.expected}" if self.expected else "")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the run itself that wants tidying up, such as a suppression that has expired. It counts for
    no exit code. `kind` is one word or two joined by a dash that programs may ask for."""

    kind: str
    text: str
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class UpgradeSummary:
    """One upgrade as the report names it. Versions as written, empty where unknown. `manifest` names what asks for
    it, with its place, where no command does; a finding has the same."""

    component: str
    start: tuple[str, ...]
    to: str
    command: str = ""
    route: tuple[str, ...] = ()
    nodes: int = 0
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a route, with what bites on it. It is not part of what was typed and counts for no exit code."""

    component: str
    start: str
    to: str
    run: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Go or stop, what happens as typed, and what waits behind the obvious repair."""

    go: bool
    as_typed: Outcome | Literal["unknown"]
    says: str = ""
    behind: str = ""
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at. `kinds` counts objects by kind; `skipped` files of a folder that are no data;
    `judged` and `passed` rule ids; `left_out` rules that were not chosen, with the reason."""

    inputs: tuple[str, ...] = ()
    source: str = ""
    newest: str = ""
    age: float | None = None
    kinds: Mapping[str, int] = field(default_factory=dict)
    releases: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    judged: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one scan has to say. Lists are in their final, stable order. `fail_on` is the mildest severity
    that the exit code counts, `never` where it counts none."""

    verdict: Verdict
    upgrades: tuple[UpgradeSummary, ...] = ()
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    plan: tuple[Typed, ...] = ()
    hops: tuple[Hop, ...] = ()
    gaps: tuple[Gap, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()
    examined: Examined = field(default_factory=Examined)
    exit_code: int = 0
    fail_on: str = "error"
