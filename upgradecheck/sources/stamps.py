"""The newest timestamp of a dump, from the text of the objects that change all the time, without building them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

KINDS = frozenset({"Event", "Node", "Lease", "Pod"})

_STAMP = re.compile(
    rb"(?:lastTimestamp|firstTimestamp|eventTime|lastObservedTime|lastHeartbeatTime|lastTransitionTime|renewTime"
    rb"|creationTimestamp|startTime|startedAt)\"?[ \t]*:[ \t]*[\"']?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
)


def newest_stamp(text: bytes) -> bytes:
    """The newest of the timestamps in one object, to the second, in UTC as the API server writes it; empty for none."""
    return max(_STAMP.findall(text), default=b"")


def as_time(stamp: bytes) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp.decode("ascii")).replace(tzinfo=UTC)
    except ValueError:
        return None
