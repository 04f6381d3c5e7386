"""Taking files in. They are called inside the action of the room that asked for the file."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models, transaction

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.vault import pictures, storing
from anlan.foundation.vault.models import File, Receipt
from anlan.foundation.vault.types import TYPES, Type


def receive(
    actor: Actor,
    stream: storing.Readable,
    name: str,
    *,
    purpose: str,
    allowed: Collection[Type] = TYPES,
    obj: models.Model | None = None,
) -> Receipt:
    """Takes a file in and gives its receipt. The same content twice is one file with two receipts.

    `obj` is the object it belongs to, whose room decides who reads it; without one only who handed it in does, until
    `attach`. Called inside a transaction the row is part of it; the file lies on the disk before.

    Raises InputError if it is too large, of no type allowed, or not what its name says.
    """
    demand(actor, "vault.receive")
    return enter(actor, storing.put(stream, name, allowed), purpose=purpose, obj=obj)


def enter(actor: Actor, stored: storing.Stored, *, purpose: str, obj: models.Model | None = None) -> Receipt:
    """Receipt of a file that `storing.put` has put into the vault: for large files, put before a transaction opens."""
    with acting(actor, "vault.receive") as act:
        file, _ = File.objects.get_or_create(
            sha256=stored.sums.sha256,
            defaults={
                "sm3": stored.sums.sm3,
                "size": stored.sums.size,
                "media_type": stored.type.media_type,
            },
        )
        kind, key = _owner(obj)
        receipt = Receipt.objects.create(
            file=file,
            name=stored.name,
            purpose=purpose,
            kind=kind,
            object_id=key,
            received_by_id=actor.account_id,
            received_by_name=actor.name[:120],
        )
        act.obj = receipt
        act.after = {"sha256": file.sha256, "sm3": file.sm3, "size": file.size, "purpose": purpose, "of": [kind, key]}
        pictures.tell(receipt)
    return receipt


def attach(actor: Actor, receipt: Receipt, obj: models.Model) -> None:
    """Says which object a receipt belongs to; once, and by who handed the file in."""
    with acting(actor, "vault.attach", receipt) as act:
        kind, key = _owner(obj)
        with transaction.atomic():
            # The condition, not the object in memory, decides: two may attach it at once.
            changed = Receipt.objects.filter(pk=receipt.pk, kind="").update(kind=kind, object_id=key)
        if changed != 1:
            raise ValueError(f"receipt {receipt.pk} already belongs to something")
        receipt.kind, receipt.object_id = kind, key
        act.after = {"of": [kind, key]}
        pictures.tell(receipt)


def _owner(obj: models.Model | None) -> tuple[str, str]:
    if obj is None:
        return "", ""
    if obj.pk is None:
        raise ValueError(f"{obj!r} is not saved yet, so no file can belong to it")
    return obj._meta.label_lower, str(obj.pk)
