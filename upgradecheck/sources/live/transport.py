"""Asks the API server, with patience where that helps. It sends GET and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .answers import Answer, fault_of, received
from .faults import TRIES, Fault, Unanswered

if TYPE_CHECKING:
    from .configuration import Target

BACKOFF = (0.25, 1.0, 2.0)
"""Seconds between tries where the server does not say."""
LOST = 2
"""After so many requests in a row without an answer nothing more is asked."""
JSON = "application/json"

T = TypeVar("T")

pause = time.sleep


@dataclass(slots=True)
class Transport:
    """The way to one API server. `renew` reads the credentials again. `requests` and `size` count what was asked, and
    the bytes that came; `date` is the server's clock at its first answer, as HTTP writes it."""

    target: Target
    renew: Callable[[], Target]
    timeout: float
    requests: int = 0
    size: int = 0
    date: str = ""
    _lost: int = 0
    _over: Fault | None = None
    _renewed: bool = False

    def get(self, path: str, query: Mapping[str, str] | None = None, accept: str = JSON) -> bytes:
        """The body of the answer. Raises Fault, after as many tries as are worth it."""
        return self._trying(lambda: self._once(path, query or {}, accept).body)

    def json(self, path: str, query: Mapping[str, str] | None = None, accept: str = JSON) -> dict[str, Any]:
        """The object in the answer. Raises Fault, for what is no JSON object too."""
        return self._trying(lambda: _parsed(self._once(path, query or {}, accept)))

    def _trying(self, ask: Callable[[], T]) -> T:
        if self._over is not None:
            raise self._over
        for number in range(TRIES):
            try:
                found = ask()
            except Fault as fault:
                if fault.again is None or number + 1 == TRIES:
                    self._count(fault)
                    raise
                pause(fault.again or BACKOFF[number])
            else:
                self._lost = 0
                return found
        raise AssertionError("the last try returns or raises")

    def _count(self, fault: Fault) -> None:
        """Whether anything else is still worth asking for."""
        self._lost = self._lost + 1 if isinstance(fault, Unanswered) else 0
        if fault.last or self._lost >= LOST:
            self._over = Fault(fault.words, last=True)

    def _once(self, path: str, query: Mapping[str, str], accept: str) -> Answer:
        answer = self._sent(path, query, accept)
        if answer.status == 401 and not self._renewed:
            # A token may have run out on the way: the kubeconfig and its plugins are asked once more.
            self._renewed = True
            self.target = self.renew()
            answer = self._sent(path, query, accept)
        fault = fault_of(answer)
        if fault is not None:
            raise fault
        return answer

    def _sent(self, path: str, query: Mapping[str, str], accept: str) -> Answer:
        self.requests += 1
        answer = received(self.target, path, query, accept, self.timeout)
        self.size += len(answer.body)
        self.date = self.date or answer.headers.get("date", "")
        return answer


def _parsed(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Fault("the answer is not JSON", again=0) from None
    if not isinstance(found, dict):
        raise Fault("the answer is no object of the API")
    return found
