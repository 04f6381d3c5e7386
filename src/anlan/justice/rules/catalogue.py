"""Calculations of justice, on the tables, the calendar and the limits carried here."""

from __future__ import annotations

from anlan.foundation.calc.sources import facts
from anlan.foundation.calendars.calendar import national
from anlan.foundation.calendars.limits import carried
from anlan.justice.rules import cases

CALCULATIONS = cases.calculations(facts("anlan.justice.rules", "cases.toml"), national(), carried())
