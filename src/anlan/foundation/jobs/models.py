"""Runs of background work, their progress, and when recurring work is due."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Waiting for a worker, running under a lease, or finished one way or the other."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("正在处理")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


FINISHED = frozenset({RunState.DONE, RunState.FAILED})


class Run(models.Model):
    """One piece of background work: the job's code, its arguments, who started it and how far it came.

    A worker holds it by `lease` until `lease_until`; whoever changes a running row names the lease, so that a worker
    which lost it changes nothing. `task` is the id of the row in the queue. `key` makes starting it twice start it
    once. `url` leads to what came of it. `error_zh` and `error_en` say why it failed.
    """

    job = models.CharField(max_length=60, db_index=True)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=RunState.choices, default=RunState.WAITING, db_index=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=120)
    key = models.CharField(max_length=200, null=True, unique=True)
    task = models.UUIDField(null=True, db_index=True)
    attempts = models.IntegerField(default=0)
    lease = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    url = models.CharField(max_length=300, blank=True)
    error_zh = models.TextField(blank=True)
    error_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False) & ~Q(lease=""),
                name="run_runs_under_a_lease",
            )
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in FINISHED


class Due(models.Model):
    """When a recurring job runs next, and when it last was started; its table is in code."""

    code = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    last_run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Disposable:
    """Rows that may be thrown away.

    A base of its own, because migrations keep the bases of a model and forget what else its class says: the router
    would make the table in the wrong store.
    """

    store = "scratch"


class Progress(Disposable, models.Model):
    """How far a run is: `done` of `total` (0 while unknown), with words. Disposable, so not in the business store."""

    run_id = models.BigIntegerField(primary_key=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    words_zh = models.CharField(max_length=300, blank=True)
    words_en = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
