"""Lists a kind page by page, from beginning to end or as far as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .faults import Expired, Fault
from .transport import JSON, Transport

PAGE = 500
"""Objects of a page: more of them cost memory, fewer time (measured)."""
SLIM = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
EMPTY_PAGES = 100
"""A server that sends so many pages without an object in a row will not come to an end."""


@dataclass(slots=True)
class Listing:
    """What came of a list. `fault` says why it is not whole, `again` how often it was begun anew; `interrupted` by
    Ctrl-C."""

    items: list[dict[str, Any]] = field(default_factory=list)
    fault: Fault | None = None
    again: int = 0
    interrupted: bool = False


def list_all(
    transport: Transport,
    path: str,
    query: Mapping[str, str],
    *,
    slim: bool = False,
    told: Callable[[int], None] = lambda count: None,
) -> Listing:
    """Every object at a path. Raises neither Fault nor KeyboardInterrupt: what was read before it stays."""
    found = Listing()
    try:
        _pages(transport, path, query, SLIM if slim else JSON, found, told)
    except Fault as fault:
        found.fault = fault
    except KeyboardInterrupt:
        found.fault, found.interrupted = Fault("interrupted"), True
    return found


def _pages(
    transport: Transport,
    path: str,
    query: Mapping[str, str],
    accept: str,
    found: Listing,
    told: Callable[[int], None],
) -> None:
    asked = {**query, "limit": str(PAGE)}
    empty = 0
    while True:
        try:
            page = transport.json(path, asked, accept)
        except Expired:
            if found.again == 2:
                raise
            # Begun anew in pages once, then asked for whole, as kubectl's own library does: that cannot run out.
            found.again += 1
            found.items.clear()
            asked = {**query, "limit": str(PAGE)} if found.again == 1 else dict(query)
            continue
        items, token = _content(page)
        found.items += items
        told(len(found.items))
        empty = 0 if items else empty + 1
        if not token:
            return
        if token == asked.get("continue") or empty >= EMPTY_PAGES:
            raise Fault("the list does not come to an end")
        asked = {**asked, "continue": token}


def _content(page: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """The objects of a page as they are, often without version and kind, and the token of the next page."""
    kind, items = page.get("kind"), page.get("items")
    if not isinstance(kind, str) or not kind.endswith("List") or not isinstance(items, list | None):
        raise Fault("the answer is no list")
    metadata = page.get("metadata")
    token = metadata.get("continue") if isinstance(metadata, Mapping) else ""
    return [item for item in items or () if isinstance(item, dict)], token if isinstance(token, str) else ""
