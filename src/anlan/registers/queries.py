"""Reads of registers: rows one may see, as they are and as they were; history; what others offer to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.registers import grants, tables
from anlan.registers.book import Installed, book
from anlan.registers.drafting import Draft, Drafter
from anlan.registers.missing import Missing, missing
from anlan.registers.models import Did, Revision, Row
from anlan.registers.naming import Naming
from anlan.registers.spec import values
from anlan.registers.spec.model import FILES, NUMBERS, PERIOD, STATE, Field, Spec, Type

DEGREE = 10**values.POINT_SCALE


def registers(actor: Actor) -> list[Installed]:
    """Registers of which the actor may read any row, in the order of their groups."""
    return [one for one in book().values() if grants.reads(actor, one.spec)]


def rows(actor: Actor, installed: Installed) -> QuerySet[Any]:
    """Live rows that the actor may read, as projected."""
    condition = grants.reads(actor, installed.spec).query()
    return installed.rows.none() if condition is None else installed.rows.filter(condition)


def found(actor: Actor, installed: Installed, key: int) -> Row | None:
    """Row by its key, deleted ones too, if the actor may read it."""
    row = Row.objects.filter(pk=key, register=installed.register).select_related("register", "unit").first()
    if row is None or not grants.reads(actor, installed.spec).has(row.unit_id, row.place):
        return None
    return row


def holding(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of the rows in which each of the words stands."""
    for word in text.casefold().split():
        queryset = queryset.filter(words__contains=word)
    return queryset


def narrowed(installed: Installed, queryset: QuerySet[Any], asked: Mapping[str, str]) -> QuerySet[Any]:
    """Rows narrowed by unit (key), place (code, with all within it), period, state and choice fields."""
    spec = installed.spec
    for key, value in asked.items():
        if not value:
            continue
        if key == "unit":
            queryset = queryset.filter(unit_id=int(value))
        elif key == "place":
            queryset = queryset.filter(place__startswith=value)
        elif key in (PERIOD, STATE):
            queryset = queryset.filter(**{key: value})
        else:
            field = spec.field(key)
            column = tables.column(field)
            if field.type is Type.YESNO:
                queryset = queryset.filter(**{column: value == "yes"})
            elif field.type is Type.PLACE:
                queryset = queryset.filter(**{f"{column}__startswith": value})
            else:
                queryset = queryset.filter(**{column: value})
    return queryset


def private(actor: Actor, installed: Installed) -> frozenset[str]:
    """Fields that the actor does not get to see: those only for who fills the register."""
    if grants.fills(actor, installed.spec):
        return frozenset()
    return frozenset(one.id for one in installed.spec.fields if one.private)


def cell(field: Field, line: Any) -> Any:
    """Value of a field in a projected row: exact number, date, text, truth; names are put in by the page."""
    if field.type is Type.POINT:
        lon, lat = (getattr(line, f"{tables.column(field)}_{part}") for part in ("lon", "lat"))
        return None if lon is None else (lon / DEGREE, lat / DEGREE)
    value = getattr(line, tables.column(field))
    return values.unscaled(field, value) if field.type in NUMBERS else value


def current(installed: Installed, row: Row, naming: Naming | None = None) -> Draft:
    """Row as it stands, with its computed fields and warnings worked out now."""
    from anlan.registers.projection import drafted

    revision = Revision.objects.get(row=row, number=row.revision)
    drafter = Drafter(installed, naming)
    draft = drafted(drafter, row, revision)
    drafter.finish([draft])
    return draft


@dataclass(frozen=True, slots=True)
class Told:
    """Revision as a page tells it: what it did, and each value that changed, old and new."""

    revision: Revision
    did: str
    changes: tuple[tuple[str, str, str], ...]


def story(installed: Installed, row: Row, lang: str, hidden: frozenset[str], naming: Naming) -> list[Told]:
    """History of a row, the latest first."""
    told = []
    before: dict[str, Any] = {}
    state = ""
    for revision in row.revisions.all():
        changes = []
        for id in dict.fromkeys([*before, *revision.values]):
            old, new = before.get(id), revision.values.get(id)
            if old != new and id not in hidden and revision.did != Did.ADD:
                title, field = _title(installed.spec, id, lang), installed.spec.by_id.get(id)
                changes.append((title, _told(field, old, lang, naming), _told(field, new, lang, naming)))
        if state != revision.state and revision.did != Did.ADD:
            changes.append(
                (
                    _title(installed.spec, STATE, lang),
                    _state(installed, state, lang),
                    _state(installed, revision.state, lang),
                )
            )
        told.append(Told(revision, str(Did(revision.did).label), tuple(changes)))
        before, state = revision.values, revision.state
    return told[::-1]


def _title(spec: Spec, id: str, lang: str) -> str:
    if id in (PERIOD, STATE):
        return {"zh": {PERIOD: "期次", STATE: "状态"}, "en": {PERIOD: "Period", STATE: "State"}}[lang][id]
    return spec.by_id[id].title.speak(lang) if id in spec.by_id else id


def _told(field: Field | None, value: Any, lang: str, naming: Naming) -> str:
    if value is None:
        return ""
    return str(value) if field is None else naming.told(field, value, lang)


def _state(installed: Installed, id: str, lang: str) -> str:
    state = installed.spec.state(id)
    return state.title.speak(lang) if state else id


def as_of(actor: Actor, installed: Installed, day: dt.date) -> QuerySet[Revision]:
    """Revisions in force at the end of a day (in the district's time) of rows that stood then and may be read now."""
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    condition = grants.reads(actor, installed.spec).query()
    if condition is None:
        return Revision.objects.none()
    mine = Row.objects.filter(condition, register=installed.register)
    last = Revision.objects.filter(row=OuterRef("row"), at__lt=end).order_by("-number").values("number")[:1]
    return (
        Revision.objects.filter(row__in=mine, at__lt=end, number=Subquery(last))
        .exclude(did=Did.DELETE)
        .select_related("row")
        .order_by("row__label", "row_id")
    )


def as_json(
    installed: Installed, kept: Mapping[str, Any], naming: Naming, hidden: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Values as the interface gives them: names of units, codes of divisions, keys of rows, exact numbers as texts."""
    found: dict[str, Any] = {}
    if installed.spec.period:
        found[PERIOD] = kept.get(PERIOD)
    for field in installed.spec.fields:
        if field.id in hidden:
            continue
        value = kept.get(field.id)
        if value is not None and field.type is Type.UNIT:
            value = naming.told(field, value, "zh")
        elif value is not None and field.type is Type.REFERENCE:
            value = {"id": value, "key": naming.natural(value), "label": naming.told(field, value, "zh")}
        found[field.id] = [] if value is None and field.type in FILES else value
    return found


def suggestions(actor: Actor, installed: Installed, text: str, limit: int = 20) -> list[tuple[str, str]]:
    """Rows of a register to choose from, (natural key, label), in which the words stand."""
    there = holding(rows(actor, installed), text).order_by("label")[:limit]
    keys = dict(Row.objects.filter(pk__in=[one.row_id for one in there]).values_list("pk", "key"))
    return [(keys[one.row_id].replace("\x1f", " "), one.label) for one in there]


def counted(actor: Actor, given: Iterable[Installed]) -> dict[str, int]:
    """Number of rows that the actor may read, by register. One query each."""
    return {one.code: rows(actor, one).count() for one in given}


def deleted(actor: Actor, installed: Installed) -> QuerySet[Row]:
    """Deleted rows that the actor may read."""
    condition = grants.reads(actor, installed.spec).query()
    there = Row.objects.filter(register=installed.register, deleted=True)
    return there.none() if condition is None else there.filter(condition or Q())


def owed(actor: Actor) -> list[tuple[Installed, Missing]]:
    """Rows that are owed and not there, of the registers that the actor fills, the latest period first."""
    found = []
    for one in book().values():
        if one.spec.period is None or not grants.fills(actor, one.spec):
            continue
        found += [(one, gap) for gap in missing(one, actor)]
    return found
