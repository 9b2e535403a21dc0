"""One answer of the API server, or of whatever stands between, and what is wrong with it."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .faults import Absent, Expired, Fault, Unanswered, Unfit

if TYPE_CHECKING:
    from .configuration import Target

LARGEST = 1 << 30
"""Bytes of one answer. A page of 500 objects has a few MiB."""
LONGEST_WAIT = 30.0
"""Seconds that a Retry-After is obeyed for."""

_CHUNK = 1 << 16
_ERRNO = re.compile(r"\[Errno -?\d+\] ([^'\")]+)")
_CERTIFICATE = re.compile(r"certificate verify failed: (.*?)\.?(?: \(_ssl|'\)|$)")


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def received(target: Target, path: str, query: Mapping[str, str], accept: str, timeout: float) -> Answer:
    """Ask once, and read the whole answer within `timeout` seconds. Raises Unanswered, and Fault for what is final."""
    import requests
    import urllib3

    until = time.monotonic() + timeout
    headers = {"Accept": accept, **target.headers()}
    try:
        # Whether the certificate is looked at was said in the kubeconfig: no warning for each request.
        with (
            warnings.catch_warnings(action="ignore", category=urllib3.exceptions.InsecureRequestWarning),
            target.session.get(
                target.server + path,
                params=dict(query),
                headers=headers,
                timeout=(min(timeout, 10.0), timeout),
                stream=True,
                allow_redirects=False,
            ) as response,
        ):
            body = _body(response.raw, until, timeout)
            return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)
    except requests.exceptions.SSLError as error:
        raise Fault(_tls(str(error)), last=True) from None
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
        raise _stalled(timeout) from None
    except requests.exceptions.ProxyError as error:
        raise Unanswered(f"the proxy does not answer: {_reason(error)}", again=0) from None
    except (requests.exceptions.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
        raise Unanswered(_reason(error), again=0) from None
    except (requests.exceptions.RequestException, ValueError) as error:
        raise Fault(f"cannot be asked: {' '.join(str(error).split())[:200]}", last=True) from None


def _body(raw: Any, until: float, timeout: float) -> bytes:
    """Everything that comes. A server that sends a byte now and then does not get more time than one that is silent."""
    parts: list[bytes] = []
    size = 0
    while part := raw.read1(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise Fault(f"an answer of more than {LARGEST >> 20} MiB")
        if time.monotonic() > until:
            raise _stalled(timeout)
    return b"".join(parts)


def _stalled(timeout: float) -> Unanswered:
    return Unanswered(f"no answer within {timeout:g} s")


def fault_of(answer: Answer) -> Fault | None:
    """What an answer is instead of what was asked for; None for one that is fine."""
    status, kind = answer.status, answer.headers.get("content-type", "")
    if status == 429 or status >= 500:
        words = "429 too many requests" if status == 429 else f"the server failed ({status})"
        return Fault(words, again=_wait(answer.headers.get("retry-after", "")))
    if 300 <= status < 400:
        host = urlsplit(answer.headers.get("location", "")).netloc or "another address"
        return Fault(f"sent on to {host} ({status}): a proxy, not the API server", last=True)
    if "html" in kind or answer.body[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        return Fault(f"a web page ({status}): a proxy, not the API server")
    return None if status == 200 else _refused(status)


def _refused(status: int) -> Fault:
    match status:
        case 400:
            return Unfit("not as the server wants it (400)")
        case 401:
            return Fault("the credentials are not accepted (401)", last=True)
        case 403:
            return Fault("forbidden (403)", denied=True)
        case 404:
            return Absent("not found (404)")
        case 410:
            return Expired("the list ran out while it was read (410)")
    return Fault(f"an answer that the API does not give ({status})")


def _wait(told: str) -> float:
    """The seconds of a Retry-After, 0 where it says none. One that gives a date is not obeyed."""
    return min(float(told), LONGEST_WAIT) if told.isascii() and told.isdigit() else 0.0


def _tls(text: str) -> str:
    found = _CERTIFICATE.search(text)
    if found:
        return f"its certificate does not fit: {found[1].strip()}"
    if "WRONG_VERSION_NUMBER" in text or "record layer" in text:
        return "it does not speak TLS"
    said = re.search(r"\[SSL: (\w+)\]", text)
    return f"the TLS handshake failed: {said[1].lower() if said else 'no reason given'}"


def _reason(error: Exception) -> str:
    text = str(error)
    found = _ERRNO.search(text)
    if found:
        return f"no connection: {found[1].strip().lower()}"
    if "NameResolution" in text or "getaddrinfo" in text:
        return "no connection: its name is not known"
    return "the connection was lost"
