"""Calculations of ecology, on the tables carried here."""

from __future__ import annotations

from anlan.ecology.rules import accounts, diversity, gep, gep_climate, integrity
from anlan.foundation.calc.sources import facts

_PACKAGE = "anlan.ecology.rules"
_INTEGRITY = facts(_PACKAGE, "integrity.toml")
_GEP = facts(_PACKAGE, "gep.toml")

CALCULATIONS = (
    *diversity.calculations(_INTEGRITY),
    *integrity.calculations(_INTEGRITY),
    *gep.calculations(_GEP),
    *gep_climate.calculations(_GEP),
    *accounts.calculations(facts(_PACKAGE, "accounts.toml")),
)
