"""Calculations of the ledger, on the tables, the calendar and the limits carried here."""

from __future__ import annotations

from anlan.foundation.calc.sources import facts
from anlan.foundation.calendars.calendar import national
from anlan.foundation.calendars.limits import carried
from anlan.ledger.rules import signs, transition

_TABLE = facts("anlan.ledger.rules", "rectification.toml")

CALCULATIONS = (*transition.calculations(_TABLE, national(), carried()), signs.calculation(_TABLE))
