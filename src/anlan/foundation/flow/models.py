"""The events of flows: one a transition, never changed. A stored state is only a cache of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """Transition that an object made: who, when, from where to where, why, on what evidence (keys of receipts)."""

    flow = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    transition = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    actor = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.transition} {self.kind} {self.object_id}"
