"""What registers tell people: rows that are due, rows that are late."""

from __future__ import annotations

from anlan.foundation.notices.catalogue import declare
from anlan.settings import Words

declare(
    "registers.due",
    Words(
        "{register} {period}：本单位待报 {n} 条，{due} 前报送",
        "{register} {period}: {n} rows are to be handed in by {due}",
    ),
)
declare(
    "registers.late",
    Words(
        "{register} {period}：本单位 {n} 条逾期未报，截止日是 {due}",
        "{register} {period}: {n} rows are late; they were due on {due}",
    ),
)
