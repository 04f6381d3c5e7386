"""Ledgers taken in: the file as received, a dry run that a person looks at, then all of it in one transaction.

Nothing is half taken in: the rows of a dry run lie in the disposable store, and what comes of them is written at once.
A job that was cut off begins anew.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Division, Unit
from anlan.foundation.search import index
from anlan.foundation.vault import queries as vault
from anlan.foundation.vault import storing
from anlan.foundation.vault.actions import enter
from anlan.foundation.vault.models import Receipt
from anlan.foundation.vault.types import SHEETS
from anlan.ledger import linking
from anlan.ledger.comparing import Known, compare, fingerprint
from anlan.ledger.models import Entry, Intake, IntakeLine, Origin, Problem, Standing
from anlan.ledger.numbering import numbers
from anlan.ledger.reading import FIELD_WORDS, Field, Record, read
from anlan.settings import InputError, Words

Told = Callable[[int, int], None]
# Of what a reading found doubtful or left out, as many are kept as a person reads.
_TOLD = 300
_BATCH = 500
_FIELDS = frozenset(field.value for field in Field)


def receive(
    actor: Actor, stream: storing.Readable, name: str, *, ledger: str = "", origin: str = "", sample: bool = False
) -> Intake:
    """Keeps a ledger as received. Nothing is read yet.

    `ledger` is the list that the file is an edition of (default: the name of the file). Raises InputError if it is too
    large or no sheet.
    """
    demand(actor, "ledger.take")
    stored = storing.put(stream, name, SHEETS)
    title = " ".join(ledger.split())[:200] or stored.name.rsplit(".", 1)[0][:200]
    with acting(actor, "ledger.take") as act:
        made = Intake.objects.create(
            ledger=title,
            origin=origin if origin in Origin.values else Origin.OTHER,
            file_name=stored.name,
            sha256=stored.sums.sha256,
            by_id=actor.account_id,
            sample=sample or actor.sample,
        )
        made.receipt = enter(actor, stored, purpose="ledger.intake", obj=made).pk
        made.save(update_fields=["receipt"])
        act.obj = made
        act.after = {"file": stored.name, "ledger": title}
    return made


def set_columns(actor: Actor, intake: Intake, mapping: dict[str, str]) -> None:
    """Corrects what columns hold (key of a column to field, "" for none); remembered for the next edition.

    InputError for a field that there is not, or an intake that is done.
    """
    with acting(actor, "ledger.take", intake) as act:
        if intake.state == Intake.State.TAKEN:
            raise InputError(Words(f"{intake} 已收入，不能再改列", f"{intake} was taken in already"))
        wrong = sorted({name for name in mapping.values() if name and name not in _FIELDS})
        if wrong:
            raise InputError(*(Words(f"没有“{name}”这一项", f"there is no field {name}") for name in wrong))
        act.before = {"mapping": intake.mapping}
        intake.mapping = mapping
        intake.state = Intake.State.READING
        intake.save(update_fields=["mapping", "state"])
        act.after = {"mapping": mapping}


def remembered(intake: Intake) -> dict[str, str]:
    """Columns as a person decided them for the edition before; by title, since columns move."""
    last = Intake.objects.filter(ledger=intake.ledger, state=Intake.State.TAKEN).exclude(pk=intake.pk).first()
    return dict((last.report or {}).get("by_title", {})) if last else {}


def look(intake: Intake, told: Told = lambda done, total: None) -> None:
    """Dry run: reads the file, compares it with the edition before and keeps the rows for the look of a person.

    Raises InputError if it is no table. Run again, it begins anew.
    """
    receipt = Receipt.objects.select_related("file").get(pk=intake.receipt or 0)
    with vault.open_file(receipt.file) as file:
        data = file.read()
    towns = list(Division.objects.exclude(kind="village").values_list("name", flat=True))
    columns = {key: (Field(name) if name else None) for key, name in intake.mapping.items()}
    reading = read(data, intake.file_name, columns=columns or None, towns=towns)
    own = remembered(intake)
    if not columns and own:
        known = {
            _column(one.sheet, one.column): (Field(own[one.title]) if own[one.title] else None)
            for one in reading.proposals
            if one.title in own
        }
        reading = read(data, intake.file_name, columns=known, towns=towns)
        intake.mapping = {key: field.value if field else "" for key, field in known.items()}
    rows = [record.plain() for record in reading.records]
    before = [
        Known(pk, mark, data)
        for pk, mark, data in Entry.objects.filter(ledger=intake.ledger, in_force=True).values_list(
            "pk", "fingerprint", "data"
        )
    ]
    edition = compare(rows, before)
    lines = []
    entry: int | None
    changes: dict[str, Any]
    for at, row in enumerate(rows):
        if at in edition.same:
            standing, entry, changes = Standing.SAME, edition.same[at], {}
        elif at in edition.changed:
            (entry, changes), standing = edition.changed[at], Standing.CHANGED
        else:
            standing, entry, changes = Standing.NEW, None, {}
        lines.append(IntakeLine(intake=intake.pk, order=at, data=row, standing=standing, entry=entry, changes=changes))
    with transaction.atomic(using="scratch"):
        IntakeLine.objects.filter(intake=intake.pk).delete()
        for at in range(0, len(lines), _BATCH):
            IntakeLine.objects.bulk_create(lines[at : at + _BATCH])
            told(at, len(lines))
    by_title = {one.title: (one.field.value if one.field else "") for one in reading.proposals if one.title}
    plain = reading.plain()
    intake.counts = {
        "records": len(rows),
        "new": len(edition.new),
        "changed": len(edition.changed),
        "same": len(edition.same),
        "gone": len(edition.gone),
        "left_out": len(reading.left_out),
        "doubts": len(reading.doubts),
    }
    intake.report = {
        "columns": plain["columns"],
        "by_title": by_title,
        "left_out": plain["left_out"][:_TOLD],
        "doubts": [
            {
                "sheet": one.sheet,
                "row": one.row,
                "field": FIELD_WORDS[one.field].zh if one.field else "",
                "field_en": FIELD_WORDS[one.field].en if one.field else "",
                "zh": one.words.zh,
                "en": one.words.en,
            }
            for one in reading.doubts[:_TOLD]
        ],
        "gone": edition.gone[:_TOLD],
    }
    intake.state = Intake.State.READ
    intake.save(update_fields=["counts", "report", "state", "mapping"])


def failed(intake: Intake, error: InputError) -> None:
    """Keeps why a file could not be read."""
    intake.state = Intake.State.FAILED
    intake.report = {"errors": [{"zh": one.zh, "en": one.en} for one in error.problems]}
    intake.save(update_fields=["state", "report"])


def take(actor: Actor, intake: Intake, told: Told = lambda done, total: None) -> dict[str, int]:
    """Takes in what the dry run showed; gives the counts. InputError if it has not been read, or was taken in before.

    Each new row becomes a problem of its own. What is certainly the same is merged by rule, which can be taken apart;
    what is likely the same waits for a person.
    """
    demand(actor, "ledger.take", intake)
    lines = list(IntakeLine.objects.filter(intake=intake.pk))
    if intake.state == Intake.State.READ and len(lines) != intake.counts.get("records", 0):
        raise InputError(
            Words(f"{intake} 的预检已过期，请重新读取", f"the look at {intake} has expired: read it again")
        )
    # Found before the transaction: merging a hundred thousand rows takes a minute.
    new = [line for line in lines if line.standing == Standing.NEW]
    found = linking.find(intake.ledger, [(line.order, Record(**_record(line.data))) for line in new])
    told(1, 2)
    with acting(actor, "ledger.take", intake) as act:
        changed = Intake.objects.filter(pk=intake.pk, state=Intake.State.READ).update(
            state=Intake.State.TAKEN, taken_at=timezone.now()
        )
        if not changed:
            raise InputError(
                Words(
                    f"{intake} 不在“待确认”状态，可能已由他人收入", f"{intake} does not wait to be confirmed any more"
                )
            )
        made = _problems(actor, intake, new)
        _amended(intake, [line for line in lines if line.standing == Standing.CHANGED])
        merged, likely = linking.write(actor, made, found)
        counts = {
            "new": len(made),
            "changed": intake.counts["changed"],
            "same": intake.counts["same"],
            "merged": merged,
            "likely": likely,
        }
        act.after = {"file": intake.file_name, **counts}
        intake.counts = {**intake.counts, "merged": merged, "likely": likely}
        intake.save(update_fields=["counts"])
    intake.refresh_from_db()
    IntakeLine.objects.filter(intake=intake.pk).delete()
    index.put("problem", Problem.objects.filter(pk__in=[problem.pk for problem in made.values()]))
    return counts


def _column(sheet: str | None, column: str) -> str:
    return f"{sheet}!{column}" if sheet else column


def _record(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "rows": tuple(data["rows"])}


def _problems(actor: Actor, intake: Intake, lines: Iterable[IntakeLine]) -> dict[int, Problem]:
    """A problem and its entry for each new row; by the order of the row."""
    units = Units()
    divisions = {one.name: one.pk for one in Division.objects.filter(kind__in=("town", "township", "street"))}
    number = numbers(timezone.localdate().year)
    today = timezone.localdate()
    made: dict[int, Problem] = {}
    owners: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        data = line.data
        deadline = _day(data.get("deadline"))
        own = [unit for name in (data.get("lead"), data.get("unit_text")) for unit in units.named(name)]
        lead = next(iter(units.named(data.get("lead"))), own[0] if own else None)
        supervisor = next(iter(units.named(data.get("supervise"))), None)
        text = data.get("description") or ""
        problem = Problem(
            number=next(number),
            title=" ".join(text.split())[:60] or "—",
            text=text,
            place=(data.get("place") or "")[:300],
            division_id=divisions.get(data.get("town") or ""),
            river=(data.get("river") or "")[:100],
            company=(data.get("company") or "")[:200],
            kind=linking.kind_of(text, data.get("kind") or ""),
            lon_e6=_micro(data.get("lon"), 180),
            lat_e6=_micro(data.get("lat"), 90),
            found=data.get("disclosed") or "",
            term=linking.term_of(data.get("deadline_text") or "", deadline),
            goal=data.get("goal") or "",
            measures=data.get("measures") or "",
            deadline=deadline,
            first_deadline=deadline,
            lead_id=lead,
            supervisor_id=supervisor,
            registered_on=today,
            sample=intake.sample,
            created_by_id=actor.account_id,
        )
        if problem.lon_e6 is None or problem.lat_e6 is None:
            problem.lon_e6 = problem.lat_e6 = None
        owners[problem.number] = list(dict.fromkeys(own))
        made[line.order] = problem
    Problem.objects.bulk_create(made.values(), batch_size=_BATCH)
    through = Problem.responsible.through
    through.objects.bulk_create(
        [through(problem_id=problem.pk, unit_id=unit) for problem in made.values() for unit in owners[problem.number]],
        batch_size=_BATCH,
    )
    Entry.objects.bulk_create(
        [_entry(intake, line, made[line.order].pk) for line in lines if line.order in made], batch_size=_BATCH
    )
    return made


def _entry(intake: Intake, line: IntakeLine, problem: int, replaces: int | None = None) -> Entry:
    data = {name: value for name, value in line.data.items() if name != "original"}
    return Entry(
        problem_id=problem,
        intake=intake,
        ledger=intake.ledger,
        origin=intake.origin,
        sheet=(data.get("sheet") or "")[:100],
        row=data.get("excel_row") or 0,
        part=data.get("part") or 1,
        key=(data.get("record_id") or "")[:100],
        fingerprint=fingerprint(line.data),
        source=(data.get("source") or "")[:300],
        description=data.get("description") or "",
        place=(data.get("place") or "")[:300],
        disclosed=data.get("disclosed") or "",
        deadline=_day(data.get("deadline")),
        data=data,
        original=line.data.get("original") or {},
        replaces_id=replaces,
    )


def _amended(intake: Intake, lines: list[IntakeLine]) -> None:
    """Rows that say something else now: the old entry stays, and the problem's strictest deadline is found anew."""
    problems = dict(Entry.objects.filter(pk__in=[line.entry for line in lines]).values_list("pk", "problem_id"))
    Entry.objects.filter(pk__in=problems).update(in_force=False)
    Entry.objects.bulk_create(
        [_entry(intake, line, problems[line.entry], line.entry) for line in lines if line.entry is not None],
        batch_size=_BATCH,
    )
    linking.strictest(set(problems.values()))


class Units:
    """Units by every name that they have; of a cell with several names, those that are known."""

    def __init__(self) -> None:
        self._known = {
            name: unit.pk
            for unit in Unit.objects.prefetch_related("aliases")
            for name in (unit.short_name, unit.official_name, *(alias.name for alias in unit.aliases.all()))
            if name
        }
        self._asked: dict[str, list[int]] = {}

    def named(self, text: str | None) -> list[int]:
        """Keys of the units that a cell names."""
        if not text:
            return []
        if text not in self._asked:
            parts = linking.parts(text)
            self._asked[text] = [self._known[part] for part in parts if part in self._known]
        return self._asked[text]


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _micro(degrees: object, most: int) -> int | None:
    if not isinstance(degrees, int | float) or abs(degrees) > most:
        return None
    return round(degrees * 1_000_000)
