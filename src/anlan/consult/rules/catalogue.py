"""Calculations of consultation, on the table carried here."""

from __future__ import annotations

from anlan.consult.rules import opinions
from anlan.foundation.calc.sources import facts

CALCULATIONS = opinions.calculations(facts("anlan.consult.rules", "consultation.toml"))
