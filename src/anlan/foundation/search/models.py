"""What can be found: one row an object, its tokens in the store's own full-text index."""

from __future__ import annotations

from django.db import models


class Hit(models.Model):
    """Object that can be found. `tokens` are what it is found by, separated by spaces (see `tokens.py`)."""

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    detail = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=200)
    tokens = models.TextField()

    class Meta:
        ordering = ["kind", "object_id"]
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="hit_once")]

    def __str__(self) -> str:
        return self.title
