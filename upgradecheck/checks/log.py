"""Lines in Pod logs, and events that say the same, of Pods that still have the trouble."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..cluster import Coverage, Log
from ..model import Evidence, Object, Subject
from ..scheduling import alive, ready
from .given import Given, Looking, Sighting, Unseen
from .roles import playing


@dataclass(frozen=True, slots=True)
class Params:
    """`pods` are the beginnings of the Pods' names, `container` one of their containers (empty: any).

    `lines` are regular expressions that mean trouble, `well` one that means all is well: a log that has
    neither picks the case `silent`. `event_reason` and `event_message` find the same trouble in events.
    `role` limits it to clusters where something plays it. `what` names the logs where they were not
    collected, and `collect` is what gets them, with `{namespace}`.
    """

    pods: tuple[str, ...]
    lines: tuple[str, ...]
    container: str = ""
    well: str = ""
    event_reason: str = ""
    event_message: str = ""
    role: str = ""
    what: str = "Pod logs"
    collect: str = ""


FACTS: Mapping[str, str] = {
    "pod": "the Pod",
    "container": "its container, empty for an event",
    "line": "the line or event message that was found",
    "count": "how many such lines and events there are",
    "namespace": "the Pod's namespace",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"Pod", "Event", "Event.events.k8s.io", "log", *([params.role] if params.role else [])})


def events(params: Params) -> tuple[str, ...]:
    return (f"reason={params.event_reason}",) if params.event_reason else ()


def run(params: Params, given: Given) -> Looking:
    if params.role and not playing(given.cluster, given.component, params.role, given.upgrade.namespace):
        return
    logs = [log for prefix in params.pods for log in given.cluster.logs(None, prefix, params.container)]
    troubles: dict[tuple[str, str], list[tuple[Evidence, str, tuple[Object, ...]]]] = {}
    for event, pod in _events(params, given):
        text = f"event {event.get('reason')}: {_told(event)}"
        trouble = (Evidence(text, event.at("message")), "", (event,))
        troubles.setdefault((event.get("involvedObject", "namespace", default=""), pod), []).append(trouble)
    for log in logs:
        for evidence in _lines(params, log):
            troubles.setdefault((log.namespace, log.pod), []).append((evidence, log.container, ()))
    for (namespace, pod), found in sorted(troubles.items()):
        yield _sighting(namespace, pod, found)
    if not logs and not troubles and not _all_ready(params, given):
        yield Unseen(params.what, "no log in the input", params.collect)
    if params.well and logs and not troubles:
        yield from _silent(params, logs)


def _sighting(namespace: str, pod: str, found: list[tuple[Evidence, str, tuple[Object, ...]]]) -> Sighting:
    evidence = tuple(e for e, _, _ in found)
    containers = [container for _, container, _ in found if container]
    facts = {
        "pod": pod,
        "namespace": namespace,
        "container": containers[0] if containers else "",
        "line": evidence[-1].text,
        "count": len(evidence),
    }
    objects = tuple(o for _, _, objects in found for o in objects)
    return Sighting(Subject("Pod", pod, namespace), facts, evidence[:5], objects)


def _lines(params: Params, log: Log) -> Iterator[Evidence]:
    wanted = [re.compile(line) for line in params.lines]
    for number, text in log.lines():
        if any(w.search(text) for w in wanted):
            yield Evidence(_said(text.strip()), log.origin.at(log.origin.line + number if log.origin.line else number))


def _said(line: str) -> str:
    """What a line of JSON says: its error, or else its message."""
    if not line.startswith("{"):
        return line
    try:
        found = json.loads(line)
    except ValueError:
        return line
    parts = [str(found[key]) for key in ("reason", "error", "message") if isinstance(found.get(key), str)]
    return ": ".join(parts) or line


def _events(params: Params, given: Given) -> Iterator[tuple[Object, str]]:
    """Events of Pods that still are there and not ready: an event stays an hour after its cause is mended."""
    if not params.event_reason:
        return
    for event in (*given.cluster.of("Event"), *given.cluster.of("Event.events.k8s.io")):
        involved = event.get("involvedObject") or event.get("regarding") or {}
        pod = str(involved.get("name") or "")
        if event.get("reason") != params.event_reason or not pod.startswith(params.pods):
            continue
        if params.event_message and not re.search(params.event_message, _told(event)):
            continue
        if _still_troubled(given, pod, str(involved.get("namespace") or "")):
            yield event, pod


def _told(event: Object) -> str:
    """What an event says: `message` of the core group, `note` of events.k8s.io."""
    return str(event.get("message") or event.get("note") or "")


def _still_troubled(given: Given, name: str, namespace: str) -> bool:
    pod = given.cluster.get("Pod", name, namespace)
    if pod is None:
        return given.cluster.coverage("Pod", namespace) is not Coverage.COMPLETE
    statuses = pod.get("status", "containerStatuses") or []
    return not statuses or not all(status.get("ready") for status in statuses)


def _silent(params: Params, logs: list[Log]) -> Iterator[Sighting]:
    well = re.compile(params.well)
    for log in logs:
        if not any(well.search(text) for _, text in log.lines()):
            facts = {"pod": log.pod, "namespace": log.namespace, "container": log.container, "line": "", "count": 0}
            evidence = (Evidence("neither success nor failure in the log", log.origin),)
            yield Sighting(Subject("Pod", log.pod, log.namespace), facts, evidence, case="silent")


def _all_ready(params: Params, given: Given) -> bool:
    """True where the Pods are known and each that has started is ready: the trouble would have ended it."""
    pods = [pod for pod in given.cluster.of("Pod") if pod.name.startswith(params.pods) and alive(pod)]
    return bool(pods) and all(ready(pod) for pod in pods if pod.get("status", "phase") == "Running")
