"""Which permission lets one read the files of an object: rooms register it by the kind of their object."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import Rule, may, visible

_OWNERS: dict[str, str] = {}


def readable_with(kind: str, permission: str) -> None:
    """Files of objects of this kind ("plan.plan") are read by those who hold the permission for the object.

    Declared once, in the `permissions.py` of the room that has the objects.
    """
    if _OWNERS.setdefault(kind, permission) != permission:
        raise ValueError(f"files of {kind} are declared twice")


def owners() -> dict[str, str]:
    """Kinds with the permission that reads them."""
    return dict(_OWNERS)


@dataclass(frozen=True)
class OfTheOwner(Rule):
    """Receipts of objects that the actor may read. Those of kinds that nobody registered are read by nobody."""

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        if obj is None:
            return actor.account_id is not None
        kind = obj.kind  # type: ignore[attr-defined]
        if kind not in _OWNERS:
            return False
        owner = apps.get_model(kind)._default_manager.filter(pk=obj.object_id).first()  # type: ignore[attr-defined]
        return owner is not None and may(actor, _OWNERS[kind], owner)

    def query(self, actor: Actor) -> Q:
        condition = Q(pk__in=())
        for kind, permission in _OWNERS.items():
            rows = visible(actor, permission, apps.get_model(kind)._default_manager.all())
            keys = rows.order_by().annotate(vault_key=Cast("pk", CharField())).values("vault_key")
            condition |= Q(kind=kind, object_id__in=keys)
        return condition
