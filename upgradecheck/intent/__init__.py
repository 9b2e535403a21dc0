"""What a person is about to do: the command, its values, the target chart.

Names are imported when they are used, since most of this is not needed by who only scans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .applied import Images, Patch, applied_images, applied_patch, applied_paths
    from .command_line import flags_of, nearest_flag, parse_command
    from .edits import edit_command
    from .given import values_given
    from .helm import HelmFacts, helm_facts
    from .merge import coalesce, effective
    from .set_grammar import pair, parse_set, set_key, spelled

_HOMES = {
    **dict.fromkeys(("Images", "Patch", "applied_images", "applied_patch", "applied_paths"), "applied"),
    **dict.fromkeys(("flags_of", "nearest_flag", "parse_command"), "command_line"),
    **dict.fromkeys(("HelmFacts", "helm_facts"), "helm"),
    **dict.fromkeys(("coalesce", "effective"), "merge"),
    **dict.fromkeys(("pair", "parse_set", "set_key", "spelled"), "set_grammar"),
    "edit_command": "edits",
    "values_given": "given",
}

__all__ = [
    "HelmFacts", "Images", "Patch", "applied_images", "applied_patch", "applied_paths", "coalesce", "edit_command",
    "effective", "flags_of", "helm_facts", "nearest_flag", "pair", "parse_command", "parse_set", "set_key",
    "spelled", "values_given",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
