"""Things that must agree in version: a tool and its chart, a chart and the image that runs, two components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..images import Image
from ..model import Evidence, Object, Subject
from ..versions import Version
from .given import Given, Looking, Sighting
from .roles import playing, template_spec


@dataclass(frozen=True, slots=True)
class Params:
    """Two sides, `left` and `right`, each one of `tool:NAME` (told by --tool), `from`, `to`, `release` (its chart),
    `image:ROLE` or `image:ROLE/CONTAINER` (the tag that runs). `by` says how closely they must agree.
    `only_tool` limits it to commands of one tool. `also` are further right sides. `with_flag` and
    `without_flag` limit it to commands that have a flag, or have it not."""

    left: str
    right: str
    by: Literal["patch", "minor"] = "patch"
    only_tool: str = ""
    also: tuple[str, ...] = ()
    with_flag: str = ""
    without_flag: str = ""


FACTS: Mapping[str, str] = {
    "left": "the first version",
    "right": "the second version",
    "left_name": "what has the first version",
    "right_name": "what has the second version",
}


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    version: Version
    evidence: Evidence
    objects: tuple[Object, ...] = ()


def reads(params: Params) -> frozenset[str]:
    sides = (params.left, params.right, *params.also)
    return frozenset(s.removeprefix("image:").partition("/")[0] for s in sides if s.startswith("image:"))


def run(params: Params, given: Given) -> Looking:
    command = given.upgrade.command
    if params.only_tool and (command is None or command.tool != params.only_tool):
        return
    flags = {flag.name for flag in command.flags} if command is not None else set()
    if params.without_flag in flags or (params.with_flag and params.with_flag not in flags):
        return
    rights = [side for right in (params.right, *params.also) for side in _side(right, given)]
    for left in _side(params.left, given):
        for right in rights:
            if not _agree(left.version, right.version, params.by):
                yield _sighting(left, right)


def _agree(left: Version, right: Version, by: str) -> bool:
    return left.line == right.line if by == "minor" else left == right


def _sighting(left: _Side, right: _Side) -> Sighting:
    facts = {
        "left": str(left.version),
        "right": str(right.version),
        "left_name": left.name,
        "right_name": right.name,
    }
    case = "older" if left.version < right.version else "newer"
    subject = Subject("versions", f"{left.name} and {right.name}")
    return Sighting(subject, facts, (left.evidence, right.evidence), left.objects + right.objects, "computed", case)


def _side(source: str, given: Given) -> Iterator[_Side]:
    kind, _, rest = source.partition(":")
    upgrade = given.upgrade
    if kind == "tool" and rest in upgrade.tools:
        yield _Side(f"the {rest} CLI", upgrade.tools[rest], Evidence(f"--tool {rest}={upgrade.tools[rest]}"))
    elif kind == "from":
        for version in upgrade.start:
            yield _Side(given.component.title, version, Evidence(f"{given.component.title} {version} runs"))
    elif kind == "to" and upgrade.to is not None:
        yield _Side("the target", upgrade.to, Evidence(f"target {upgrade.to}"))
    elif kind == "release" and upgrade.release is not None:
        yield from _parsed("the installed chart", upgrade.release.version, upgrade.release.origin)
    elif kind == "image":
        yield from _images(rest, given)


def _images(where: str, given: Given) -> Iterator[_Side]:
    role, _, container = where.partition("/")
    for workload in playing(given.cluster, given.component, role, given.upgrade.namespace):
        for index, found in enumerate(_containers(workload)):
            if container in ("", found.get("name")):
                origin = workload.at("spec", "template", "spec", "containers", index, "image")
                tag = Image.parse(str(found.get("image", ""))).tag
                yield from _parsed(f"the image of {workload.name}", tag, origin, (workload,))
                break


def _containers(workload: Object) -> list[Any]:
    found = template_spec(workload).get("containers")
    return found if isinstance(found, list) else []


def _parsed(name: str, text: str, origin: Any, objects: tuple[Object, ...] = ()) -> Iterator[_Side]:
    """A version that cannot be read (a digest, `latest`) says nothing."""
    version = Version.read(text)
    if version is not None:
        yield _Side(name, version, Evidence(f"{name}: {text}", origin), objects)
