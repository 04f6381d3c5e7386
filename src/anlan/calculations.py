"""All calculations of all rooms, in one list."""

from __future__ import annotations

import functools

from anlan.foundation.calc.registry import Registry


@functools.cache
def registry() -> Registry:
    """Registry of every calculation. Rooms may import this module: it meets them only when first asked."""
    from anlan.foundation.calc import rounding
    from anlan.foundation.calendars import law
    from anlan.monitor.standards import catalogue as standards
    from anlan.supervise.rules import catalogue as supervision

    return Registry(
        (
            *rounding.CALCULATIONS,
            *law.CALCULATIONS,
            *standards.CALCULATIONS,
            *supervision.CALCULATIONS,
        )
    )
