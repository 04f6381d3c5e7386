"""Calculations: every rule that turns numbers into a verdict is one entry of a registry, with its explained result."""
