"""Counts of progress for the home page; each opens the rows it counts."""

from __future__ import annotations


def offer() -> None:
    """Registers the counts."""
