"""Keeps secrets out of every output: what looks like one by its path, its neighbours or its shape is not shown.

Whoever prints a value that was read from a cluster, a values file or a record prints `redact(path, value)`.
Values stay whole for the rules; only what leaves the program is redacted. A value is hidden where

- a key on its path is a secret word (`password`, `token`, `secret`, `credential`, `apiKey`, `tls.key`, …), in any
  case and spelling, unless the key only refers to a secret (`secretName`, `keyFile`, `tokenTTL`) or stands in
  Kubernetes' own scheduling vocabulary (`tolerations[0].key`);
- it stands beside a `name` that is one, as in `env: [{name: DB_PASSWORD, value: …}]`;
- it is a private key, a bearer token, or holds a password inside an address.

Booleans, null and empty values are always shown: they say whether something is set, never what.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .objects import Path

HIDDEN = "***HIDDEN***"

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_STRONG = (
    "password", "passwd", "passphrase", "secret", "token", "credential", "apikey", "privatekey", "accesskey",
    "secretkey", "kubeconfig", "dockerconfig",
)  # fmt: skip
_WORDS = frozenset({"key", "keys", "pwd", "creds", "cred", "psk", "pem", "htpasswd", "jwt", "cookie"})
_LAST = frozenset({"pass", "auth", "pw"})
_REFERS = frozenset({
    "name", "names", "namespace", "ref", "refs", "path", "file", "dir", "ttl", "length", "size", "type", "mode",
    "provider", "enabled", "enable", "algorithm", "selector", "policy", "count", "expiration", "seconds", "days",
})  # fmt: skip
_SCHEDULING = frozenset({
    "tolerations", "taints", "matchExpressions", "matchFields", "affinity", "nodeSelectorTerms",
    "topologySpreadConstraints", "selector", "configMapKeyRef", "secretKeyRef", "items", "metadata",
})  # fmt: skip
_SHAPES = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"(?i)\bbearer\s+[\w.~+/=-]{8,}"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*"),
)
_SECRET_FLAGS = frozenset({"password", "token", "kube-token"})
_COMMA = re.compile(r"(?<!\\),")
_STEP = re.compile(r"(?<!\\)\.")
_ASSIGNMENT = re.compile(r"((?:--?[\w-]+=(?=[^=]*=)|--set[\w-]* |-*))([^=]*)(?:=(.*))?", re.DOTALL)
_JSON = re.compile(r"([^{\[]*=|)([{\[].*)", re.DOTALL)
_USERINFO = re.compile(r"(?<=://)([^/\s:@]*):([^/\s@]+)@")
TOKEN = re.compile(r"\bredacted-[0-9a-f]{16}\b")
"""What stands for a secret in a bundle. It is hidden like the secret, so that both give the same report."""


def looks_secret(path: Path) -> bool:
    """True where the keys of a path say that what stands there is a secret."""
    steps = [s for s in path if isinstance(s, str)]
    scheduling = not _SCHEDULING.isdisjoint(steps)
    return any(_secret_key(s) and not (scheduling and s in ("key", "keys")) for s in steps)


def redact(path: Path, value: Any) -> Any:
    """The value as it may be shown: hidden, in parts or whole, where it is a secret. Maps and lists are copied."""
    if isinstance(value, Mapping):
        return _redact_map(path, value)
    if isinstance(value, list | tuple):
        return [redact((*path, index), item) for index, item in enumerate(value)]
    if value is None or isinstance(value, bool) or value == "":
        return value
    if looks_secret(path):
        return HIDDEN
    return redact_text(value) if isinstance(value, str) else value


def redact_text(text: str) -> str:
    """A text without private keys, bearer tokens and passwords inside addresses."""
    if any(shape.search(text) for shape in _SHAPES):
        return HIDDEN
    shown = _USERINFO.sub(lambda found: f"{found[1]}:{HIDDEN}@", text)
    return HIDDEN if TOKEN.search(shown) else shown


def redact_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a command without the secrets in them: `--set db.password=x` and `--password x`.

    What is hidden becomes `<name>`, for the person to fill in again.
    """
    shown: list[str] = []
    for word in words:
        before = shown[-1] if shown else ""
        hidden = before.startswith("--") and "=" not in before and before.lstrip("-") in _SECRET_FLAGS
        shown.append(f"<{before.lstrip('-')}>" if hidden else redact_assignments(word))
    return tuple(shown)


def redact_assignments(text: str) -> str:
    """`a.password=x,b=c` with the values of secret keys hidden, as --set and --set-json write them."""
    found = _JSON.fullmatch(text)
    if found:
        return found[1] + _redact_json(found[2])
    return ",".join(_redact_assignment(part) for part in _COMMA.split(text)) if "=" in text else text


def _redact_json(text: str) -> str:
    try:
        tree = json.loads(text)
    except ValueError:
        return HIDDEN
    return json.dumps(redact((), tree), separators=(",", ":"))


def _redact_assignment(text: str) -> str:
    flag, key, value = _ASSIGNMENT.fullmatch(text).groups()  # type: ignore[union-attr]  # every text fits
    secret = value is not None and (looks_secret(tuple(_STEP.split(key))) or key in _SECRET_FLAGS)
    name = key.rpartition(".")[2] or key
    return f"{flag}{key}=<{name}>" if secret and value else redact_text(text)


def without_secrets(data: dict[str, Any]) -> dict[str, Any]:
    """A Secret without its data, or a ConfigMap without a Helm record in it: the keys stay, values are hidden.

    The copy of the data that `kubectl apply` leaves in an annotation is hidden as well.
    """
    stripped = dict(data)
    for part in ("data", "stringData"):
        if isinstance(data.get(part), Mapping):
            stripped[part] = dict.fromkeys(data[part], HIDDEN)
        elif data.get(part) is not None:
            stripped[part] = HIDDEN
    metadata = data.get("metadata")
    if isinstance(metadata, Mapping) and isinstance(metadata.get("annotations"), Mapping):
        shown = {k: HIDDEN if "last-applied" in str(k) else v for k, v in metadata["annotations"].items()}
        stripped["metadata"] = {**metadata, "annotations": shown}
    return stripped


def _redact_map(path: Path, value: Mapping[Any, Any]) -> dict[Any, Any]:
    told = value.get("name")
    beside = isinstance(told, str) and "value" in value and _secret_key(told)
    return {k: HIDDEN if beside and k == "value" and v else redact((*path, str(k)), v) for k, v in value.items()}


def _secret_key(key: str) -> bool:
    words = [w.lower() for w in _WORD.findall(key)]
    if not words or (len(words) > 1 and words[-1] in _REFERS) or words[0] == "existing":
        return False
    joined = "".join(words)
    return any(strong in joined for strong in _STRONG) or not _WORDS.isdisjoint(words) or words[-1] in _LAST
