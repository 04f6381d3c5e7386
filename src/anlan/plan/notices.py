"""What the plan room tells people."""

from __future__ import annotations

from anlan.foundation.notices.catalogue import declare
from anlan.settings import Words

declare(
    "plan.issued",
    Words(
        "《{plan}》已下达，本单位报告 {reports} 条、配合 {contributions} 条",
        "{plan} is issued: {reports} tasks to report on and {contributions} to contribute to",
    ),
)
