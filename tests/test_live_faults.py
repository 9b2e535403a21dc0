"""The fault table of docs/live.md: each fault injected into a server on loopback, what the report says, exit code."""

from __future__ import annotations

import os
import re
import shlex
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from apiserver import ApiServer, Handler, dumped, raw, reset, stall, status, trickle, well
from scanning import FIXTURES, PROJECT, Ran, upgradecheck

from upgradecheck.sources.live import listing, transport

CASE = FIXTURES / "clusters" / "cilium-preflight-good"
COMMAND = shlex.split((CASE / "command.txt").read_text(encoding="utf-8"))
PODS, NODES = "/api/v1/pods", "/api/v1/nodes"
FIRST = ("/version", "/api", "/apis")
AGAIN = b'{"kind":"PodList","items":[],"metadata":{"continue":"x"}}'
PAGE = b"<!DOCTYPE html><html><body>Sign in to continue</body></html>"
AWAY = raw(b"", code=302, Location="https://sso.example/login")

Break = Callable[[ApiServer], None]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits here; how long they would have is noted."""
    waited: list[float] = []
    monkeypatch.setattr(transport, "pause", waited.append)
    return waited


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pauses: list[float]) -> Iterator[ApiServer]:
    """A cluster where nothing is wrong, by the KUBECONFIG of this process."""
    with ApiServer(dumped(CASE / "dump"), page=10) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        yield running


def scan(*options: str, patience: str = "5s") -> Ran:
    return upgradecheck("scan", "--request-timeout", patience, *options, "--", *COMMAND, cwd=CASE)


def always(path: str, fault: Callable[[Handler], None]) -> Break:
    return lambda server: server.always.__setitem__(path, fault)


def once(path: str, *faults: Callable[[Handler], None]) -> Break:
    return lambda server: server.faults[path].extend(faults)


def everywhere(fault: Callable[[Handler], None], *but: str) -> Break:
    def broken(server: ApiServer) -> None:
        class Every(dict):  # type: ignore[type-arg]
            def get(self, path: str, default: object = None) -> object:
                return default if path in but else fault

        server.always = Every()

    return broken


def without(kind: str) -> Break:
    return lambda server: setattr(server, "absent", frozenset({kind}))


@dataclass(frozen=True)
class Row:
    """One row of the table: `says` stands in the report; None where the fault leaves no trace in it."""

    fault: str
    brings: Break
    says: str | None
    code: int


FORBIDDEN = "list pods in every namespace: forbidden (403)"
TABLE = [
    Row("nothing", lambda server: None, None, 0),
    Row("401 from the start", everywhere(status(401)), "the credentials are not accepted (401)", 2),
    Row("401 once, as a token runs out", once(PODS, status(401)), None, 0),
    Row("401 of every list", everywhere(status(401), *FIRST), "the credentials are not accepted (401)", 3),
    Row("403 of a kind", always(PODS, status(403)), FORBIDDEN, 4),
    Row("403 of every list", everywhere(status(403), *FIRST), FORBIDDEN, 3),
    Row("403 of discovery", always("/apis", status(403)), "forbidden (403)", 2),
    Row("403 of /version", always("/version", status(403)), "get /version: forbidden (403)", 4),
    Row("404 of a CRD that is not there", without("CiliumNetworkPolicy.cilium.io"), None, 0),
    Row("404 of a kind that is served", always(PODS, status(404)), "list pods in every namespace: not found (404)", 4),
    Row("410, once", once(PODS, well, status(410)), None, 0),
    Row("410, twice", once(PODS, well, status(410), well, status(410)), None, 0),
    Row("410 for ever", always(PODS, status(410)), "the list ran out while it was read (410)", 4),
    Row("429 with Retry-After, once", once(PODS, status(429, Retry_After="7")), None, 0),
    Row("429 for ever", always(PODS, status(429, Retry_After="7")), "429 too many requests", 4),
    Row("500, once", once(PODS, status(500)), None, 0),
    Row("500 for ever", always(PODS, status(500)), "the server failed (500)", 4),
    Row("503 of everything", everywhere(status(503)), "the server failed (503)", 2),
    Row("reset in the middle of a page, once", once(PODS, well, reset), None, 0),
    Row("reset in the middle of a page, for ever", once(PODS, well, *[reset] * 4), "was lost after 10 of them", 4),
    Row("reset of everything", everywhere(reset), "the connection was lost", 2),
    Row("a stalled list", once(PODS, stall), "no answer within 2 s", 4),
    Row("a list that trickles", once(PODS, trickle), "no answer within 2 s", 4),
    Row("everything stalls", everywhere(stall), "no answer within 2 s", 2),
    Row("malformed JSON, once", once(PODS, raw(b'{"kind": "PodList", "items": [{')), None, 0),
    Row("malformed JSON for ever", always(PODS, raw(b'{"kind": ')), "the answer is not JSON", 4),
    Row("JSON that is no list", always(PODS, raw(b'{"kind": "Pod"}')), "the answer is no list", 4),
    Row("JSON that is no object", always(PODS, raw(b"[1]")), "the answer is no object of the API", 4),
    Row("JSON that nests without end", always(PODS, raw(b"[" * 100_000)), "the answer is not JSON", 4),
    Row("a proxy's web page for a list", always(PODS, raw(PAGE, "text/html")), "a web page (200): a proxy", 4),
    Row("a proxy's web page for everything", everywhere(raw(PAGE, "text/html")), "a web page (200): a proxy", 2),
    Row("a proxy that sends on", everywhere(AWAY), "sent on to sso.example (302): a proxy", 2),
    Row("a list that never ends", always(PODS, raw(AGAIN)), "does not come to an end", 4),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row.fault for row in TABLE])
def test_a_fault_never_gives_a_traceback_or_a_clean_report(server: ApiServer, row: Row) -> None:
    row.brings(server)
    # Only a fault that stalls is waited for: a busy machine must not look like one.
    ran = scan(patience="2s" if row.says and "no answer" in row.says else "20s")
    told = " ".join(ran.out.split())
    assert ran.code == row.code, ran.out + ran.err
    assert "internal error" not in ran.err
    assert "Traceback" not in ran.err
    # A fault that went by leaves no trace in the report.
    assert (row.says or "") in told, ran.out
    assert row.says is not None or "NOT CHECKED" not in ran.out, ran.out
    assert ran.out.startswith("STOP" if row.code else "GO"), ran.out


def test_the_table_in_the_docs_is_this_one() -> None:
    told = (PROJECT / "docs" / "live.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| (\d+) \|$", told, re.M)
    assert [(fault, int(code)) for fault, _, code in rows] == [(row.fault, row.code) for row in TABLE]
    for (_, says, _), row in zip(rows, TABLE, strict=True):
        assert row.says is None or row.says in says, (row.fault, says)


def test_retry_after_is_obeyed_and_has_a_bound(server: ApiServer, pauses: list[float]) -> None:
    server.faults[PODS] += [status(429, Retry_After="7"), status(503, Retry_After="86400"), status(500)]
    assert scan().code == 0
    assert pauses == [7.0, 30.0, transport.BACKOFF[2]]


def test_a_stall_ends_the_asking_and_is_not_tried_again(server: ApiServer) -> None:
    everywhere(stall, *FIRST)(server)
    ran = scan(patience="2s")
    assert ran.code in (3, 4)
    assert len(server.seen) == 3 + transport.LOST, server.paths()


def test_a_restarted_list_is_told_and_holds_nothing_twice(server: ApiServer) -> None:
    server.faults[PODS] += [well, well, status(410)]
    ran = scan("-o", "json")
    assert "Pod: the list ran out while it was read, and was begun anew" in ran.err
    pods = {(o["metadata"]["namespace"], o["metadata"]["name"]) for o in dumped(CASE / "dump") if o["kind"] == "Pod"}
    assert ran.report["examined"]["kinds"]["Pod"] == len(pods)
    assert f"read {len(pods)} Pod" in ran.err.splitlines()


def test_after_the_second_410_the_list_is_asked_for_whole(server: ApiServer) -> None:
    server.faults[PODS] += [well, status(410), well, status(410)]
    assert scan().code == 0
    last = [asked.query for asked in server.seen if asked.path == PODS][-1]
    assert "limit" not in last
    assert "continue" not in last


def test_what_came_before_a_fault_is_kept_and_believed(server: ApiServer) -> None:
    server.faults[NODES] += [well, *[reset] * 4]
    server.page = 2
    ran = scan("-o", "json")
    assert ran.report["examined"]["kinds"]["Node"] == 2
    assert any("after 2 of them" in gap["why"] for gap in ran.report["gaps"])


def test_a_refusal_names_every_rule_that_it_silences(server: ApiServer) -> None:
    server.always[NODES] = status(403)
    gaps = scan("-o", "json").report["gaps"]
    gap = next(gap for gap in gaps if gap["what"] == "Node")
    assert gap["why"] == "list nodes: forbidden (403)"
    assert gap["collect"] == "kubectl auth can-i list nodes"
    assert "cilium/preflight-nodes-missing" in gap["silences"]
    assert gap["blocks"]


def test_ctrl_c_leaves_a_partial_report_that_says_so(server: ApiServer) -> None:
    def interrupted(handler: Handler) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        stall(handler)

    server.faults[PODS] += [well, interrupted]
    ran = scan()
    told = " ".join(ran.out.split())
    assert ran.code == 130
    assert ran.out.startswith("STOP cilium 1.11.20 -> 1.12.19")
    assert "interrupted: what was not read is not judged" in told
    assert "list pods in every namespace: interrupted after 10 of them" in told
    assert "cilium/preflight-left-behind" in told, "what was found before is still told"


def test_ctrl_c_before_anything_was_read_gives_one_line(server: ApiServer) -> None:
    def interrupted(handler: Handler) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        stall(handler)

    server.always["/version"] = interrupted
    ran = scan()
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.splitlines()[-1] == "interrupted"


def test_a_server_that_sends_empty_pages_for_ever_is_left(server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "EMPTY_PAGES", 5)

    def another(handler: Handler) -> None:
        token = str(len(handler.api.seen)).encode()
        raw(b'{"kind":"PodList","items":[],"metadata":{"continue":"' + token + b'"}}')(handler)

    server.always[PODS] = another
    ran = scan()
    assert ran.code == 4
    assert "the list does not come to an end" in " ".join(ran.out.split())
