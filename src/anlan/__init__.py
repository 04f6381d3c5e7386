"""Anlan: from a government work plan to measures that are owned, measured and proven."""

__version__ = "0.1.0"
