"""Housekeeping of background work."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.foundation.jobs.models import FINISHED, Progress, Run
from anlan.settings import Words

KEEP = dt.timedelta(days=30)
_BATCH = 500


@job("jobs.clean", Words("清理后台处理记录", "remove old background work"))
def clean(step: Step) -> None:
    """Removes runs that finished more than 30 days ago, with their rows in the queue and their progress."""
    removed = 0
    old = Run.objects.filter(state__in=FINISHED, finished__lt=timezone.now() - KEEP)
    while batch := list(old.values_list("pk", "task")[:_BATCH]):
        keys = [pk for pk, _ in batch]
        with transaction.atomic():
            DBTaskResult.objects.filter(pk__in=[task for _, task in batch if task]).delete()
            Run.objects.filter(pk__in=keys).delete()
        Progress.objects.filter(run_id__in=keys).delete()
        removed += len(batch)
        step.progress(removed, 0, Words(f"清理 {removed} 条", f"{removed} removed"))


recurring("jobs.clean", Daily(dt.time(3, 30)), clean)
