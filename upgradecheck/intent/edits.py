"""Changes a person's own command as remedies ask: flags dropped, words added, values set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..errors import UsageError
from ..model import Command, Edit, Flag
from .command_line import Parsed, parse_command, parsed
from .given import SET_ORDER
from .grammar import Piece, cut, listed
from .set_grammar import pair, pairs, parse_set
from .set_parser import SetKind

_REPEATED = frozenset(["values", "filename", "kube-as-group", "as-group", "post-renderer-args", *SET_ORDER])


def edit_command(command: Command, edit: Edit) -> Command:
    """The command with one edit, parsed again. The same edit twice changes nothing more.

    A flag in `drop` goes with its value, however it was spelled. What `add` gives replaces the same flag,
    unless the tool lets it be repeated; a values file comes before the person's own, which win over it.
    `set` takes paths as --set writes them, and plain texts that are escaped here (`{a,b}` is a list). Raises
    UsageError where the result is no command of the tool.
    """
    parts = parsed(command.words)
    pieces = _dropped(parts.pieces, {parts.table.name(name.lstrip("-")) for name in edit.drop})
    pieces = _swapped(pieces, edit.swap, -len(command.verb.split()))
    pieces = _added(pieces, parts, edit.add)
    if edit.set:
        if "set" not in parts.table.flags:
            raise UsageError(f"{command.tool} {command.verb} has no --set")
        pieces = _set(pieces, parts, edit.set)
    return parse_command(replace(parts, pieces=tuple(pieces)).words)


def _dropped(pieces: Iterable[Piece], names: set[str]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        flags = tuple(flag for flag in piece.flags if flag.name not in names)
        if len(flags) == len(piece.flags):
            kept.append(piece)
        else:
            kept += _alone(flags, piece)
    return kept


def _swapped(pieces: Iterable[Piece], swap: Mapping[str, str], place: int) -> list[Piece]:
    """Positional words swapped for others, named by the word itself or by their place after the verb, from 0."""
    swapped: list[Piece] = []
    for piece in pieces:
        new = swap.get(str(place), swap.get(piece.words[0])) if piece.positional else None
        place += piece.positional
        swapped.append(replace(piece, words=(new,)) if new else piece)
    return swapped


def _alone(flags: Sequence[Flag], piece: Piece) -> list[Piece]:
    """What is left of combined one-letter flags, each written alone."""
    unknown = {name.lstrip("-") for name in piece.unknown}
    return [Piece(f.typed, (f,), tuple(n for n in piece.unknown if f.name in unknown)) for f in flags]


def _added(pieces: list[Piece], parts: Parsed, words: Sequence[str]) -> list[Piece]:
    for piece in cut(words, replace(parts.table, most=None)):
        if piece.positional:
            standing = [p.words for p in pieces if p.positional]
            pieces = pieces if piece.words in standing else _append(pieces, piece)
            continue
        for flag in piece.flags:
            pieces = _with_flag(pieces, replace(piece, words=flag.typed, flags=(flag,)))
    return pieces


def _with_flag(pieces: list[Piece], new: Piece) -> list[Piece]:
    flag = new.flags[0]
    standing = [f for piece in pieces for f in piece.flags if f.name == flag.name]
    if flag.name in _REPEATED:
        if any(_same(f, flag) for f in standing):
            return pieces
        return _append(pieces, new, before="values" if flag.name == "values" else "")
    if standing and all(_same(f, flag) for f in standing):
        return pieces
    return _append(_dropped(pieces, {flag.name}), new)


def _same(one: Flag, other: Flag) -> bool:
    if one.name in ("values", "filename") and one.value and other.value:
        return set(listed(other.value)) <= set(listed(one.value))
    return _plain(one) == _plain(other)


def _plain(flag: Flag) -> str:
    return "true" if flag.value is None else flag.value


def _append(pieces: list[Piece], piece: Piece, before: str = "") -> list[Piece]:
    """Before the first flag of a name, or at the end, though not after the `--` that ends all flags."""
    end = next((n for n, p in enumerate(pieces) if p.end or any(f.name == before for f in p.flags)), len(pieces))
    return [*pieces[:end], piece, *pieces[end:]]


def _set(pieces: list[Piece], parts: Parsed, wanted: Mapping[str, str]) -> list[Piece]:
    """Each key once, in the place where it was set before; the rest in flags of their own, or, for osm, in one."""
    left = dict(wanted)
    changed: list[Piece] = []
    for piece in pieces:
        flag = piece.flags[0] if len(piece.flags) == 1 else None
        kind = next((k for k in SET_ORDER if flag and flag.name == k), None)
        if flag is None or kind is None:
            changed.append(piece)
            continue
        kept = _kept(pairs(flag.value or "", kind), kind, wanted, left)
        if kept:
            changed.append(_set_flag(kind, ",".join(kept), piece))
    expressions = [pair(key, value) for key, value in left.items()]
    if parts.tool == "osm":
        return _in_one(changed, expressions)
    for expression in expressions:
        changed = _append(changed, _set_flag("set", expression))
    return changed


def _kept(parts: Sequence[str], kind: SetKind, wanted: Mapping[str, str], left: dict[str, str]) -> list[str]:
    """The parts of one expression, those of wanted keys replaced in place, or left out where another flag or an
    earlier part sets them: a later --set-string would win over the --set that is meant."""
    kept = []
    for part in parts:
        key = next((key for key in wanted if _sets(part, kind, key)), None)
        if key is None:
            kept.append(part)
        elif kind == "set" and key in left:
            new = pair(key, left.pop(key))
            kept.append(part if _tree(part, kind) == _tree(new, "set") else new)
    return kept


def _sets(part: str, kind: SetKind, key: str) -> bool:
    typed = part.partition("=")[0].strip() if kind != "set-literal" else part.split("=")[0]
    return typed == key


def _tree(part: str, kind: SetKind) -> object:
    try:
        return parse_set(part, kind)
    except UsageError:
        return None


def _set_flag(kind: SetKind, expression: str, old: Piece | None = None) -> Piece:
    flag = Flag(kind, expression, (f"--{kind}", expression))
    if old is not None and old.flags[0].value == expression:
        return old
    return Piece(flag.typed, (flag,), old.unknown if old else ())


def _in_one(pieces: list[Piece], expressions: list[str]) -> list[Piece]:
    """All --set of a command as one, where the first stood."""
    standing = [n for n, p in enumerate(pieces) if p.flags and p.flags[0].name == "set"]
    texts = [pieces[n].flags[0].value or "" for n in standing] + expressions
    merged = _set_flag("set", ",".join(text for text in texts if text))
    if not standing:
        return _append(pieces, merged)
    kept = [p for n, p in enumerate(pieces) if n not in standing]
    return [*kept[: standing[0]], merged, *kept[standing[0] :]]
