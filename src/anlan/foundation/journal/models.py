"""Entries of the journal and the blocks that seal them. Triggers in both stores refuse any other change."""

from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    """Whether the action was done or refused; a refusal is an entry as well."""

    DONE = "done"
    REFUSED = "refused"


class Block(models.Model):
    """Seal over the entries that were finished by then. `hash` covers number, the block before and every entry.

    `leaves` are the keys and hashes of its entries, by which a broken block says which entry broke it; they are as good
    as `hash`, which can be computed from them.
    """

    number = models.BigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    count = models.IntegerField()
    sealed_at = models.DateTimeField()
    # Null only in blocks from before there were leaves. A column that may be null is added without making the table
    # anew, which on SQLite would take the triggers away.
    leaves = models.BinaryField(null=True)

    class Meta:
        ordering = ["number"]


class Entry(models.Model):
    """One action: who, from where, what, on which object, with what result. Names stand as they were then.

    `actor` is the id of the account (None for the machine itself), `object_id` the key of the row as text, `details`
    canonical JSON with `before` and `after` where no event or revision holds them. `block` is set by the sealer.
    """

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    actor = models.BigIntegerField(null=True, db_index=True)
    actor_name = models.CharField(max_length=120)
    unit = models.BigIntegerField(null=True)
    unit_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    request = models.CharField(max_length=36, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    details = models.TextField(default="{}")
    block = models.ForeignKey(Block, null=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "object_id"]),
            # What the sealer looks for twice a second, and what an auditor looks for first; few entries are either.
            models.Index(fields=["id"], condition=models.Q(block__isnull=True), name="journal_unsealed"),
            models.Index(fields=["id"], condition=models.Q(outcome="refused"), name="journal_refused"),
        ]
