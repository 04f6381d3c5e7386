"""What registers tell the other rooms: rows that are late, and objects of a kind."""

from __future__ import annotations


def offer() -> None:
    """Names the providers."""
