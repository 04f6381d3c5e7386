"""The events of flows: one a transition, never changed. A stored state is only a cache of them."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class AppendOnlyError(RuntimeError):
    """Code tried to change or delete an event."""

    def __init__(self) -> None:
        super().__init__("events are never changed or deleted; take another step")


class Events(models.QuerySet["Event"]):
    """Events, which can be read and added to."""

    def update(self, **values: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnlyError


class Event(models.Model):
    """Transition that an object made: who, when, from where to where, why, on what evidence (keys of receipts).

    Triggers in both stores refuse to change one and to take one away.
    """

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

    objects = Events.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.transition} {self.kind} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the event; refused for one that is there."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError
