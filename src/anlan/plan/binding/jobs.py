"""What runs by itself: keeping what the rows say of bound targets, each evening."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.plan.binding import actions, queries
from anlan.plan.binding.models import BindingState
from anlan.plan.models import Target
from anlan.settings import Words


@job("target.read", Words("记录目标的台账数", "keep what registers say of targets"))
def read(step: Step) -> None:
    """Keeps the figures of every bound target whose figure changed; run twice on a day it keeps the later one."""
    rows = Target.objects.filter(bindings__state=BindingState.BOUND).distinct()
    found = queries.bound(list(rows)).values()
    actions.keep(list(found), timezone.localdate())


recurring("target.read", Daily(dt.time(23, 30)), read)
