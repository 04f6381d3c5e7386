"""Files by their content, and receipts: each time a file was handed in, under which name, for what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class File(models.Model):
    """Content received at least once; the bytes lie in the vault's folder under `sha256` and are never changed.

    `size` in bytes, `media_type` as sniffed from the content, hashes in lower-case hexadecimal.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    sm3 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="file_size_is_no_debt")]

    def __str__(self) -> str:
        return self.sha256


class Receipt(models.Model):
    """One handing in of a file: the name it was uploaded with, the purpose, and the object it belongs to.

    `kind` is the model's label ("plan.plan") and `object_id` its key as text, both "" while it belongs to nothing;
    who may read the object may read the file.
    """

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="receipts")
    name = models.CharField(max_length=255)
    purpose = models.CharField(max_length=40)
    kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    received_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["kind", "object_id"])]

    def __str__(self) -> str:
        return self.name
