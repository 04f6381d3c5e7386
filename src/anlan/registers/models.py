"""Registers with the versions of their specs, rows, and the revisions that are the truth about them.

The values of a row stand in its latest revision, as JSON (`spec.values` says in which form). Beside it each register
has a table of its own with typed columns, made by the engine (`projection`), which can be rebuilt from the revisions.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.settings import Words


class Register(models.Model):
    """Register that is installed. `version` and `digest` are those of the spec in force, `table` holds its projection.

    One that no spec declares any more is `retired`: its rows stay readable, none is added.
    """

    code = models.CharField(max_length=30, unique=True)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200)
    group = models.CharField(max_length=40, blank=True)
    version = models.IntegerField()
    digest = models.CharField(max_length=64, default="")
    table = models.CharField(max_length=60)
    origin = models.CharField(max_length=10)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["group", "code"]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> Words:
        """Title in both languages."""
        return Words(self.title_zh, self.title_en)


class SpecVersion(models.Model):
    """Version of a spec, as its file was. `report` is what did not fit any more when it was installed."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    effective = models.DateField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    report = models.JSONField(default=list)
    installed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["register_id", "number"]
        constraints = [models.UniqueConstraint(fields=["register", "number"], name="spec_numbered_once")]

    def __str__(self) -> str:
        return f"{self.register} v{self.number}"


class Row(models.Model):
    """Row of a register. `key` is its natural key, folded; `unit` and `place` (division code) whose it is.

    `revision` is the number of its latest revision; `state` and `deleted` are those of that one.
    """

    # The unique key begins with it: an index of its own would only cost.
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="rows", db_index=False)
    key = models.CharField(max_length=400)
    label = models.CharField(max_length=300)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=40, blank=True)
    deleted = models.BooleanField(default=False)
    revision = models.IntegerField(default=1)
    sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["register_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "key"], name="row_keyed_once"),
        ]

    def __str__(self) -> str:
        return self.label


class Did(models.TextChoices):
    """What a revision did to its row."""

    ADD = "add", _("新增")
    CORRECT = "correct", _("更正")
    MOVE = "move", _("变更状态")
    DELETE = "delete", _("删除")
    RESTORE = "restore", _("恢复")


class Revision(models.Model):
    """State of a row from one moment to the next revision; never changed, which triggers in both stores see to.

    `values` is all that the row held then, under the spec version `version`; `source` says how it came: form, api,
    console, or sheet with the SHA-256 of the file.
    """

    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.IntegerField()
    did = models.CharField(max_length=10, choices=Did.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    unit_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    source = models.CharField(max_length=80, blank=True)
    version = models.IntegerField()
    state = models.CharField(max_length=40, blank=True)
    values = models.JSONField()

    class Meta:
        ordering = ["row_id", "number"]
        constraints = [models.UniqueConstraint(fields=["row", "number"], name="revision_numbered_once")]

    def __str__(self) -> str:
        return f"{self.row_id} r{self.number}"
