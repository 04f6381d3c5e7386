"""Targets bound to indicators of registers: progress out of rows, beside what the units reported."""
