"""Stop or go, what happens as typed, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import OUTCOMES, SEVERITIES, Finding, Gap, Outcome, Problem, Verdict
from .outcome import Repaired, harm

INTERRUPTED = 130
"""The exit code of a scan that a person ended, whatever it had found by then."""


def verdict(
    findings: Sequence[Finding],
    gaps: Sequence[Gap],
    problems: Sequence[Problem],
    repaired: Iterable[Repaired],
    *,
    typed: bool,
    examined: bool,
) -> Verdict:
    """What a tired person can act on. `typed` is true where a command was given.

    A refusal comes first in "as typed", since then nothing else of the command happens.
    """
    because = [f.rule for f in findings if f.severity == "error"] + [g.what for g in gaps if g.blocks]
    because += [str(problem) for problem in problems]
    because += [] if examined or problems else ["nothing was examined: no known component in the input"]
    shown = [f for f in findings if not f.behind]
    outcome, says = _as_typed(shown)
    if outcome == "fine" and (problems or any(g.blocks for g in gaps)):
        return Verdict(not because, "unknown", "", "", tuple(dict.fromkeys(because)))
    behind = next((_behind(r, findings) for r in repaired if r.worse), "") if outcome == "refused" else ""
    return Verdict(not because, outcome, says if typed else "", behind, tuple(dict.fromkeys(because)))


def _as_typed(findings: Sequence[Finding]) -> tuple[Outcome, str]:
    refused = [f for f in findings if f.outcome == "refused"]
    worst: list[Finding] = refused or sorted(findings, key=lambda f: (-OUTCOMES.index(f.outcome), harm(f)))
    if not worst or worst[0].outcome == "fine":
        return "fine", ""
    return worst[0].outcome, worst[0].says


def _behind(repaired: Repaired, findings: Sequence[Finding]) -> str:
    worse = repaired.worse
    if worse is None:
        return ""
    flags = " ".join(name if "." in name else f"--{name}" for name in repaired.dropped)
    number = next((f.number for f in findings if f.rule == worse.rule), 0)
    return f"Only dropping {flags} is WORSE: {worse.says.rstrip('.')}" + (f" ({number})." if number else ".")


def exit_code(
    findings: Iterable[Finding],
    gaps: Iterable[Gap],
    problems: Iterable[Problem],
    *,
    examined: bool,
    fail_on: str = "error",
    exit_zero: bool = False,
    allow_gaps: bool = False,
) -> int:
    """The exit code of design: 2 unreadable, 3 nothing examined, 1 findings, 4 a gap silences an error rule."""
    if any(True for _ in problems):
        return 2
    if not examined:
        return 3
    counted = SEVERITIES[: SEVERITIES.index("advice")]
    limit = SEVERITIES.index(fail_on) if fail_on in counted else -1  # "never"
    if not exit_zero and any(SEVERITIES.index(f.severity) <= limit for f in findings if f.severity != "advice"):
        return 1
    if not allow_gaps and not exit_zero and any(gap.blocks for gap in gaps):
        return 4
    return 0
