"""Judges: rules × cluster × upgrade → report. Isolates crashes, keeps the order stable."""

from .scan import scan

__all__ = ["scan"]
