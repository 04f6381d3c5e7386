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


class Picture(models.Model):
    """What was read of a file that is a picture; nothing of it but `fault` where it could not be read.

    `fault` is a code of `images.faults`, `exif` what the picture says of itself (`images.Exif.plain`), `features` what
    it is recognised by (`images.Features.pack`), `version` that of the features. `compared_at` says since when it was
    compared with all that came before.
    """

    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="picture")
    fault = models.CharField(max_length=20, blank=True)
    format = models.CharField(max_length=10, blank=True)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    exif = models.JSONField(default=dict)
    features = models.BinaryField(default=bytes)
    version = models.SmallIntegerField()
    examined_at = models.DateTimeField(default=timezone.now)
    compared_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.file)


class Resemblance(models.Model):
    """Two pictures of which one was made from the other, each pair once: how they are alike (`images.Likeness`)."""

    later = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="earlier_ones")
    earlier = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="later_ones")
    likeness = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="resemblance_once"),
            models.CheckConstraint(condition=Q(later__gt=models.F("earlier")), name="resemblance_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.later} ~ {self.earlier}"


class PictureKey(models.Model):
    """Key under which a picture is found again (`images.keys`). Disposable: made anew from the features."""

    store = "scratch"

    key = models.IntegerField()
    picture = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key", "picture"], name="vault_picture_key")]


class PictureFiled(models.Model):
    """That the keys of a picture stand in `PictureKey`, all of them."""

    store = "scratch"

    picture = models.BigIntegerField(primary_key=True)


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
