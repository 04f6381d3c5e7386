"""The sheet of every register, made from its spec: columns with drop-downs and units, dry run, publishing, export.

A sheet is made for an actor (`Importable.narrow`), so that a row of a unit that is not his is told in the dry run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.sheets import cells
from anlan.foundation.sheets.registry import Applied, Importable, register_maker
from anlan.foundation.sheets.spec import Choice, Column, Kind, Line, Record, SheetSpec, Value, fold
from anlan.registers import grants, projection, reading
from anlan.registers.book import Installed, book
from anlan.registers.bulk import Written, write
from anlan.registers.drafting import Draft, Drafter
from anlan.registers.models import Row
from anlan.registers.naming import Naming
from anlan.registers.spec import shapes, values
from anlan.registers.spec.model import FILES, NUMBERS, PERIOD, STATE, Field, Type
from anlan.registers.spec.output import limits
from anlan.settings import Words

PREFIX = "register-"
# More names than this are checked, but not offered in a drop-down.
_LISTED = 2000
_ROWS = 60_000
_BATCH = 1000
_POINT = (("lon", "经度", "longitude"), ("lat", "纬度", "latitude"))


def sheet_of(code: str) -> Importable | None:
    """Sheet of a register by its code ("register-outfall"); None for any other."""
    if not code.startswith(PREFIX):
        return None
    installed = book().get(code.removeprefix(PREFIX))
    return Sheet(installed, None).importable() if installed is not None else None


register_maker(sheet_of, "registers.import")


class Sheet:
    """Sheet of one register for one actor (None before anybody is known)."""

    def __init__(self, installed: Installed, actor: Actor | None, *, sample: bool = False) -> None:
        self.installed, self.spec, self.actor, self.sample = installed, installed.spec, actor, sample
        self.naming = Naming()
        self._reach = grants.fills(actor, installed.spec) if actor is not None else grants.Reach(all=True)
        self.columns = tuple(_apart(self._columns()))
        self._drafts: dict[int, Draft] = {}
        self._drafter = Drafter(installed, self.naming)
        self._rows: dict[str, Row] = {}

    def importable(self) -> Importable:
        """As the imports know it."""
        return Importable(
            spec=SheetSpec(
                code=PREFIX + self.spec.id,
                title=self.spec.title,
                columns=self.columns,
                key=tuple(PERIOD if id == PERIOD else id for id in self.spec.key),
                rows=_ROWS,
                notes=(self.spec.lead, *self.spec.notes),
            ),
            action="registers.import",
            see="registers.see",
            back="register",
            back_args=(self.spec.id,),
            narrow=self._for,
            current=self.current,
            at=self.at,
            identify=lambda: self.identify,
            label=self.label,
            review=self.review,
            apply=lambda actor, lines: self.prepare(actor, lines, "")(),
            prepare=self.prepare,
            tells_rows=False,
        )

    def _for(self, actor: Actor) -> Importable:
        demand(actor, "registers.see", self.installed.register)
        return Sheet(self.installed, actor, sample=self.sample).importable()

    # Columns

    def _columns(self) -> Iterator[Column]:
        if self.spec.period is not None:
            told = {
                "month": Words("如 2022-09", "like 2022-09"),
                "quarter": Words("如 2022-Q3", "like 2022-Q3"),
                "year": Words("如 2022", "like 2022"),
            }[self.spec.period.every.value]
            yield Column(PERIOD, Words("期次", "Period"), required=True, help=told, reader=self._period, width=12)
        reads_only = self.actor is not None and not self._reach
        for field in self.spec.entered:
            if not (field.private and reads_only):
                yield from self._of(field)
        if self.spec.states:
            yield Column(
                STATE,
                Words("状态", "State"),
                Kind.CHOICE,
                choices=tuple(Choice(one.id, one.title) for one in self.spec.states),
                help=Words("只供查看；状态在页面上变更", "to be looked at only: states change on the page"),
                stored=False,
                width=12,
            )

    def _of(self, field: Field) -> Iterator[Column]:
        common: dict[str, Any] = {
            "title": field.heading,
            "required": field.required,
            "synonyms": (field.title.zh, field.title.en, *field.also) if field.unit else field.also,
            "help": _help(field),
            "example": field.example,
            "width": 40 if field.lines else 18,
        }
        if field.type is Type.GEOMETRY and self.sample:
            # Sample rows have their shapes too; a clerk's sheet has none.
            yield Column(field.id, longest=20_000, reader=lambda cell: _shape(field, cell), **common)
        if field.type in FILES or field.type is Type.GEOMETRY:
            return
        if field.type is Type.POINT:
            for part, zh, en in _POINT:
                title = Words(f"{field.title.zh}{zh}（度）", f"{field.title.en} {en} (°)")
                yield Column(
                    f"{field.id}.{part}",
                    title,
                    required=field.required,
                    synonyms=(zh, en) if len(self.spec.of_type(Type.POINT)) == 1 else (),
                    reader=_degrees,
                    number=True,
                    width=14,
                )
        elif field.type is Type.CHOICE:
            choices = tuple(Choice(one.id, one.words, one.also) for one in field.choices)
            yield Column(field.id, kind=Kind.CHOICE, choices=choices, **common)
        elif field.type is Type.YESNO:
            choices = (Choice("yes", Words("是", "Yes"), _YES), Choice("no", Words("否", "No"), _NO))
            yield Column(field.id, kind=Kind.CHOICE, choices=choices, **common)
        elif field.type is Type.DATE:
            yield Column(field.id, kind=Kind.DATE, reader=self._reader(field), **common)
        elif field.type is Type.PLACE:
            yield Column(field.id, reference=lambda: self._places(field), longest=60, **common)
        elif field.type is Type.UNIT:
            yield Column(field.id, reference=lambda: self._units(field), longest=200, **common)
        elif field.type is Type.REFERENCE:
            listed = Row.objects.filter(register__code=field.register, deleted=False).count() <= _LISTED
            reference = (lambda: self._others(field)) if listed else None
            yield Column(field.id, reference=reference, longest=400, **common)
        elif field.type in NUMBERS:
            kind = Kind.INT if field.type is Type.INTEGER else Kind.TEXT
            yield Column(field.id, kind=kind, reader=self._reader(field), number=True, **common)
        else:
            yield Column(
                field.id,
                longest=field.longest,
                narrow=field.narrow,
                reader=self._reader(field) if field.pattern else None,
                **common,
            )

    def _reader(self, field: Field) -> Callable[[object], Value]:
        """Reads a cell as the form and the interface read a value: same bounds, same words."""
        plain = Column(field.id, field.title, Kind.DATE)

        def read(cell: object) -> Value:
            try:
                if field.type is Type.DATE:
                    cell = cells.value_of(plain, cell, None)  # type: ignore[arg-type]
                elif isinstance(cell, float):
                    cell = _figure(cell)
                else:
                    cell = cells.text_of(cell)  # type: ignore[arg-type]
                found: Value = values.fit(field, cell)
                return found
            except values.Unfit as unfit:
                raise cells.Unfit(unfit.words) from unfit

        return read

    def _period(self, cell: object) -> Value:
        draft = Draft({}, "")
        text = cell.isoformat()[:7] if hasattr(cell, "isoformat") else cells.text_of(cell)  # type: ignore[arg-type]
        self._drafter._period(draft, text)
        if draft.wrong:
            raise cells.Unfit(draft.wrong[0].words)
        return str(draft.kept[PERIOD])

    def _places(self, field: Field) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for one in self.naming.divisions.values():
            if not field.kinds or one.kind in field.kinds:
                names[one.name] = one.name
        # Codes are read, and offered by nobody.
        return {**names, **{one.code: one.name for one in self.naming.divisions.values() if one.name in names}}

    def _units(self, field: Field) -> Mapping[str, str]:
        names = {}
        for unit in self.naming.units.values():
            if not field.kinds or unit.kind in field.kinds:
                names[unit.short_name] = unit.short_name
                if unit.official_name:
                    names[unit.official_name] = unit.short_name
        for folded, (body, called) in self.naming._names.owners.items():
            if body[0] == "unit" and called in names:
                names.setdefault(folded, called)
        return names

    def _others(self, field: Field) -> Mapping[str, str]:
        there = Row.objects.filter(register__code=field.register, deleted=False).values_list("key", "label")
        found = {}
        for key, label in there:
            shown = key.replace("\x1f", " ")
            found[label] = label
            found.setdefault(shown, label)
        return found

    # Rows

    def record(self, row: Row, kept: Mapping[str, Any]) -> dict[str, Value]:
        """Row as the sheet has it."""
        found: dict[str, Value] = {}
        if self.spec.period is not None:
            found[PERIOD] = kept.get(PERIOD) or ""
        for field in self.spec.entered:
            value = kept.get(field.id)
            if field.type is Type.POINT:
                for place, (part, _zh, _en) in enumerate(_POINT):
                    found[f"{field.id}.{part}"] = value[place] if value else ""
            elif field.type in (Type.UNIT, Type.PLACE, Type.REFERENCE):
                found[field.id] = self.naming.told(field, value, "zh")
            elif field.type is Type.YESNO:
                found[field.id] = "" if value is None else "yes" if value else "no"
            elif field.type not in FILES and field.type is not Type.GEOMETRY:
                found[field.id] = self._blank(field) if value is None else value
        if self.spec.states:
            found[STATE] = row.state
        return found

    def _blank(self, field: Field) -> Value:
        return None if field.type in (Type.INTEGER, Type.DATE) else ""

    def current(self) -> Iterator[Record]:
        """Rows that are there and that the actor may read, in the order of their labels."""
        rows = Row.objects.filter(register=self.installed.register, deleted=False).order_by("label", "pk")
        if self.actor is not None:
            condition = grants.reads(self.actor, self.spec).query()
            if condition is None:
                return
            rows = rows.filter(condition)
        keys = list(rows.values_list("pk", flat=True))
        for begin in range(0, len(keys), _BATCH):
            batch = keys[begin : begin + _BATCH]
            there = {row.pk: row for row in Row.objects.filter(pk__in=batch)}
            kept = reading.latest(batch)
            self._read_labels(kept.values())
            for key in batch:
                if key in kept:
                    yield self.record(there[key], kept[key])

    def _read_labels(self, rows: Any) -> None:
        there = list(rows)
        for field in self.spec.of_type(Type.REFERENCE):
            self.naming.labels(kept[field.id] for kept in there if kept.get(field.id) is not None)

    def identify(self, record: Record) -> str:
        """Natural key of a line of the sheet; "" where a part of it is missing or not known."""
        kept = {}
        for id in self.spec.key:
            text = record.get(id)
            if text in (None, ""):
                return ""
            try:
                kept[id] = text if id == PERIOD else self._kept(self.spec.field(id), text)
            except values.Unfit:
                return ""
        return self.naming.key(self.spec, kept)

    def _kept(self, field: Field, text: Value) -> Any:
        from anlan.registers.drafting import fit

        return fit(field, text, self.naming)

    def at(self, keys: Sequence[str]) -> Mapping[str, Record]:
        """Rows with these natural keys, deleted ones left out."""
        found: dict[str, Record] = {}
        wanted = list(dict.fromkeys(key for key in keys if key))
        for begin in range(0, len(wanted), _BATCH // 2):
            rows = {
                row.pk: row
                for row in Row.objects.filter(
                    register=self.installed.register, key__in=wanted[begin : begin + _BATCH // 2]
                )
            }
            self._rows |= {row.key: row for row in rows.values()}
            kept = reading.latest([row.pk for row in rows.values() if not row.deleted])
            self._read_labels(kept.values())
            for pk, one in kept.items():
                found[rows[pk].key] = self.record(rows[pk], one)
        return found

    def label(self, record: Record) -> str:
        """What a line is called in the preview."""
        parts = []
        for id in self.spec.label:
            value = record.get(id)
            if value not in (None, ""):
                column = next((one for one in self.columns if one.key == id), None)
                parts.append(column.show(value, "zh") if column else str(value))
        return " ".join(parts)

    def review(self, lines: Sequence[Line]) -> None:
        """Everything that only the whole row tells: whose it is, checks, rows that refer, deleted ones."""
        self._look_up(lines)
        columns = {column.key: column for column in self.columns}
        before = self._before(lines)
        mine: list[tuple[Line, Draft]] = []
        for line in lines:
            if line.faults:
                continue
            row = self._rows.get(line.key)
            if row is not None and row.deleted:
                told = Words("曾经登记并已删除；请先在页面上恢复", "was deleted: restore it on its page first")
                line.wrong(None, told, row.label)
                continue
            draft = self._drafter.fitted(self._given(line), row, before.get(row.pk) if row else None)
            for wrong in draft.wrong:
                line.wrong(columns.get(wrong.field) or columns.get(f"{wrong.field}.lon"), wrong.words, wrong.value)
            if not draft.wrong:
                self._refuse_others(line, draft, row)
            if self.sample and line.values.get(STATE):
                # Sample rows stand in the middle of their life; nobody took the steps.
                draft.state = str(line.values[STATE])
            if not line.faults:
                mine.append((line, draft))
        self._drafter.announce([draft for _line, draft in mine])
        for begin in range(0, len(mine), _BATCH):
            part = mine[begin : begin + _BATCH]
            self._drafter.finish([draft for _line, draft in part], beside=False)
        from anlan.registers.beside import collisions

        for check in self.spec.checks:
            if check.expression is None:
                for draft, other in collisions(self._drafter, check, [draft for _line, draft in mine]):
                    self._drafter.fail(check, draft, other)
                    if check.severity == "error":
                        from anlan.registers.drafting import Wrong

                        draft.wrong.append(Wrong("", draft.failed[-1].words))
        for line, draft in mine:
            for wrong in draft.wrong:
                line.wrong(None, wrong.words)
            self._drafts[line.number] = draft

    def _look_up(self, lines: Sequence[Line]) -> None:
        for field in self.spec.of_type(Type.REFERENCE):
            self.naming.look_up(field, {str(text) for line in lines if (text := line.values.get(field.id))})

    def _before(self, lines: Sequence[Line]) -> dict[int, dict[str, Any]]:
        return reading.latest(row.pk for line in lines if (row := self._rows.get(line.key)) and not row.deleted)

    def _given(self, line: Line) -> dict[str, Any]:
        """Values of a line as the drafter takes them."""
        found: dict[str, Any] = {}
        points: dict[str, list[Any]] = {}
        for key, value in line.values.items():
            front, _dot, part = key.partition(".")
            if part:
                points.setdefault(front, ["", ""])[part == "lat"] = value
            elif key != STATE:
                found[key] = value
        for id, pair in points.items():
            found[id] = None if pair == ["", ""] else pair
        return found

    def _refuse_others(self, line: Line, draft: Draft, row: Row | None) -> None:
        after = Row(
            register=self.installed.register,
            unit_id=projection.unit_of(self.installed, draft),
            place=projection.place_of(self.installed, draft),
        )
        there = {(after.unit_id, after.place)} | ({(row.unit_id, row.place)} if row is not None else set())
        if not all(self._reach.has(unit, place) for unit, place in there):
            words = Words("不在你可以填报的单位或区域；请删去这一行", "is of a unit or place that you may not fill in")
            line.wrong(None, words)

    # Writing

    def prepare(self, actor: Actor, lines: Sequence[Line], reason: str) -> Callable[[], Applied]:
        """Works everything out before the transaction opens, and gives the function that only writes."""
        work = []
        for line in lines:
            draft = self._drafts.get(line.number)
            if draft is None:
                raise ValueError(f"line {line.number} was not reviewed")
            work.append(draft)
        written = Written.of(actor, self.installed, self._drafter, work, reason, sample=self.sample)

        def run() -> Applied:
            return Applied(facts={"register": self.spec.id, **write(written)})

        return run


_YES = tuple(sorted(values.YES - {"是", "yes"}))
_NO = tuple(sorted(values.NO - {"否", "no"}))


def _apart(columns: Iterable[Column]) -> Iterator[Column]:
    """Columns no two of which answer to one header: what a title says counts more than a further name."""
    given = list(columns)
    # A key is never given up: a title that reads like the key of another column gives way to it.
    owners = {fold(column.key): column.key for column in given}
    for column in given:
        for text in column.title:
            owners.setdefault(fold(text), column.key)
    for column in given:
        title = column.title
        if any(owners[fold(text)] != column.key for text in title):
            title = Words(f"{title.zh}（{column.key}）", f"{title.en} ({column.key})")
        kept = tuple(text for text in column.synonyms if owners.setdefault(fold(text), column.key) == column.key)
        yield dataclasses.replace(column, title=title, synonyms=kept)


def _help(field: Field) -> Words | None:
    note = limits(field)
    parts = [one for one in (field.help, note) if one]
    if not parts:
        return None
    return Words("；".join(one.zh for one in parts), "; ".join(one.en for one in parts))


def _shape(field: Field, cell: object) -> Value:
    text = cells.text_of(cell)  # type: ignore[arg-type]
    try:
        shapes.fit(text, field.shape)
    except values.Unfit as unfit:
        raise cells.Unfit(unfit.words) from unfit
    return text


def _degrees(cell: object) -> Value:
    text = _figure(cell) if isinstance(cell, float) else cells.text_of(cell)  # type: ignore[arg-type]
    number = values._decimal(text)
    if number is None:
        raise cells.Unfit(Words("不是十进制的度；如 117.2034", "is no decimal degree like 117.2034"))
    return values._plain(number.quantize(Decimal(1).scaleb(-values.POINT_SCALE)))


def _figure(cell: float) -> str:
    """Number of a cell without the noise of binary floats: Excel shows 15 digits."""
    return format(Decimal(f"{cell:.15g}"), "f")
