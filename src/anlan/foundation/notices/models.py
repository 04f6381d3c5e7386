"""What accounts are told: to-dos and messages, in words that are put together when they are read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """Something told to one account. `code` names the template of its words, `args` (JSON) fills it.

    `key` makes telling it twice tell it once. `closed_at` is set when what it asks for is done, by whomever; a closed
    notice asks for nothing any more.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    code = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    args = models.JSONField(default=dict)
    kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [models.UniqueConstraint(fields=["account", "code", "key"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["account", "read_at", "closed_at"]),
            models.Index(fields=["kind", "object_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be read and what it asks for to be done."""
        return self.read_at is None and self.closed_at is None
