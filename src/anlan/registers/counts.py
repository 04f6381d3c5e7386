"""Counts of registers for the home page."""

from __future__ import annotations


def offer() -> None:
    """Registers the counts."""
