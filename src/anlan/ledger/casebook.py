"""Problems of the room as cases for the signs (`ledger.integrity`): their reports, steps, pictures, events, visits.

Read in few questions however many problems there are, since what is used twice shows only when all are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Literal, cast

from django.db.models import QuerySet

from anlan.foundation.flow.models import Event as Step
from anlan.foundation.vault.images import Exif, unpack
from anlan.foundation.vault.models import Picture
from anlan.ledger.integrity import Case, Photo, of_picture
from anlan.ledger.integrity import cases as parts
from anlan.ledger.models import Entry, Evidence, Problem

_KIND: Final = "ledger.problem"
# Steps of the flow as the signs name them.
_STEPS: Final = {
    "approve": "planned",
    "finish": "self_done",
    "check": "checked",
    "accept": "accepted",
    "publish": "noticed",
    "close": "closed",
    "reopen": "reopened",
}
_ROLES: Final = {Evidence.Kind.BEFORE: "before", Evidence.Kind.AFTER: "after", Evidence.Kind.VISIT: "other"}


def cases(problems: QuerySet[Problem]) -> tuple[Case, ...]:
    """Cases of these problems, by number."""
    rows = list(
        problems.select_related("lead", "supervisor")
        .prefetch_related("steps", "reports__unit", "evidence", "visits__unit", "extensions", "entries", "responsible")
        .order_by("number")
    )
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(kind=_KIND, object_id__in=[row.pk for row in rows]).order_by("pk"):
        steps[step.object_id].append(step)
    hashes = {one.sha256 for row in rows for one in row.evidence.all()}
    pictures = {one.file.sha256: one for one in Picture.objects.filter(file__sha256__in=hashes).select_related("file")}
    return tuple(_case(row, steps[row.pk], pictures) for row in rows)


def _case(row: Problem, steps: list[Step], pictures: dict[str, Picture]) -> Case:
    evidence = list(row.evidence.all())
    units = dict.fromkeys(unit.short_name for unit in ([row.lead] if row.lead else []) + list(row.responsible.all()))
    visits = [one for one in row.visits.all() if one.stage in ("preliminary", "acceptance")]
    verifier = dict.fromkeys(one.unit.short_name for one in visits) or (
        {row.supervisor.short_name: None} if row.supervisor else {}
    )
    return Case(
        row.number,
        title=row.title,
        text=row.text[:20_000],
        place_name=row.place[:200],
        place=_place(row),
        goal_approved=row.goal[:20_000],
        measures=tuple(_measures(row)),
        deadline=row.first_deadline or row.deadline,
        responsible=tuple(units),
        verifier=tuple(verifier),
        photos=tuple(_photo(one, pictures[one.sha256]) for one in evidence if one.sha256 in pictures),
        reports=tuple(
            parts.Report(
                str(one.pk),
                one.at,
                one.text[:20_000],
                None if one.percent is None else Decimal(one.percent),
                one.unit.short_name,
            )
            for one in row.reports.all()
        ),
        events=(*_events(steps), *_extensions(row)),
        receipts=tuple(
            parts.Receipt(str(one.pk), kind="invoice") for one in evidence if one.kind == Evidence.Kind.RECEIPT
        ),
        evidence=tuple(
            parts.Evidence(str(one.pk), one.get_kind_display()) for one in evidence if one.sha256 not in pictures
        ),
        disclosures=tuple(_disclosures(row.entries.all())),
    )


def _place(row: Problem) -> parts.Place | None:
    if row.lon_e6 is None or row.lat_e6 is None:
        return None
    return parts.Place(row.lon_e6 / 1e6, row.lat_e6 / 1e6)


def _measures(row: Problem) -> Iterable[str]:
    steps = [one.text for one in row.steps.all()]
    return steps or [line for line in row.measures.splitlines() if line.strip()]


def _photo(one: Evidence, picture: Picture) -> Photo:
    exif = Exif.of_plain(picture.exif) if picture.exif else Exif()
    role = cast("parts.Role", _ROLES.get(cast("Any", one.kind), "other"))
    name = f"{one.pk} {one.name}"[:200]
    features = unpack(bytes(picture.features)).text() if picture.features else None
    return of_picture(name, exif, features, one.sha256, role=role, report=str(one.at.date()), handed_in=one.at)


def _events(steps: list[Step]) -> Iterable[parts.Event]:
    for step in steps:
        kind = _STEPS.get(step.transition)
        if kind:
            # What is proven by the account counts, not what somebody is called.
            person = f"{step.actor_name} #{step.actor}" if step.actor else ""
            yield parts.Event(cast("Literal['planned']", kind), step.at, person=person)


def _extensions(row: Problem) -> Iterable[parts.Event]:
    for one in row.extensions.all():
        if one.granted and one.answered_at:
            yield parts.Event("extended", one.answered_at, until=one.new)


def _disclosures(entries: Iterable[Entry]) -> Iterable[parts.Disclosure]:
    for one in entries:
        try:
            # Only a whole day can be held against another day.
            at = dt.date.fromisoformat(one.disclosed)
        except ValueError:
            continue
        yield parts.Disclosure((one.source or one.ledger)[:200], at)
