"""Numbers of problems: WT, year, a count within the year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anlan.ledger.models import Problem

_DIGITS = 5


def numbers(year: int) -> Iterator[str]:
    """The next numbers of a year; inside of the transaction that uses them, in which the last number is read once."""
    prefix = f"WT{year}-"
    # By length first: 100,000 follows 99,999.
    last = max(
        (
            int(found[1])
            for number in Problem.objects.filter(number__startswith=prefix).values_list("number", flat=True)
            if (found := re.fullmatch(rf"{prefix}(\d+)", number))
        ),
        default=0,
    )
    while True:
        last += 1
        yield f"{prefix}{last:0{_DIGITS}d}"
