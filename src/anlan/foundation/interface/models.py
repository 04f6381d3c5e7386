"""Tokens: what a program shows instead of a password. Only the hash of one is kept."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.foundation.screens.marks import Mark


class Token(models.Model):
    """Token of one account: what it may do (`scopes`, of those its account may), until which day.

    A token that is over or taken back is kept: the journal goes on naming it. `hint` is how it begins.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=16)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def works_on(self, day: dt.date) -> bool:
        """Whether it is neither over on this day nor taken back."""
        return self.revoked_at is None and day <= self.expires_on

    @property
    def state_mark(self) -> Mark:
        """State as pages show it."""
        if self.revoked_at is not None:
            return Mark(_("已收回"), "neutral")
        if not self.works_on(timezone.localdate()):
            return Mark(_("已过期"), "yellow")
        return Mark(_("有效"), "green")


class TokenUse(models.Model):
    """When a token was last used, to ten minutes; disposable, so that reading through the interface stays a read."""

    store = "scratch"

    token = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
