"""What a parsed kubectl command would change: files applied, a patch, or images."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..errors import InputError, UsageError
from ..model import Command
from .grammar import listed

PatchType = Literal["strategic", "merge", "json"]

Target = tuple[str, str]
"""Kind (as typed: `deploy`, `os.upgrade.openeuler.org`) and name."""

_TYPES: Mapping[str, PatchType] = {"strategic": "strategic", "merge": "merge", "json": "json"}

_PATCH_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patch:
    """One `kubectl patch`: what it changes and how. `body` is a map, or a list of operations for type "json".

    `namespace` is "" where the command does not say; `files` name objects to be patched with -f.
    """

    targets: tuple[Target, ...]
    namespace: str
    type: PatchType
    body: Any
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Images:
    """One `kubectl set image`: container (`*` for all) to image. `everything` true with --all or a selector."""

    targets: tuple[Target, ...]
    namespace: str
    images: Mapping[str, str]
    everything: bool = False
    files: tuple[str, ...] = ()


def applied_paths(command: Command) -> tuple[str, ...]:
    """Every -f of a kubectl command in order: a file, a folder, `-`, or a URL, as typed.

    Whether folders are read with all below them is `command.has("recursive")`. Raises UsageError for -k,
    since building a kustomization is kubectl's own work.
    """
    kustomize = command.last("kustomize")
    if kustomize is not None:
        hint = f"type: kubectl kustomize {kustomize} > built.yaml, then give kubectl apply -f built.yaml"
        raise UsageError(f"kubectl {command.verb} -k {kustomize}: a kustomization is not built here", hint)
    return tuple(path for value in command.all("filename") for path in listed(value) if path)


def applied_patch(command: Command, read: Callable[[str], str] | None = None) -> Patch:
    """What `kubectl patch` changes. `read` gives the text of --patch-file; by default it is read from disk.

    Raises UsageError for a patch that cannot be read, InputError for a file that cannot.
    """
    typed = command.last("type") or "strategic"
    kind = _TYPES.get(typed)
    if kind is None:
        raise UsageError(f"kubectl patch --type={typed}: no such type", f"one of {', '.join(_TYPES)}")
    text = command.last("patch")
    file = command.last("patch-file")
    if text is None and file is None:
        raise UsageError("kubectl patch: no patch is given", "give -p PATCH or --patch-file FILE")
    place = "-p" if text is not None else f"--patch-file {file}"
    body = _body(text if text is not None else (read or _read)(file or ""), place)
    if not isinstance(body, list if kind == "json" else dict):
        wanted = "a list of operations" if kind == "json" else "a map"
        raise UsageError(f"kubectl patch {place}: a {kind} patch is {wanted}")
    files = applied_paths(command)
    return Patch(_targets(command.positionals), command.last("namespace") or "", kind, body, files)


def applied_images(command: Command) -> Images:
    """What `kubectl set image` changes. Raises UsageError."""
    named = [word for word in command.positionals if "=" not in word]
    images = dict(word.split("=", 1) for word in command.positionals if "=" in word)
    everything = command.has("all") or command.last("selector") is not None
    targets = tuple((kind, "") for kind in named) if everything else _targets(named)
    return Images(targets, command.last("namespace") or "", images, everything, applied_paths(command))


def refuse_misfits(command: Command) -> None:
    """Raises UsageError where kubectl itself would not start."""
    files = command.all("filename") or command.all("kustomize")
    if command.verb == "apply" and not files:
        raise UsageError("kubectl apply: needs -f FILE", "give the manifests that are to be applied")
    if command.verb == "patch":
        if not command.positionals and not files:
            raise UsageError("kubectl patch: needs TYPE NAME or -f FILE")
        _targets(command.positionals)
    if command.verb == "set image":
        _refuse_images(command, bool(files))


def _refuse_images(command: Command, files: bool) -> None:
    pairs = ["=" in word for word in command.positionals]
    if True not in pairs:
        raise UsageError("kubectl set image: needs CONTAINER=IMAGE", f"got {' '.join(command.positionals)}")
    first = pairs.index(True)
    if False in pairs[first:]:
        late = command.positionals[pairs.index(False, first)]
        raise UsageError(f"kubectl set image: {late} stands after an image", "put TYPE NAME first")
    if first == 0 and not files:
        raise UsageError("kubectl set image: needs TYPE NAME or TYPE/NAME before CONTAINER=IMAGE")
    if not (command.has("all") or command.last("selector")):
        _targets(command.positionals[:first])


def _targets(words: tuple[str, ...] | list[str]) -> tuple[Target, ...]:
    """`TYPE NAME...` or `TYPE/NAME...` as kubectl takes them. Raises UsageError."""
    if any("/" in word for word in words):
        bad = next((word for word in words if word.count("/") != 1 or word.startswith("/")), None)
        if bad is not None or any(word.endswith("/") for word in words):
            raise UsageError(f"kubectl: {bad or words[-1]} is not TYPE/NAME", "TYPE NAME and TYPE/NAME do not mix")
        return tuple((kind, name) for kind, _, name in (word.partition("/") for word in words))
    if len(words) == 1:
        raise UsageError(f"kubectl: {words[0]} names a kind and no object", f"{words[0]} NAME")
    return tuple((words[0], name) for name in words[1:])


def _body(text: str, place: str) -> Any:
    from ..yaml import YamlError, load

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return load(text)
    except YamlError as error:
        raise UsageError(f"kubectl patch {place}: neither JSON nor YAML: {error.text}") from None


def _read(file: str) -> str:
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(_PATCH_LIMIT + 1)
    except OSError as error:
        raise InputError(file, f"cannot be read: {error.strerror or error}", "a patch in YAML or JSON") from None
    if len(data) > _PATCH_LIMIT:
        raise InputError(file, "is larger than 4 MiB", "a patch in YAML or JSON")
    return data.decode("utf-8", "replace")
