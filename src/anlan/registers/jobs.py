"""What runs by itself: telling units of rows that are due and late."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.registers import todos
from anlan.registers.book import book
from anlan.settings import Words


@job("registers.remind", Words("提醒待报台账", "tell of rows that are due"))
def remind(step: Step) -> None:
    """Tells units, once each, of rows that are due and of rows that are late, and closes what is done."""
    today = timezone.localdate()
    for one in book().values():
        if one.spec.period is not None:
            todos.tell(one, today)


recurring("registers.remind_daily", Daily(dt.time(7, 45)), remind)
