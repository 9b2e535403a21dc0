"""Values in layers, as manifests give them: inline, as text in a ConfigMap or a file, and as single settings."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ...conditions import UNKNOWN
from ...errors import InputError, UsageError
from ...model import Object, Origin, Path, Values, leaves, value_at
from ...sources.values import laid_over, read_values
from ..set_grammar import set_into
from ..set_parser import SetKind
from .manifests import Data


def inline(found: Object, *path: str | int) -> Values:
    """The map at a path of a manifest, each leaf with its line."""
    tree = found.get(*path)
    if not isinstance(tree, Mapping):
        return Values()
    return Values(tree, {leaf: found.at(*path, *leaf) for leaf, _ in leaves(tree)})


def text_values(data: Data) -> Values:
    """Values written as a text; of a secret one only the keys are known. Raises InputError."""
    try:
        read = read_values(str(data.origin.at(0)), data=data.text.encode())
    except InputError as error:
        raise _told(error, data) from None
    if data.secret:
        tree = hidden(read.tree)
        return Values(tree, {path: data.origin for path, _ in leaves(tree)})
    # A block scalar's text begins on the line after its key; a text on one line is all on that line.
    shift = data.line - 1 if data.line else 0
    places = {
        path: data.origin.at(origin.line + shift) if data.line else data.origin for path, origin in read.origins.items()
    }
    return Values(read.tree, places)


def _told(error: InputError, data: Data) -> InputError:
    """The same error at the place of the text, without a word of what a secret holds."""
    text = "is a secret whose values cannot be read" if data.secret else error.text
    return InputError(str(data.origin), text, "a map of Helm values")


def hidden(tree: Any) -> Any:
    """The same keys, with nothing known of what they are set to."""
    return (
        {key: hidden(value) for key, value in tree.items()}
        if isinstance(tree, Mapping) and tree
        else ({} if isinstance(tree, Mapping) else UNKNOWN)
    )


def over(under: Values, above: Values) -> Values:
    return laid_over(under, above)


def setting(
    values: Values, key: str, text: str, origin: Origin, kind: SetKind = "set", *, secret: bool = False
) -> Values:
    """One `--set` over the values, as helm parses it. Raises InputError where helm would refuse it."""
    tree = copy.deepcopy(dict(values.tree))
    try:
        touched = set_into(tree, f"{key}={text}", kind)
    except UsageError as error:
        raise InputError(str(origin), "is no setting that helm takes" if secret else error.text) from None
    origins = dict(values.origins)
    for path in touched:
        if secret:
            _put(tree, path, UNKNOWN)
        size = len(path)
        origins = {p: o for p, o in origins.items() if p[:size] != path and path[: len(p)] != p}
        value = value_at(tree, path)
        below = leaves(value, path) if isinstance(value, Mapping) and value else [(path, value)]
        origins.update((leaf, origin) for leaf, _ in below)
    return Values(tree, origins)


def _put(tree: dict[str, Any], path: Path, value: Any) -> None:
    above = value_at(tree, path[:-1])
    if isinstance(above, dict):
        above[str(path[-1])] = value
