"""A cluster, read as far as it is asked for: `Live.read` as often as there is more to ask, then `Live.cluster`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from ...coverage import EVENTS
from ...model import Object, Origin
from ...model.log import Log
from ..manifests import stripped
from ..versions_told import versions_in
from . import helm, podlogs
from .access import Access
from .configuration import configured
from .discovery import Catalogue, Resource, discover
from .faults import Fault
from .listing import Listing, list_all
from .refusals import INTERRUPTED, Extent
from .transport import Transport
from .wants import LogWant, Wants
from .watch import Silent, Watch

_BARE = frozenset({"Pod", "Event", "ReplicaSet.apps"})
"""There are most of these, and who last wrote which of their fields is a third of their size: no rule asks for it."""
_STORES = ("Secret", "ConfigMap")
"""Where Helm keeps its records: by default in the first."""


class Live:
    """One live cluster. Everything that is read stays here, for the scan and for whoever saves it.

    `objects` by kind, `events` by field selector; `records` Helm's, with what builds each whole; `logs` by wish;
    `extent` what may be taken for absent, and every refusal.
    """

    def __init__(self, access: Access, watch: Watch | None = None) -> None:
        """Raises UsageError and InputError where the configuration does not lead to a server; sends nothing."""
        self.access = access
        self.watch: Watch = watch or Silent()
        target = configured(access)
        self.context, self.address = target.context, target.server
        self.transport = Transport(target, partial(configured, access), access.timeout)
        self.catalogue = Catalogue()
        self.server = ""
        self.objects: dict[str, list[Object]] = {}
        self.records: dict[tuple[str, str, str], tuple[Object, Any]] = {}
        self.logs: dict[LogWant, list[Log]] = {}
        self.extent = Extent()
        self.interrupted = False
        self._slim: set[str] = set()
        self._containers: dict[str, Log | None] = {}
        self.events: dict[str, list[Object]] = {}
        self._histories: set[str] = set()
        self.recorded = self.keeps_secrets = False  # kept by whoever makes tokens of them
        self.watch.connected(self.context, self.address)

    def open(self) -> None:
        """Ask who is there and what is served. Raises Fault where that leads nowhere."""
        try:
            told = versions_in(self.transport.json("/version"))
            self.server = told.server if told else ""
        except Fault as fault:
            if not fault.denied:
                raise
            self.extent.add("server", f"get /version: {fault.words}", "kubectl version -o json")
        self.catalogue = discover(self.transport, self.server)

    @property
    def now(self) -> datetime | None:
        """The API server's clock when the scan began."""
        try:
            return parsedate_to_datetime(self.transport.date)
        except ValueError:
            return None

    def read(self, wants: Wants) -> None:
        """Read what is wanted and has not been read. Ctrl-C ends it: then the rest is told as not read."""
        for about, step in self._steps(wants):
            try:
                if not self.interrupted:
                    step()
                    continue
            except KeyboardInterrupt:
                self.interrupted = True
            self.extent.add(about, f"{INTERRUPTED} before it was read", "scan again")

    def _steps(self, wants: Wants) -> Iterator[tuple[str, Callable[[], None]]]:
        """Each with the kind that it is about. Logs come last, since they are those of Pods."""
        if wants.records and (not self.recorded or not wants.history <= self._histories):
            yield "release", partial(self._releases, wants.history)
        for kind in self._kinds(wants):
            yield kind, partial(self._kind, kind, kind in wants.slim)
        for selector in sorted(wants.events - self.events.keys()):
            yield "Event", partial(self._events_of, selector)
        for want in sorted(wants.logs - self.logs.keys()):
            yield "log", partial(self._logs, want)

    def _kinds(self, wants: Wants) -> list[str]:
        typed = {found.kind for word in wants.words for found in self.catalogue.named(word)}
        read = self.objects.keys() - (self._slim - wants.slim)
        return sorted((wants.kinds | typed) - EVENTS - read)

    def _kind(self, kind: str, slim: bool) -> None:
        self.objects[kind] = []
        resource = self.catalogue.find(kind)
        if resource is None:
            self._unserved(kind)
            return
        (self._slim.add if slim else self._slim.discard)(kind)
        for namespace in self._namespaces(resource):
            query = {"labelSelector": self.access.selector} if self.access.selector and resource.namespaced else {}
            listing = self._listed(kind, resource, namespace, query, slim)
            self.objects[kind] += [self._object(item, resource) for item in listing.items]
            if listing.fault is not None:
                self.extent.refused(kind, "list", resource, namespace, listing.fault, len(listing.items))
            elif query:
                self.extent.reasons[kind] = f"only those with -l {self.access.selector} were read"
            else:
                self.extent.complete(kind, namespace)

    def _unserved(self, kind: str) -> None:
        """A kind that is not served is not there: a fact, unless the server behind its group does not answer."""
        group = kind.partition(".")[2]
        if group in self.catalogue.stale:
            self.extent.add(kind, f"list {kind}: the server behind {group} does not answer", f"kubectl get {kind} -A")
        else:
            self.extent.complete(kind)

    def _listed(
        self, kind: str, resource: Resource, namespace: str, query: dict[str, str], slim: bool = False
    ) -> Listing:
        told = partial(self.watch.listed, kind, done=False)
        found = list_all(self.transport, resource.path(namespace), query, slim=slim, told=told)
        self.interrupted = self.interrupted or found.interrupted
        if found.again:
            self.watch.noted(f"{kind}: the list ran out while it was read, and was begun anew")
        if found.fault is not None:
            self.watch.noted(f"{kind}: {found.fault.words} after {len(found.items)}")
        else:
            self.watch.listed(kind, len(found.items), done=True)
        return found

    def _namespaces(self, resource: Resource) -> tuple[str, ...]:
        return (self.access.namespaces if resource.namespaced else ()) or ("",)

    def _object(self, item: dict[str, Any], resource: Resource) -> Object:
        item["apiVersion"], item["kind"] = resource.api_version, resource.kind.partition(".")[0]
        metadata = item.get("metadata")
        if resource.kind in _BARE and isinstance(metadata, dict):
            metadata.pop("managedFields", None)
        found = Object.of(item)
        found.origin = Origin(resource.item(found.name, found.namespace))
        return stripped(found) if found.kind in _STORES and not self.keeps_secrets else found

    def _events_of(self, selector: str) -> None:
        self.events[selector] = []
        resource = self.catalogue.find("Event")
        if resource is None:
            return
        for namespace in self._namespaces(resource):
            query = {"fieldSelector": selector} if selector else {}
            listing = self._listed(f"Event {selector}".strip(), resource, namespace, query)
            self.events[selector] += [self._object(item, resource) for item in listing.items]
            if listing.fault is not None:
                self.extent.refused("Event", "list", resource, namespace, listing.fault, len(listing.items))

    def _releases(self, history: Iterable[str]) -> None:
        self.recorded = True
        self._histories |= set(history)
        for kind in _STORES:
            resource = self.catalogue.find(kind)
            for namespace in self._namespaces(resource) if resource else ():
                assert resource is not None  # noqa: S101
                about = f"Helm records in {resource.plural}"
                listing = self._listed(about, resource, namespace, helm.SELECTOR, slim=True)
                failed = partial(self._refused, "release", "get", resource)
                found = helm.records(self.transport, resource, listing.items, self._histories, failed)
                self.records.update({record.key: (record, whole) for record, whole in found})
                if listing.fault is not None:
                    self.extent.refused("release", "list", resource, namespace, listing.fault, len(listing.items))

    def _refused(self, kind: str, verb: str, resource: Resource, namespace: str, fault: Fault) -> None:
        self.extent.refused(kind, verb, resource, namespace, fault)

    def _logs(self, want: LogWant) -> None:
        self.logs[want] = []
        resource = self.catalogue.find("Pod")
        if resource is None:
            return
        pods = podlogs.chosen(self.objects.get("Pod", ()), want)
        failed = partial(self._refused, "log", "get log", resource)
        for log in podlogs.read_logs(self.transport, resource, pods[: podlogs.PODS], want, failed, self._containers):
            self.logs[want].append(log)
        self.watch.listed("log", len(self.logs[want]), done=True)
        if len(pods) > podlogs.PODS:
            self.extent.add("log", f"logs of {podlogs.PODS} of {len(pods)} Pods {'*, '.join(want.pods)}* were read")
