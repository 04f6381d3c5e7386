"""Coordinates: reference systems, conversion, plausibility. Pure."""
