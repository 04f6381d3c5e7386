"""Reads of flows: what an actor may do next with an object, where it stands, and since when."""

from __future__ import annotations

from django.db import models

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.flow.flows import Flow, Transition
from anlan.foundation.flow.models import Event


def allowed(flow: Flow, state: str, actor: Actor, obj: models.Model) -> list[Transition]:
    """Steps out of a state that the actor may take with the object: the buttons of its page."""
    return [step for step in flow.leaving(state) if may(actor, step.permission, obj)]


def events(flow: Flow, obj: models.Model) -> models.QuerySet[Event]:
    """Events of an object in this flow, the oldest first."""
    return Event.objects.filter(flow=flow.code, kind=obj._meta.label_lower, object_id=obj.pk).order_by("pk")


def replayed(flow: Flow, obj: models.Model) -> str:
    """State of an object as its events tell it; ValueError where they do not fit the flow."""
    return flow.replay(list(events(flow, obj).values_list("transition", flat=True)))
