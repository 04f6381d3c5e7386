"""Which indicator a target is bound to, which ones were refused for it, and what the rows said from day to day.

The indicator belongs to another room and is known by its ids only. `definition` is what it meant when a person
confirmed the binding: where that changed since, the page says so until somebody confirms it anew.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BindingState(models.TextChoices):
    """Bound: in force. Ended: taken off or replaced by another. Refused: proposed, and not what the target counts."""

    BOUND = "bound", _("已绑定")
    ENDED = "ended", _("已解除")
    REFUSED = "refused", _("已排除")


class Binding(models.Model):
    """Indicator for a target: `source` and `indicator` are its ids, `narrowed` [[field, value], …], `period` as asked.

    `water` lets t and m3 of water stand for each other. `title` and `told` are how the indicator was called and worked
    out when it was confirmed.
    """

    target = models.ForeignKey("plan.Target", on_delete=models.CASCADE, related_name="bindings")
    state = models.CharField(max_length=10, choices=BindingState.choices)
    source = models.CharField(max_length=30)
    indicator = models.CharField(max_length=40)
    narrowed = models.JSONField(default=list)
    period = models.CharField(max_length=10, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    water = models.BooleanField(default=False)
    definition = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    told = models.TextField(blank=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["target_id", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["target"], condition=Q(state="bound"), name="target_bound_once"),
            models.UniqueConstraint(
                fields=["target", "source", "indicator"], condition=Q(state="refused"), name="indicator_refused_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """What the rows said of a bound target on a day, in the target's unit: `value` is an integer of 10**-scale.

    Kept once a day and only when it differs from the one before, so that a summary of last month says what stood then.
    None for rows that gave no figure.
    """

    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="readings")
    day = models.DateField()
    value = models.BigIntegerField(null=True)
    scale = models.IntegerField(default=0)
    rows = models.IntegerField(default=0)

    class Meta:
        ordering = ["binding_id", "day"]
        constraints = [models.UniqueConstraint(fields=["binding", "day"], name="reading_once_a_day")]

    def __str__(self) -> str:
        return f"{self.binding} {self.day}"
