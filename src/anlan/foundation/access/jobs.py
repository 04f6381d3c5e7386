"""Housekeeping of sessions, counters and one-time codes."""

from __future__ import annotations

import datetime as dt

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from anlan.foundation.access.models import PostCount, ResetCode, SignInCount
from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.settings import Words

# The journal has every sign-in; what the counters add to it, such as the browser, is for looking into trouble.
KEEP = dt.timedelta(days=30)


@job("access.clean", Words("清理过期的登录状态", "remove sessions that are over"))
def clean(step: Step) -> None:
    """Removes sessions that are over, lapsed failures and counts, and codes and sign-ins older than 30 days."""
    now = timezone.now()
    lapsed = now - dt.timedelta(minutes=settings.ANLAN.lock_minutes)
    minute = int(now.timestamp() // 60) - 1
    removed = 0
    for rows in (
        Session.objects.filter(expire_date__lt=now),
        AccessAttempt.objects.filter(attempt_time__lt=lapsed),
        AccessLog.objects.filter(attempt_time__lt=now - KEEP),
        SignInCount.objects.filter(minute__lt=minute),
        PostCount.objects.filter(minute__lt=minute),
        ResetCode.objects.filter(expires_at__lt=now - KEEP),
    ):
        removed += rows.delete()[0]
        step.progress(removed, 0, Words(f"清理 {removed} 条", f"{removed} removed"))


recurring("access.clean", Daily(dt.time(3, 40)), clean)
