"""Views of lists that people keep: a name for an address with its search, filters and order."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SavedView(models.Model):
    """Search, filters and order of one list (`query`, as in its address), under a name of the account's own."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="views")
    path = models.CharField(max_length=200)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["path", "name"]
        constraints = [models.UniqueConstraint(fields=["account", "path", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the view opens."""
        return f"{self.path}?{self.query}" if self.query else self.path
