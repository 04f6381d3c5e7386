"""What is kept of an import for good: the file as it came, who handed it in, and the report of its dry run.

Written beside the dry run, which lies in scratch and is thrown away after two weeks.
"""

from __future__ import annotations

import io

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When

from anlan.foundation.access.actor import Actor
from anlan.foundation.sheets.models import Import, ImportRow, ImportRun, RowState, RunState
from anlan.foundation.sheets.registry import Importable
from anlan.foundation.vault import actions as vault
from anlan.foundation.vault import storing
from anlan.foundation.vault.types import SHEETS
from anlan.settings import InputError

# Rows of a report that are kept. The journal and the revisions tell every row that was written.
MOST = 500


def examined(actor: Actor, sheet: Importable, run: ImportRun, data: bytes, reason: str = "") -> Import:
    """Record of a file that was just examined; with its rows where the dry run is kept in scratch."""
    try:
        stored = storing.put(io.BytesIO(data), run.name, SHEETS)
    except InputError:
        # What can be read as a sheet and is none by its name or type is examined all the same, but not kept.
        stored = None
    with transaction.atomic():
        made = Import.objects.create(
            kind=sheet.code,
            action=sheet.action,
            account_id=actor.account_id,
            actor_name=actor.name[:120],
            name=run.name,
            size=run.size,
            sha256=run.sha256,
            run=run.pk,
            reason=reason[:500],
            **_told(run),
        )
        made.units.set(actor.units())
        if stored is not None:
            made.receipt = vault.enter(actor, stored, purpose="import", obj=made)
            made.save(update_fields=["receipt"])
    return made


def renewed(run: ImportRun) -> None:
    """The dry run was made anew: its record says so too."""
    Import.objects.filter(run=run.pk, sha256=run.sha256, account=run.account).update(**_told(run))


def published(run: ImportRun, reason: str) -> None:
    """The dry run was published. Cut off before this, its record still says examined, as the dry run does."""
    Import.objects.filter(run=run.pk, sha256=run.sha256, account=run.account).update(**_told(run), reason=reason[:500])


def _told(run: ImportRun) -> dict[str, object]:
    rows = _rows(run) if run.pk else []
    return {
        "state": RunState(run.state),
        "new": run.new,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "errors": run.errors,
        "faults": run.faults,
        "notices": run.notices,
        "published_at": run.published_at,
        "report": [[row.sheet, row.number, row.state, row.label, row.faults, row.changes] for row in rows[:MOST]],
        "cut": len(rows) > MOST,
    }


def _rows(run: ImportRun) -> list[ImportRow]:
    """Rows that say something, wrong ones first, one more than are kept."""
    wrong_first = Case(When(state=RowState.ERROR, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = run.rows.exclude(state=RowState.UNCHANGED).annotate(place=wrong_first).order_by("place", "pk")
    return list(rows.defer("values")[: MOST + 1])
