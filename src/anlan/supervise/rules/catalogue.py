"""Calculations of supervision, on the tables carried here."""

from __future__ import annotations

from anlan.foundation.calc.sources import facts
from anlan.supervise.rules import light, score

_TABLE = facts("anlan.supervise.rules", "supervision.toml")

CALCULATIONS = (light.calculation(_TABLE), score.calculation(_TABLE))
