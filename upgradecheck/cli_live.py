"""The live cluster on the command line: which options mean it, what is told while it is read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from .errors import UsageError

if TYPE_CHECKING:
    from .sources.live import Access

FLAGS = {
    "context": "--context",
    "kubeconfig": "--kubeconfig",
    "namespaces": "-n",
    "all_namespaces": "-A",
    "as_user": "--as",
    "as_groups": "--as-group",
    "request_timeout": "--request-timeout",
    "selector": "-l",
    "explain_access": "--explain-access",
}

COLLECTING = frozenset({
    *FLAGS, "to", "target_version", "start", "tools", "values", "sets", "target_chart", "current_values", "apply",
    "select", "ignore", "rules", "config", "no_config", "quiet",
})  # fmt: skip
"""Those options of `scan` that decide what is read: what `collect` takes."""


def access_of(paths: Sequence[str], options: Mapping[str, Any]) -> Access | None:
    """The way to the live cluster, None where paths are read instead. Raises UsageError for both, or for neither: piped
    input that nobody named must not end in a scan of whatever cluster the kubeconfig points at."""
    given = [flag for name, flag in FLAGS.items() if options.get(name)]
    if paths:
        if given:
            raise UsageError(
                f"{given[0]} is about the live cluster, and {paths[0]} is read instead", "give one of them"
            )
        return None
    if not given and _piped():
        hint = "give - to read it, or --context NAME for the live cluster"
        raise UsageError("standard input is piped, but nothing says to read it", hint)
    if options["collected"]:
        raise UsageError("--collected is about a dump; a live scan knows what it has read")
    if options["namespaces"] and options["all_namespaces"]:
        raise UsageError("-n and -A contradict each other")
    from .sources.live.access import TIMEOUT, Access, seconds

    return Access(
        context=options["context"],
        kubeconfig=options["kubeconfig"],
        namespaces=tuple(dict.fromkeys(options["namespaces"])),
        user=options["as_user"],
        groups=tuple(options["as_groups"]),
        timeout=seconds(options["request_timeout"]) if options["request_timeout"] else TIMEOUT,
        selector=options["selector"],
    )


def _piped() -> bool:
    """True where something is piped or redirected into this process; a terminal and /dev/null are not."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


class OnStderr:
    """Tells a person who waits: the cluster first, then every kind with its count, in one line at a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._tty = sys.stderr.isatty()

    def connected(self, context: str, server: str) -> None:
        self._line(f"context {context}, server {server}")

    def listed(self, kind: str, count: int, *, done: bool) -> None:
        if self._quiet or not (done or self._tty):
            return
        text = f"read {count} {kind}"
        if self._tty:
            click.echo(f"\r{_clean(text)[:78]:<78}" + ("\r" + " " * 78 + "\r" if done else ""), nl=False, err=True)
        else:
            self._line(text)

    def noted(self, text: str) -> None:
        if not self._quiet:
            self._line(text)

    def _line(self, text: str) -> None:
        click.echo(_clean(text), err=True)


def _clean(text: str) -> str:
    from .report.clean import clean

    return clean(text)
