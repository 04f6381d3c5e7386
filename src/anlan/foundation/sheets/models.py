"""Dry runs of imports: what a file would change. Disposable, so they lie in the scratch store."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """How far an import is."""

    STAGED = "staged", _("待发布")
    PUBLISHED = "published", _("已发布")


class RowState(models.TextChoices):
    """What a row of the file would do."""

    ERROR = "error", _("有误")
    NEW = "new", _("新增")
    CHANGED = "changed", _("变更")
    UNCHANGED = "unchanged", _("无变化")


class ImportRun(models.Model):
    """One file as checked: counts, what is wrong with the whole, and the digest of what it would change."""

    store: ClassVar[str] = "scratch"

    kind = models.CharField(max_length=60)
    account = models.BigIntegerField(null=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    # Whether rows that are wrong keep the others from being published.
    partial = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.STAGED)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "account"])]

    def __str__(self) -> str:
        return self.name

    @property
    def work(self) -> int:
        """Rows that publishing writes."""
        return self.new + self.changed

    @property
    def is_publishable(self) -> bool:
        """Whether it has no error that is in the way, changes something, and was not published yet."""
        sound = self.partial or not (self.errors or self.faults)
        return self.state == RunState.STAGED and sound and bool(self.new or self.changed)


class ImportRow(models.Model):
    """Row of a file: values as read, what is wrong in it, what it would change."""

    store: ClassVar[str] = "scratch"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    # Name of its sheet, "" where a file has but one that counts.
    sheet = models.CharField(max_length=100, blank=True)
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=RowState.choices)
    label = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    changes = models.JSONField(default=list)

    class Meta:
        # As in the file: sheet by sheet.
        ordering = ["pk"]
        indexes = [models.Index(fields=["run", "state"])]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class Import(models.Model):
    """File that was examined, and what became of it: kept when its dry run is long gone.

    `action` is the permission of its sheet, `units` are those of who handed it in. `report` lists rows as the last dry
    run told them, wrong ones first, and `cut` says that there were more. `run` is the dry run in the scratch store.
    """

    kind = models.CharField(max_length=60, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=120)
    units = models.ManyToManyField("org.Unit", related_name="+")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    receipt = models.ForeignKey("vault.Receipt", null=True, on_delete=models.PROTECT, related_name="+")
    run = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.STAGED)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    faults = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    report = models.JSONField(default=list)
    cut = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.name
