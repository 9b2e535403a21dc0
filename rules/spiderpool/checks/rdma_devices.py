"""RDMA devices whose keys the target no longer reads, while the list that it reads is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upgradecheck.checks.collecting import untold_values
from upgradecheck.checks.defaults import start_keys
from upgradecheck.checks.given import Given, Looking, Sighting
from upgradecheck.model import Evidence, Subject, Values
from upgradecheck.tables import ABSENT, split_key

PLUGIN = split_key("rdma.rdmaSharedDevicePlugin")
DEVICES = (*PLUGIN, "deviceConfig")
FACTS: Mapping[str, str] = {
    "prefix": "resourcePrefix as the version that runs has it",
    "resource": "resourceName",
    "most": "rdmaHcaMax",
    "vendor": "vendors",
    "device": "deviceIDs",
    "interfaces": "ifNames, empty where there are none",
}
KEYS = {
    "prefix": "resourcePrefix",
    "resource": "resourceName",
    "most": "rdmaHcaMax",
    "vendor": "vendors",
    "device": "deviceIDs",
    "interfaces": "ifNames",
}


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters: the keys are those of the chart."""


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", "release"})


def run(params: Params, given: Given) -> Looking:
    before, after = given.upgrade.before, given.upgrade.after
    if after is None:
        yield from untold_values(given.upgrade)
        return
    if after.get(*PLUGIN, "install") is not True or after.get(*DEVICES, "configList"):
        return
    facts = {name: _now(before or after, key, given) for name, key in KEYS.items()}
    evidence = Evidence("install is true, configList is not set", after.origin((*PLUGIN, "install")))
    yield Sighting(Subject("values", "rdma.rdmaSharedDevicePlugin"), facts, (evidence,), (), "computed")


def _now(values: Values, key: str, given: Given) -> Any:
    """What holds now: as it is set, or the default of the chart that runs."""
    found = values.get(*DEVICES, key)
    if found is None:
        known = start_keys(given)
        default = known.default((*DEVICES, key)) if known is not None else ABSENT
        found = "" if default is ABSENT or default is None else default
    return found if isinstance(found, (int, list)) and key in ("rdmaHcaMax", "ifNames") else str(found)
