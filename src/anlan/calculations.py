"""All calculations of all rooms, in one list."""

from __future__ import annotations

import functools

from anlan.foundation.calc.registry import Registry
from anlan.foundation.calendars.calendar import Calendar


@functools.cache
def registry(calendar: Calendar | None = None) -> Registry:
    """Registry of every calculation. Rooms may import this module: it meets them only when first asked.

    `calendar` is a district's; without one the notices of the State Council count, as carried here.
    """
    from anlan.consult.rules import catalogue as consult
    from anlan.ecology.rules import catalogue as ecology
    from anlan.foundation.calc import rounding
    from anlan.foundation.calendars import law
    from anlan.foundation.calendars.limits import carried
    from anlan.foundation.geo import catalogue as geo
    from anlan.justice.rules import catalogue as justice
    from anlan.ledger.rules import catalogue as ledger
    from anlan.monitor.standards import catalogue as standards
    from anlan.registers.rules import catalogue as registers
    from anlan.space.siting import catalogue as siting
    from anlan.supervise.rules import catalogue as supervision

    return Registry(
        (
            *rounding.CALCULATIONS,
            *(law.calculations(calendar, carried()) if calendar else law.CALCULATIONS),
            *standards.CALCULATIONS,
            *supervision.CALCULATIONS,
            *siting.CALCULATIONS,
            *ecology.CALCULATIONS,
            *registers.CALCULATIONS,
            *justice.CALCULATIONS,
            *geo.CALCULATIONS,
            *ledger.CALCULATIONS,
            *consult.CALCULATIONS,
        )
    )
