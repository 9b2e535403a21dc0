"""The configuration file: found upwards, checked, and handed on as plain data."""

from __future__ import annotations

from .keys import KEYS, Key
from .loading import Config, Setting, load_config, load_file

__all__ = ["KEYS", "Config", "Key", "Setting", "load_config", "load_file"]
