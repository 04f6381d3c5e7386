"""Readings: taken from frames, each value once, a second different one kept beside the first."""
