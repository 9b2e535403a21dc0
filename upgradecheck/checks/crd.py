"""CRDs that the target needs and the cluster has not, or has with a schema that is behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..cluster import CRD, Coverage
from ..model import Evidence, Object, Subject
from ..tables import chart_table, split_key
from ..versions import Range
from .defaults import table_of, target_defaults
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Need:
    """`crd` is needed by the versions in `by`; `fields` are schema paths that have to be in it, below `under`. With
    `accepts` it is enough, and needed, that the schema of these fields takes this value.

    `if_value` names a values key: the CRD is needed only where that is true after the command, or with `KEY=VALUE`
    where it has this value. Several, divided by blanks, all have to hold.
    """

    crd: str
    by: Range | None = None
    under: str = "spec"
    fields: tuple[str, ...] = ()
    accepts: str = ""
    if_value: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`look` for CRDs that are `missing`, or whose schema is `behind`. `needs` says what each target version cannot
    do without; a rule that names none asks for all that the target chart (--target-chart), or else the pack's
    chart `table`, brings in crds/. `only_group` leaves the CRDs of other groups to their owners."""

    look: Literal["missing", "behind"]
    needs: tuple[Need, ...] = ()
    only_group: str = ""
    table: str = ""


FACTS: Mapping[str, str] = {
    "crds": "the names of the CRDs",
    "kinds": "the plural names of the CRDs",
    "fields": "the schema fields that are not there",
    "refused": "the values that the schema does not take, as field: value",
    "group": "the API group of the first one",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({CRD})


def run(params: Params, given: Given) -> Looking:
    target = given.upgrade.to
    if target is None and given.upgrade.chart is None:
        return
    if not given.cluster.of(CRD) and given.cluster.coverage(CRD) is not Coverage.COMPLETE:
        yield Unseen("CRDs", given.cluster.why(CRD), "kubectl get crd -o yaml")
        return
    needs = [need for need in _needs(params, given) if not _comes_along(need, params, given)]
    if params.look == "missing":
        yield from _missing(needs, given)
    else:
        yield from _behind(needs, given)


def _needs(params: Params, given: Given) -> Iterator[Need]:
    """What the rule itself names; without that, what the target chart brings, or the table says it brings."""
    for need in params.needs:
        asked = need.by is None or (given.upgrade.to is not None and given.upgrade.to in need.by)
        if asked and all(_is_on(condition, given) for condition in need.if_value.split()):
            yield need
    if params.needs:
        return
    for need in _brought(params, given):
        if params.only_group in ("", need.crd.partition(".")[2]):
            yield need


def _comes_along(need: Need, params: Params, given: Given) -> bool:
    """Whether whoever carries out the upgrade brings this CRD too. helm never does; Flux does as its manifest says, and
    Argo CD applies what a chart has in crds/ with the rest."""
    declared = given.upgrade.declared
    policy = declared.crds if declared is not None else "never"
    if policy == "never" or (policy == "create" and params.look == "behind"):
        return False
    chart, table = given.upgrade.chart, table_of(given)
    if chart is not None:
        return any(crd.name == need.crd for crd in chart.crds)
    return table is not None and need.crd in table.crds(str(given.upgrade.to))


def _brought(params: Params, given: Given) -> Iterator[Need]:
    if given.upgrade.chart is not None and given.upgrade.chart.crds:
        for crd in given.upgrade.chart.crds:
            yield Need(crd.name, None, "", tuple(sorted(_fields(crd))))
        return
    table = chart_table(given.component.folder / params.table) if params.table else None
    for name in table.crds(str(given.upgrade.to)) if table else ():
        yield Need(name)


def _is_on(condition: str, given: Given) -> bool:
    """Whether a values key is true, or the value asked for, after the command: as set, or by the target's default."""
    key, _, wanted = condition.partition("=")
    path = split_key(key)
    if given.upgrade.after is not None and given.upgrade.after.has(*path):
        found = given.upgrade.after.get(*path)
    else:
        defaults = target_defaults(given)
        found = defaults(path) if defaults is not None else None
    return str(found) == wanted if wanted else found is True


def _missing(needs: list[Need], given: Given) -> Looking:
    if given.cluster.coverage(CRD) is not Coverage.COMPLETE:
        yield Unseen("CRDs", given.cluster.why(CRD), "kubectl get crd -o yaml")
        return
    names = sorted({need.crd for need in needs if given.cluster.get(CRD, need.crd) is None})
    if names:
        count = len(given.cluster.of(CRD))
        seen = "1 CRD is there" if count == 1 else f"{count} CRDs are there"
        evidence = (Evidence(f"{seen}, not {', '.join(names)}"),)
        yield Sighting(Subject("CustomResourceDefinition", ",".join(names)), _facts(names, []), evidence)


def _behind(needs: list[Need], given: Given) -> Looking:
    lacking: dict[str, list[str]] = {}
    refused: list[str] = []
    evidence, objects = [], []
    for need in needs:
        crd = given.cluster.get(CRD, need.crd)
        lost = _lost(need, crd) if crd is not None else []
        if crd is None or not lost:
            continue
        if need.crd not in lacking:
            objects.append(crd)
            evidence.append(Evidence(need.crd, crd.at("spec", "versions")))
        lacking.setdefault(need.crd, []).extend(lost)
        refused += [f"{path}: {need.accepts}" for path in lost if need.accepts]
    if lacking:
        fields = sorted({path.rpartition(".")[2] for paths in lacking.values() for path in paths})
        names = sorted(lacking)
        subject = Subject("CustomResourceDefinition", ",".join(names))
        yield Sighting(subject, _facts(names, fields, refused), tuple(evidence), tuple(objects))


def _lost(need: Need, crd: Object) -> list[str]:
    """The fields that the schema lacks, or whose schema does not take the value that is needed."""
    have = _fields(crd)
    wanted = [f"{need.under}.{name}" if need.under else name for name in need.fields]
    if not need.accepts:
        return [path for path in wanted if path not in have]
    return [path for path in wanted if path in have and have[path] and need.accepts not in have[path]]


def _facts(names: list[str], fields: list[str], refused: Sequence[str] = ()) -> dict[str, Any]:
    split = [name.partition(".") for name in names]
    return {
        "crds": names,
        "kinds": [plural for plural, _, _ in split],
        "group": split[0][2],
        "fields": fields,
        "refused": list(refused),
    }


def _fields(crd: Object) -> dict[str, tuple[str, ...]]:
    """Every field of every served version's schema, as dotted paths, with the values that it takes where these are
    listed; a list's items share the list's path."""
    found: dict[str, tuple[str, ...]] = {}
    for version in crd.get("spec", "versions") or []:
        if version.get("served", True):
            schema = (version.get("schema") or {}).get("openAPIV3Schema") or {}
            found.update(_walk(schema, ""))
    return found


def _walk(schema: Mapping[str, Any], above: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    inner = schema.get("items") if schema.get("type") == "array" else schema
    properties = inner.get("properties") if isinstance(inner, Mapping) else None
    for name, below in (properties or {}).items():
        path = f"{above}.{name}" if above else name
        if isinstance(below, Mapping):
            yield path, tuple(str(value) for value in below.get("enum") or ())
            yield from _walk(below, path)
        else:
            yield path, ()
