"""Append-only log of actions, sealed into a hash chain of blocks."""
