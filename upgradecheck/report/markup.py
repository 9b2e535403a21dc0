"""HTML in which whatever is no markup of ours is escaped, without anybody having to remember it."""

from __future__ import annotations

import html
from collections.abc import Iterable

from .clean import clean_data

_WITHOUT_END = frozenset({"input", "meta", "link", "br"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | None | Iterable["Child"]


def element(name: str, /, *children: Child, **attributes: str | bool | None) -> Markup:
    """One element. Children that are no Markup are escaped; None and lists are allowed among them.

    An attribute that is None or False is left out. Its name is written with `_` for `-`, and `class_` for class.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _WITHOUT_END:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{join(children)}</{name}>")


def join(children: Iterable[Child], between: str = "") -> Markup:
    """The children as one piece of HTML."""
    return Markup(escape(between).join(_piece(child) for child in children))


def escape(text: str) -> Markup:
    """A text that others wrote, as it may stand between tags and in a quoted attribute."""
    return text if isinstance(text, Markup) else Markup(html.escape(clean_data(text), quote=True))


def _piece(child: Child) -> str:
    if child is None:
        return ""
    return escape(child) if isinstance(child, str) else join(child)


def _attribute(key: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
