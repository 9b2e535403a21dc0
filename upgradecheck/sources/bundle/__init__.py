"""A bundle: what a live scan would read, saved without its secrets, and read again."""

from __future__ import annotations

from .manifest import Manifest, manifest_in

__all__ = ["Manifest", "manifest_in"]
