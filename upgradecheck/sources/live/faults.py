"""What can go wrong between here and the API server, in words for the report."""

from __future__ import annotations

TRIES = 4
"""How often something is asked for that may come on another try."""


class Fault(Exception):  # noqa: N818  it says what is the matter
    """A request that brought nothing. `words` go into the report.

    `denied`: the API server refused it (403). `again` is after how many seconds another try may help, 0 for as long
    as we like, None where none will. `last`: no other request will fare better.
    """

    def __init__(self, words: str, *, denied: bool = False, again: float | None = None, last: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.denied = denied
        self.again = again
        self.last = last


class Absent(Fault):
    """404: it is not there, which is a fact."""


class Expired(Fault):
    """410: the continue token is too old, so the list has to be begun again."""


class Unfit(Fault):
    """400: it cannot be asked for as it is, as the log of a container that has not started."""


class Unanswered(Fault):
    """No whole answer: no connection, or one that was lost or stalled."""
