"""Reads YAML and JSON as kubectl does, cut into objects that are built only when somebody asks."""

from __future__ import annotations

from .chunk import Broken, Chunk, Locate, YamlError
from .collector import collector
from .documents import chunks
from .nodes import HAS_LIBYAML
from .single import load, load_all, load_with_lines

__all__ = [
    "HAS_LIBYAML",
    "Broken",
    "Chunk",
    "Locate",
    "YamlError",
    "chunks",
    "collector",
    "load",
    "load_all",
    "load_with_lines",
]
