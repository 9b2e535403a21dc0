"""IPPools that SpiderSubnet made for an application, and that the target does not find for want of labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upgradecheck.checks.defaults import ABSENT, target_keys
from upgradecheck.checks.given import Given, Looking, Sighting, Unseen
from upgradecheck.checks.roles import playing
from upgradecheck.cluster import Coverage
from upgradecheck.model import Evidence, Object, Subject
from upgradecheck.tables import split_key

POOL = "SpiderIPPool.spiderpool.spidernet.io"
APPS = (
    "Deployment.apps", "DaemonSet.apps", "StatefulSet.apps", "ReplicaSet.apps", "Job.batch", "CronJob.batch",
)  # fmt: skip
PREFIX = "ipam.spidernet.io/"
OWNER = f"{PREFIX}owner-application"
LOOKED_UP = ("gv", "kind", "namespace", "name", "uid")
SWITCHES = ("ipam.spiderSubnet.enable", "ipam.enableSpiderSubnet", "feature.enableSpiderSubnet")


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters. Nothing is said where subnets are off now and stay so. The case is `gone` where the application
    of the pool is not there any more, and `later` where only the command turns subnets on."""


FACTS: Mapping[str, str] = {
    "name": "the pool",
    "app": "its application, as kind/name",
    "app_namespace": "the namespace of the application",
    "missing": "the labels that it lacks, without their prefix",
    "labels": "every label that it needs, as kubectl takes them",
    "affinity": "the matchLabels of the podAffinity that it needs, those of today set to null",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({POOL, *APPS, "config", "values", "release"})


def run(params: Params, given: Given) -> Looking:
    pools = given.cluster.of(POOL)
    if not pools and given.cluster.coverage(POOL) is not Coverage.COMPLETE:
        yield Unseen(POOL, given.cluster.why(POOL), "kubectl get spiderippools -o yaml")
    off = _off_now(given)
    if off and not _on_then(given):
        return
    apps = {app.get("metadata", "uid"): app for kind in APPS for app in given.cluster.of(kind)}
    whole = all(given.cluster.coverage(kind) is Coverage.COMPLETE for kind in APPS)
    for pool in pools:
        labels = pool.get("metadata", "labels", default={}) or {}
        missing = [name for name in _needed() if f"{PREFIX}{name}" not in labels]
        if missing and _is_auto(pool):
            app = apps.get(_uid(pool))
            case = "gone" if app is None and whole and apps else "later" if off else ""
            yield _sighting(pool, app, missing, case)


def _off_now(given: Given) -> bool:
    """Whether subnets are off. What nobody tells counts as on."""
    now = [
        found[1]
        for config in playing(given.cluster, given.component, "config", given.upgrade.namespace)
        if (found := re.search(r"enableSpiderSubnet: *(true|false)", str(config.get("data", "conf.yml", default=""))))
    ]
    return now == ["false"]


def _on_then(given: Given) -> bool:
    """Whether the command turns subnets on that are off now."""
    values, chart = given.upgrade.after or given.upgrade.before, target_keys(given)
    if values is None or chart is None:
        return False
    key = next((split_key(key) for key in SWITCHES if chart.default(split_key(key)) is not ABSENT), ())
    return (values.get(*key) if values.has(*key) else chart.default(key)) is not False


def _is_auto(pool: Object) -> bool:
    """A manual pool inside a subnet has the subnet for its owner as well, but nothing of an application."""
    labels = pool.get("metadata", "labels", default={}) or {}
    marks = pool.get("metadata", "annotations", default={}) or {}
    return f"{PREFIX}application" in marks or any(str(label).startswith(OWNER) for label in labels)


def _needed() -> tuple[str, ...]:
    return (*(f"owner-application-{part}" for part in LOOKED_UP), "owner-spider-subnet", "interface", "ip-version")


def _uid(pool: Object) -> Any:
    return pool.get("metadata", "labels", f"{OWNER}-uid")


def _sighting(pool: Object, app: Object | None, missing: list[str], case: str) -> Sighting:
    version, kind, namespace, name = _application(pool, app)
    facts = {
        "name": pool.name,
        "app": f"{kind}/{name}" if app is not None else _written(pool),
        "app_namespace": namespace,
        "missing": missing,
        "labels": _labels(pool, version, kind, namespace, name),
        "affinity": _affinity(pool, version, kind, namespace, name),
    }
    evidence = (Evidence(f"{pool.name} lacks {len(missing)} labels", pool.at("metadata", "labels")),)
    return Sighting(Subject(POOL, pool.name), facts, evidence, (pool,), "observed", case)


def _application(pool: Object, app: Object | None) -> tuple[str, str, str, str]:
    """apiVersion, kind, namespace and name; what nobody tells is left for the person."""
    if app is not None:
        return app.api_version, app.kind, app.namespace, app.name
    told = str(pool.get("metadata", "annotations", f"{PREFIX}application", default="")).split(":")
    if len(told) == 4:
        return told[0], told[1], told[2], told[3]
    version, kind, namespace, name = (_labelled(pool, part) for part in LOOKED_UP[:4])
    return version.replace("_", "/") or "<apiVersion>", kind or "<kind>", namespace or "<namespace>", name or "<name>"


def _labelled(pool: Object, part: str) -> str:
    return str(pool.get("metadata", "labels", f"{OWNER}-{part}", default=""))


def _written(pool: Object) -> str:
    """The application in the words of the pool, as far as they go."""
    parts = [part for part in (_labelled(pool, "kind"), _labelled(pool, "name")) if part]
    return str(
        pool.get("metadata", "annotations", f"{PREFIX}application")
        or pool.get("metadata", "labels", OWNER)
        or "/".join(parts)
        or _uid(pool)
        or "an unknown application"
    )


def _labels(pool: Object, version: str, kind: str, namespace: str, name: str) -> list[str]:
    have = pool.get("metadata", "labels", default={}) or {}
    cidr = str(pool.get("spec", "subnet", default="<subnet>"))
    owners = (o.get("name") for o in pool.get("metadata", "ownerReferences") or [] if o.get("kind") == "SpiderSubnet")
    wanted = {
        "owner-application-gv": version.replace("/", "_"),
        "owner-application-kind": kind,
        "owner-application-namespace": namespace,
        "owner-application-name": name,
        "owner-application-uid": _uid(pool) or "<uid>",
        "owner-spider-subnet": have.get(f"{PREFIX}owner-spider-subnet") or next(owners, "<subnet>"),
        "interface": have.get(f"{PREFIX}interface") or _interface(pool),
        "ip-version": f"IPv{pool.get('spec', 'ipVersion', default=6 if ':' in cidr else 4)}",
        "ippool-cidr": re.sub("[.:/]", "-", cidr),
    }
    return [f"{PREFIX}{label}={value}" for label, value in wanted.items()]


def _interface(pool: Object) -> str:
    """0.4 wrote it into the name, `auto-<app>-v4-<interface>-<uid>`; before that there was only one."""
    found = re.fullmatch(r"auto-.*-v[46]-([a-z0-9.]+)-[0-9a-f]+", pool.name)
    return found[1] if found and f"{PREFIX}application" in (pool.get("metadata", "annotations") or {}) else "eth0"


def _affinity(pool: Object, version: str, kind: str, namespace: str, name: str) -> dict[str, Any]:
    group, slash, rest = version.partition("/")
    today = pool.get("spec", "podAffinity", "matchLabels", default={}) or {}
    wanted = {
        "app-api-group": group if slash else "",
        "app-api-version": rest if slash else version,
        "app-kind": kind,
        "app-namespace": namespace,
        "app-name": name,
    }
    return {**dict.fromkeys(today), **{f"{PREFIX}{key}": value for key, value in wanted.items()}}
