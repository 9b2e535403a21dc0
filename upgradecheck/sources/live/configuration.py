"""Which cluster, and as whom: the `kubernetes` client's own reading of kubeconfigs, plugins and Pods' credentials."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, UsageError
from ...model.redact import redact_text
from .access import Access

if TYPE_CHECKING:
    import requests

IN_CLUSTER = "in-cluster"
DEFAULT = "~/.kube/config"


@dataclass(frozen=True, slots=True)
class Target:
    """An API server, and how to ask it. `headers` says who asks, with a token that is fresh."""

    context: str
    server: str
    session: requests.Session
    headers: Callable[[], Mapping[str, str]]


def configured(access: Access) -> Target:
    """The target of a live scan; nothing is sent. Raises UsageError and InputError."""
    try:
        from kubernetes import client
    except ImportError:
        raise UsageError("the live cluster needs the kubernetes client", "pip install 'upgradecheck[live]'") from None
    from .session import session_of

    configuration: Any = client.Configuration()
    configuration.host = ""
    context = _loaded(access, configuration)
    server = str(configuration.host or "").rstrip("/")
    if not server.startswith(("http://", "https://")):
        raise InputError(f"context {context}", "no server in its cluster", "server: https://…")
    if access.groups and not access.user:
        raise UsageError("--as-group needs --as", "as kubectl has it")

    def headers() -> Mapping[str, str]:
        token = (configuration.auth_settings().get("BearerToken") or {}).get("value")
        who = {"Impersonate-User": access.user} if access.user else {}
        return {**({"Authorization": str(token)} if token else {}), **who}

    return Target(context, server, session_of(configuration, access.groups), headers)


def _loaded(access: Access, configuration: Any) -> str:
    """Fill in a configuration. Returns the name of the context."""
    files = _files(access)
    if not files:
        return _in_cluster(configuration)
    config: Any = import_module("kubernetes.config")  # untyped in some of its versions
    context = access.context or _current(files)
    with _complaints() as said:
        try:
            config.load_kube_config(
                config_file=os.pathsep.join(files),
                context=context,
                client_configuration=configuration,
                persist_config=False,
            )
        except config.ConfigException as error:
            # The client's words may end with a whole entry of the file, its token included.
            words = str(error).partition(" in ")[0]
            raise InputError(", ".join(files), redact_text(words), f"a kubeconfig with context {context}") from None
    if said:
        raise InputError(f"context {context}", f"its credential plugin failed: {redact_text(said[0])[:200]}")
    return context


def _files(access: Access) -> list[str]:
    """The kubeconfigs that are there. Raises InputError where a person named one that is not."""
    told = access.kubeconfig or os.environ.get("KUBECONFIG", "")
    files = [str(Path(name).expanduser()) for name in (told or DEFAULT).split(os.pathsep) if name]
    found = [name for name in files if Path(name).is_file()]
    if not found and (told or access.context):
        raise InputError(", ".join(files), "no such file", "a kubeconfig")
    return found


def _in_cluster(configuration: Any) -> str:
    config: Any = import_module("kubernetes.config")
    try:
        config.load_incluster_config(client_configuration=configuration)
    except config.ConfigException:
        hint = "name a dump: a file, a folder, an archive, or - for standard input; or give a --kubeconfig"
        raise UsageError("no input", hint) from None
    return IN_CLUSTER


def _current(files: list[str]) -> str:
    """The current context as kubectl sees it: the first file that names one. The Python client takes the last."""
    for name in files:
        told = _yaml(name).get("current-context")
        if told:
            return str(told)
    raise InputError(", ".join(files), "no current-context", "--context NAME")


def _yaml(name: str) -> Mapping[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        raise InputError(name, "cannot be read", "a kubeconfig") from None
    return found if isinstance(found, Mapping) else {}


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What the client logs while it reads: a plugin that fails is no error to it, it goes on as nobody."""
    said: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: said.append(" ".join(record.getMessage().split()))  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield said
    finally:
        root.removeHandler(handler)
