"""Logs of the Pods and containers that rules name, bounded by lines and bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from ...model import Object, Origin
from ...model.log import Log
from ..logs import in_memory
from .discovery import Resource
from .faults import Absent, Fault, Unfit
from .transport import Transport
from .wants import LogWant

LINES = 5000
BYTES = 4 << 20
"""The newest lines of a container's log, and the most of their bytes."""
PODS = 100
"""As many Pods for one wish, those in trouble first."""


def chosen(pods: Iterable[Object], want: LogWant) -> list[Object]:
    """The Pods that are meant, those that are not ready or were restarted before the others."""
    meant = [pod for pod in pods if pod.name.startswith(want.pods)]
    return sorted(meant, key=lambda pod: (_well(pod), pod.namespace, pod.name))


def read_logs(
    transport: Transport,
    resource: Resource,
    pods: Iterable[Object],
    want: LogWant,
    failed: Callable[[str, Fault], None],
    asked: dict[str, Log | None],
) -> Iterator[Log]:
    """The log of each container that has one. `failed` is told the namespace and the fault of one that did not come.

    `asked` holds by their path those that were asked for before, for another wish, and takes these.
    """
    for pod in pods:
        for container in _containers(pod, want.container):
            path = f"{resource.item(pod.name, pod.namespace)}/log?container={quote(container, safe='')}"
            if path not in asked:
                asked[path] = _read(transport, path, pod, container, failed)
            log = asked[path]
            if log is not None:
                yield log


def _read(
    transport: Transport, path: str, pod: Object, container: str, failed: Callable[[str, Fault], None]
) -> Log | None:
    query = {"container": container, "tailLines": str(LINES), "limitBytes": str(BYTES)}
    try:
        text = transport.get(path.partition("?")[0], query, accept="*/*")
    except (Absent, Unfit):
        return None  # it has not started, or has gone: there is no log
    except Fault as fault:
        failed(pod.namespace, fault)
        return None
    return Log(pod.namespace, pod.name, container, False, Origin(path), in_memory(text))


def _containers(pod: Object, wanted: str) -> list[str]:
    spec = pod.get("spec", default={}) or {}
    every = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    names = [str(one.get("name") or "") for one in every if isinstance(one, dict)]
    return [name for name in names if name and wanted in ("", name)]


def _well(pod: Object) -> bool:
    statuses = pod.get("status", "containerStatuses", default=None) or ()
    return bool(statuses) and all(s.get("ready") and not s.get("restartCount") for s in statuses if isinstance(s, dict))
