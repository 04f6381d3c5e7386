"""What accounts are told: to-dos and messages, in words that are put together when they are read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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


class MailAddress(models.Model):
    """Address at which an account agreed to get its notices by e-mail. Taken back, the row is removed."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_address")
    address = models.EmailField(max_length=254)
    agreed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["account_id"]


class Way(models.TextChoices):
    """Ways out of the house."""

    MAIL = "mail", _("电子邮件")
    WEBHOOK = "webhook", _("推送接口")


class State(models.TextChoices):
    """States of a delivery. Dropped is one that nobody needs any more, or that has no address to go to."""

    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已送达")
    FAILED = "failed", _("发送失败")
    DROPPED = "dropped", _("无须发送")


class Delivery(models.Model):
    """One notice on one way out, written with the notice. `fault` says in a few words why the last attempt failed."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=10, choices=Way.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)
    fault = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["notice", "way"], name="delivery_once_a_way")]
        indexes = [models.Index(fields=["state", "next_at"], name="delivery_waiting")]

    def __str__(self) -> str:
        return f"{self.way} {self.notice_id}"
