"""Calculations of the registers, on the tables carried here."""

from __future__ import annotations

from anlan.foundation.calc.sources import facts
from anlan.registers.rules import projects

CALCULATIONS = projects.calculations(facts("anlan.registers.rules", "projects.toml"))
