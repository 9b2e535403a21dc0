"""What is to be read of a cluster, worked out from rules before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, order=True)
class LogWant:
    """Logs of the Pods whose names begin with one of `pods`; an empty `container` means each of theirs."""

    pods: tuple[str, ...]
    container: str = ""


@dataclass(frozen=True, slots=True)
class Wants:
    """`kinds` have their group (`DaemonSet.apps`). Of those in `slim` metadata alone is enough.

    `events` are field selectors, "" for every event. `words` are kinds as a person types them (`ds`, `os`), which only
    the API server can tell. `records`: Helm's release records; `history` names the releases of which every revision
    is needed, "" standing for all.
    """

    kinds: frozenset[str] = frozenset()
    slim: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    logs: frozenset[LogWant] = frozenset()
    words: frozenset[str] = frozenset()
    records: bool = False
    history: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: Wants) -> Wants:
        """Both together: metadata alone is enough only where no one wants more."""
        whole = (self.kinds - self.slim) | (other.kinds - other.slim)
        return replace(
            self,
            kinds=self.kinds | other.kinds,
            slim=(self.slim | other.slim) - whole,
            events=self.events | other.events,
            logs=self.logs | other.logs,
            words=self.words | other.words,
            records=self.records or other.records,
            history=self.history | other.history,
        )


def together(wants: Iterable[Wants]) -> Wants:
    """All of these."""
    found = Wants()
    for one in wants:
        found = found | one
    return found
