"""Every known hazard has a rule, or a reason why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from upgradecheck.packs import load_all
from upgradecheck.packs.coverage import covering, hazards, target, text

PACKS = {pack.name: pack for pack in load_all()}
COVERED = covering(PACKS.values())
KNOWN = {name: hazards(pack.component.folder) for name, pack in PACKS.items()}
EVERY = {hazard.id: hazard for known in KNOWN.values() for hazard in known}


def test_the_page_is_current(accepted: Callable[[Path, str], None]) -> None:
    accepted(target(), text())


def test_the_four_components_have_their_hazards() -> None:
    assert {name: len(known) for name, known in KNOWN.items() if known} == {
        "cilium": 42,
        "kubeos": 40,
        "osm-edge": 38,
        "spiderpool": 43,
    }


@pytest.mark.parametrize("hazard", EVERY)
def test_a_hazard_has_a_rule_or_a_reason(hazard: str) -> None:
    reasons = {key: reason for pack in PACKS.values() for key, reason in pack.component.not_covered.items()}
    assert (hazard in COVERED) is not (hazard in reasons)
    if EVERY[hazard].origin == "guide":
        assert hazard in COVERED, f"{hazard} is in a guide"
    assert len(reasons.get(hazard, "a reason that a person can act upon")) > 30


def test_rules_cover_only_what_is_known() -> None:
    assert set(COVERED) <= set(EVERY)
