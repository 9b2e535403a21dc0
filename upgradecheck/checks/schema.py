"""Custom resources that are about to be applied, against the schema of their CRD in the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import CRD, Coverage
from ..model import Evidence, Object, Path, Subject
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Params:
    """`group` limits it to the API groups of the component. Cases: `refused` where the API server or kubectl
    refuses the object, `no-crd` where the cluster has no such kind."""

    group: str


FACTS: Mapping[str, str] = {
    "kind": "the kind of the object",
    "name": "its name",
    "namespace": "its namespace",
    "errors": "what does not fit, field by field",
    "file": "the file that it was read from",
    "crd": "the name of the CRD",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({CRD})


def run(params: Params, given: Given) -> Looking:
    for applied in given.upgrade.applied:
        if applied.group_kind.partition(".")[2] != params.group:
            continue
        crd = _crd_of(applied, given)
        if crd is not None:
            yield from _judge(applied, crd)
        elif given.cluster.coverage(CRD) is Coverage.COMPLETE:
            yield _sighting(applied, "", [((), f"no CRD for {applied.kind} in {params.group}")], "no-crd")
        else:
            yield Unseen("CRDs", given.cluster.why(CRD), "kubectl get crd -o yaml")


def _crd_of(applied: Object, given: Given) -> Object | None:
    kind, _, group = applied.group_kind.partition(".")
    for crd in given.cluster.of(CRD):
        if crd.get("spec", "group") == group and crd.get("spec", "names", "kind") == kind:
            return crd
    return None


def _judge(applied: Object, crd: Object) -> Looking:
    wanted = applied.api_version.partition("/")[2]
    versions = {v.get("name"): v for v in crd.get("spec", "versions") or [] if v.get("served", True)}
    if wanted not in versions:
        served = ", ".join(sorted(str(name) for name in versions))
        yield _sighting(applied, crd.name, [((), f"version {wanted} is not served, only {served}")], "no-crd")
        return
    schema = (versions[wanted].get("schema") or {}).get("openAPIV3Schema")
    if isinstance(schema, Mapping):
        errors = [*_broken(applied.data, schema), *_unknown(applied.data, schema, ())]
        if errors:
            yield _sighting(applied, crd.name, errors, "refused")


def _broken(data: Any, schema: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    from jsonschema import Draft4Validator

    for error in sorted(Draft4Validator(_plain(schema)).iter_errors(data), key=lambda e: str(list(e.absolute_path))):
        path: Path = tuple(error.absolute_path)
        if error.validator == "required":
            # One error for each missing field, all of which carry the whole list.
            name = next(n for n in error.validator_value if error.message.startswith(repr(n)))
            yield (*path, name), "Required value"
        elif error.validator == "enum":
            yield path, f"Unsupported value, supported are {', '.join(map(str, error.validator_value))}"
        elif error.validator == "type":
            yield path, f"must be {error.validator_value}"
        else:
            yield path, f"does not fit {error.validator} {error.validator_value}"


def _plain(schema: Any) -> Any:
    """A structural schema as JSON Schema: nullable and int-or-string are Kubernetes's own; patterns are RE2's."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {
        k: _plain(v) for k, v in schema.items() if not k.startswith("x-") and k not in ("format", "default", "pattern")
    }
    if "properties" in kept:
        kept["properties"] = {name: _plain(below) for name, below in schema["properties"].items()}
    if schema.get("x-kubernetes-int-or-string"):
        kept.pop("type", None)
    if schema.get("nullable") and isinstance(kept.get("type"), str):
        kept["type"] = [kept["type"], "null"]
        if "enum" in kept:
            kept["enum"] = [*kept["enum"], None]
    return kept


def _unknown(data: Any, schema: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Fields that the schema does not have: kubectl refuses them, an older one lets them be pruned."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _unknown(item, schema.get("items") or {}, (*path, index))
    if not isinstance(data, Mapping) or schema.get("x-kubernetes-preserve-unknown-fields"):
        return
    properties = schema.get("properties")
    if properties is None:
        return
    top = ("apiVersion", "kind", "metadata") if not path else ()
    for name, value in data.items():
        if name in top:
            continue
        if name not in properties:
            yield (*path, name), "unknown field"
        else:
            yield from _unknown(value, properties[name], (*path, name))


def _sighting(applied: Object, crd: str, errors: list[tuple[Path, str]], case: str) -> Sighting:
    words = [f"{'.'.join(map(str, path))}: {text}" if path else text for path, text in errors]
    facts = {
        "kind": applied.kind,
        "name": applied.name,
        "namespace": applied.namespace or "default",
        "errors": words,
        "file": applied.origin.file,
        "crd": crd,
    }
    evidence = tuple(Evidence(word, applied.at(*path)) for (path, _), word in zip(errors, words, strict=True))
    subject = Subject(applied.group_kind, applied.name, applied.namespace)
    return Sighting(subject, facts, evidence, (applied,), "computed", case)
