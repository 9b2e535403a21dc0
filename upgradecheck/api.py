"""`upgradecheck.scan`: the engine for programs, with plain arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from os import PathLike, fspath
from typing import Any, BinaryIO

from .engine import scan as judge
from .errors import UsageError
from .intent import parse_command
from .intent.asked import Asked
from .model import Object, Report, Suppression
from .sources.live.access import TIMEOUT, Access
from .suppress import read_entries

Input = str | PathLike[str] | Mapping[str, Any] | Object


def scan(
    *inputs: Input | Sequence[Input],
    command: str | Sequence[str] | None = None,
    to: Mapping[str, str] | None = None,
    target_version: str = "",
    start: Mapping[str, str] | None = None,
    tools: Mapping[str, str] | None = None,
    values: Sequence[str] = (),
    set: Sequence[str] = (),  # noqa: A002  Helm's own word
    target_chart: str = "",
    apply: Sequence[str] = (),
    base: str | PathLike[str] = "",
    current_values: Sequence[str] = (),
    collected: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    rules: Sequence[str] = (),
    fail_on: str = "error",
    allow_gaps: bool = False,
    suppress: Sequence[Mapping[str, Any] | Suppression] = (),
    baseline: str | PathLike[str] = "",
    live: bool = False,
    context: str = "",
    kubeconfig: str | PathLike[str] = "",
    namespaces: Sequence[str] = (),
    as_user: str = "",
    as_groups: Sequence[str] = (),
    request_timeout: float = TIMEOUT,
    selector: str = "",
    now: datetime | None = None,
    stdin: BinaryIO | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Judge an upgrade against what is running.

    `inputs` are paths of files, folders and archives, `-` for `stdin`, and parsed objects alike, or lists of
    them. `command` is the command about to be typed, as one text or as words. `to`, `start` and `tools` map
    component and CLI names to versions. `suppress` holds entries as the configuration does, with the keys `rule`,
    `reason`, `kind`, `namespace`, `name`, `expires` and `gaps`. With `live` the cluster of
    the kubeconfig is read instead of inputs, and the arguments below it say how; `request_timeout` is in seconds. The
    others are the options of `upgradecheck scan` of the same name.

    Raises UsageError where the arguments do not fit together, RuleError where a rule file is wrong, and InputError
    where the baseline cannot be read, or no kubeconfig leads to a server. An input that cannot be read is in
    `report.problems`; the rest is still judged.
    """
    access = Access(
        context, fspath(kubeconfig), tuple(namespaces), as_user, tuple(as_groups), request_timeout, selector
    )
    if live and inputs:
        raise UsageError("live is about the live cluster, and inputs are given", "give one of them")
    if not live and access != Access():
        raise UsageError("there is an argument about the live cluster, and it is not to be read", "live=True")
    words = [command] if isinstance(command, str) and command.strip() else list(command or ())
    asked = Asked(
        inputs=_flat(inputs),
        command=parse_command(words) if words else None,
        to=dict(to or {}),
        target=target_version,
        start=dict(start or {}),
        tools=dict(tools or {}),
        values=tuple(values),
        sets=tuple(("set", text) for text in set),
        target_chart=target_chart,
        apply=tuple(apply),
        base=fspath(base),
        current_values=tuple(current_values),
        collected=tuple(collected),
        select=tuple(select),
        ignore=tuple(ignore),
        rules=tuple(rules),
        fail_on=fail_on,
        allow_gaps=allow_gaps,
        suppress=read_entries(suppress),
        baseline=fspath(baseline),
        stdin=stdin,
        live=access if live else None,
    )
    return judge(asked, now=now, progress=progress)


def _flat(inputs: Sequence[Input | Sequence[Input]]) -> list[str | Mapping[str, Any] | Object]:
    flat: list[str | Mapping[str, Any] | Object] = []
    for item in inputs:
        if isinstance(item, str | Mapping | Object):
            flat.append(item)
        elif isinstance(item, PathLike):
            flat.append(fspath(item))
        else:
            flat.extend(_flat(list(item)))
    return flat
