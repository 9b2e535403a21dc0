"""The configuration that counts, as YAML that can be used again, each line with where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import fill
from typing import Any

from ..model import Origin, Suppression
from .keys import KEYS, SUPPRESS
from .loading import Config, Setting


def listing(config: Config, settings: Mapping[str, Setting]) -> str:
    """What is set; what is not stands behind it as a comment, since it has its default."""
    lines = [f"# {config.file}" if config.file else "# no configuration file"]
    for name in KEYS:
        if name in settings:
            lines += _lines(name, settings[name])
    if config.suppress:
        lines += [f"{SUPPRESS}:", *(line for entry in config.suppress for line in _entry(entry))]
    unset = ", ".join(name for name in KEYS if name not in settings)
    lines += fill(f"not set: {unset}", 80, initial_indent="# ", subsequent_indent="#   ").split("\n") if unset else []
    return "\n".join(lines) + "\n"


def _lines(name: str, setting: Setting) -> list[str]:
    value = setting.value
    if isinstance(value, bool):
        return [f"{name}: {str(value).lower()}{_from(setting.origin)}"]
    if isinstance(value, Mapping):
        return [
            f"{name}:{_from(setting.origin)}",
            *(f"  {_quoted(key)}: {_quoted(each)}" for key, each in value.items()),
        ]
    if isinstance(value, tuple):
        return [f"{name}:{_from(setting.origin)}", *(f"- {_quoted(each)}" for each in value)]
    return [f"{name}: {_quoted(value)}{_from(setting.origin)}"]


def _entry(entry: Suppression) -> list[str]:
    told: dict[str, Any] = {key: getattr(entry, key) for key in ("kind", "namespace", "name") if getattr(entry, key)}
    lines = [f"- rule: {_quoted(entry.rule)}{_from(entry.origin)}", f"  reason: {_quoted(entry.reason)}"]
    lines += [f"  {key}: {_quoted(value)}" for key, value in told.items()]
    lines += [f"  expires: {_quoted(entry.expires.isoformat())}"] if entry.expires else []
    return [*lines, *(["  gaps: true"] if entry.gaps else [])]


def _from(origin: Origin) -> str:
    return f"  # {origin}"


def _quoted(text: str) -> str:
    return json.dumps("".join(c if c.isprintable() else " " for c in text), ensure_ascii=False)
