"""What progress tells the other rooms: which reports are missing."""

from __future__ import annotations


def offer() -> None:
    """Names the provider."""
