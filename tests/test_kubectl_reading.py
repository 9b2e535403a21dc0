"""What kubectl makes of each scalar, key and document in the recorded table, we make of it too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kubectl_cases import cases, text_of

from upgradecheck.yaml import Broken, chunks

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "kubectl-reading.json").read_text())


def ours(text: bytes) -> tuple[list[Any], list[Broken]]:
    found = list(chunks(text, name="case.yaml"))
    broken = [entry for entry in found if isinstance(entry, Broken)]
    return [entry.build() for entry in found if not isinstance(entry, Broken)], broken


def exact(value: Any) -> str:
    """A value with its types. kubectl prints large floats without a fraction; beyond 64 bits they are floats."""
    return json.dumps(_floats(value), sort_keys=True)


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _floats(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_floats(inner) for inner in value]
    wide = isinstance(value, int) and not -(1 << 63) <= value < 1 << 63
    return float(value) if wide else value


def same(group: str, told: dict[str, Any], read: list[Any], broken: list[Broken]) -> bool:
    if group != "documents":
        if "value" not in told:
            return bool(broken)
        return not broken and exact(read[0]["v"]) == exact(told["value"])
    return bool(broken) == bool(told["refused"]) and exact(read) == exact(told["objects"])


@pytest.mark.parametrize(("group", "case"), cases(), ids=lambda text: ascii(text[:40]).strip("'"))
def test_reads_as_kubectl_does(group: str, case: str) -> None:
    told = TABLE[group][case]
    read, broken = ours(text_of(group, case))
    reason = TABLE["differences"].get(f"{group}: {case}")
    if reason is None:
        assert same(group, told, read, broken), f"kubectl: {told}\nours: {read} {broken}"
    else:
        assert not same(group, told, read, broken), "we are like kubectl here; take it off the list of differences"


def test_every_difference_is_named_with_its_reason_and_is_a_case() -> None:
    known = {f"{group}: {case}" for group, case in cases()}
    assert set(TABLE["differences"]) <= known
    assert all(len(reason) > 20 for reason in TABLE["differences"].values())


def test_the_table_is_large_and_says_which_kubectl_it_came_from() -> None:
    assert len(cases()) >= 150
    assert TABLE["kubectl"].startswith("v1.")
    assert {f"{group}: {case}" for group, case in cases()} == {
        f"{group}: {case}" for group in ("scalars", "keys", "documents") for case in TABLE[group]
    }
