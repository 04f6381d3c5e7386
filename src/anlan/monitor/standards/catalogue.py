"""All calculations of this room, on the tables carried here."""

from __future__ import annotations

from anlan.monitor.standards import (
    black_odor,
    change,
    discharge,
    eutrophication,
    farmland,
    flow,
    ranking,
    surface,
    validity,
)

CALCULATIONS = (
    *surface.CALCULATIONS,
    *eutrophication.CALCULATIONS,
    *ranking.CALCULATIONS,
    *change.CALCULATIONS,
    *discharge.CALCULATIONS,
    *black_odor.CALCULATIONS,
    *flow.CALCULATIONS,
    *validity.CALCULATIONS,
    *farmland.CALCULATIONS,
)
