"""Templates of rules: `run` becomes shell words that are quoted one by one, messages become plain text."""

from __future__ import annotations

from .template import Filled, Payload, Template, parse_template
from .texts import Words, fill_text, text_placeholders

__all__ = ["Filled", "Payload", "Template", "Words", "fill_text", "parse_template", "text_placeholders"]
