"""Publishing a sheet of units: everything is worked out before the transaction, which then takes a moment.

The page shows what a file would change and somebody may change units meanwhile, so that what was compared is compared
once more before it is worked out, and whoever changes units after that keeps it from being written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org import names, queries
from anlan.foundation.org.models import Division, Group, Membership, Unit, UnitAlias
from anlan.foundation.org.unit_sheet import GROUP, UNITS, current, divisions, identify, review
from anlan.foundation.search.index import put
from anlan.foundation.sheets import bulk
from anlan.foundation.sheets.registry import Applied
from anlan.foundation.sheets.spec import Line, Record, Value
from anlan.settings import InputError, Words

# From so many rows on the search index follows part by part, after the transaction.
INDEXED_AT_ONCE = 500
_PART = 500
_ONE_DAY = dt.timedelta(days=1)
# Entries of transactions that were under way when the last one was read may come with lower numbers.
_UNDER_WAY = 1000
_UNIT = (
    "code", "short_name", "official_name", "kind", "division_id", "is_office", "since", "until", "note", "sample",
)  # fmt: skip
_CHANGED = _UNIT[:-1]
_GROUP = ("code", "name", "note", "sample")
_ALIAS = ("name", "unit_id", "group_id", "misprint")
_MEMBERSHIP = ("group_id", "unit_id", "since", "until")

_CHANGES = ("org.create", "org.edit", "org.end", "org.name", "org.group", "org.import")
_MOVED = Words(
    "比对之后有人改了单位或集合，没有写入；请重新导入",
    "somebody changed units or groups since the comparison and nothing was written; import it again",
)

# A body that is there, by its key, or a new one, by its place among the new ones of its kind.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What tells that units, groups or their names have changed: the entries of it after `base`, and the names."""

    base: int
    entries: frozenset[int]
    names: tuple[object, ...]


@dataclass(slots=True)
class _Work:
    """What the transaction writes. Names and memberships of new bodies wait for their keys."""

    stamp: _Stamp
    groups: bulk.Ready = field(default_factory=list)
    units: bulk.Ready = field(default_factory=list)
    changed_groups: bulk.Ready = field(default_factory=list)
    changed_units: bulk.Ready = field(default_factory=list)
    # Those that give up their name get another for a moment: two may change theirs for each other's.
    renamed_groups: bulk.Ready = field(default_factory=list)
    renamed_units: bulk.Ready = field(default_factory=list)
    dropped_names: list[int] = field(default_factory=list)
    # Name, kind of body, the body, misprint.
    names: list[tuple[str, str, Place, bool]] = field(default_factory=list)
    # Group, unit, since as the driver takes it.
    joins: list[tuple[Place, Place, object]] = field(default_factory=list)
    left: bulk.Ready = field(default_factory=list)
    never_there: list[int] = field(default_factory=list)


def prepare(actor: Actor, lines: Sequence[Line], reason: str) -> Callable[[], Applied]:
    """Works out what the lines write, and gives the function that writes it in the transaction that is open.

    Raises InputError if the actor may not change groups and the lines do, or if units have changed since the lines were
    compared.
    """
    touched = [line for line in lines if _touches_groups(line)]
    if touched and not may(actor, "org.group"):
        raise InputError(
            Words(
                f"第 {touched[0].number} 行改动集合，须由长江办经办人导入；请转交，或去掉“所属集合”列和集合各行",
                f"row {touched[0].number} changes groups, which are the clerk's; let the clerk import it, or leave out "
                "the column of groups and the rows of groups",
            )
        )
    work = _Work(_stamp())
    _refuse_moved(lines)
    _Worker(work, lines).run()
    return lambda: _write(work)


class _Worker:
    """Works the lines out, with a handful of queries however many there are."""

    def __init__(self, work: _Work, lines: Sequence[Line]) -> None:
        self.work, self.day = work, timezone.localdate()
        self.today = bulk.ready(Membership, ("since",), [(self.day,)])[0][0]
        # Groups first: units are put into them.
        self.lines = sorted(lines, key=lambda line: line.full(UNITS)["kind"] != GROUP)
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.groups = {group.code: group for group in Group.objects.all()}
        self.taken = {*self.units, *self.groups, *(str(line.values.get("code") or "") for line in lines)}
        labels = divisions()
        self.divisions = {labels[code]: key for code, key in Division.objects.values_list("code", "pk")}
        self.in_groups: dict[str, Place] = {group.name: ("there", group.pk) for group in self.groups.values()}
        self.aliases: dict[tuple[str, int], list[UnitAlias]] = {}
        for alias in UnitAlias.objects.all():
            body = ("unit", alias.unit_id) if alias.unit_id else ("group", alias.group_id or 0)
            self.aliases.setdefault(body, []).append(alias)
        self.memberships: dict[int, list[Membership]] = {}
        for one in queries.memberships(self.day):
            self.memberships.setdefault(one.unit_id, []).append(one)

    def run(self) -> None:
        """Fills the work, with values as the driver takes them."""
        for line in self.lines:
            full = line.full(UNITS)
            if full["kind"] == GROUP:
                self._group(line, full)
            else:
                self._unit(line, full)
        work = self.work
        work.groups, work.units = bulk.ready(Group, _GROUP, work.groups), bulk.ready(Unit, _UNIT, work.units)
        work.changed_groups = bulk.ready(Group, (*_GROUP[:-1], "id"), work.changed_groups)
        work.changed_units = bulk.ready(Unit, (*_CHANGED, "id"), work.changed_units)
        work.left = bulk.ready(Membership, ("until", "id"), work.left)

    def _group(self, line: Line, full: Record) -> None:
        values = (str(full["code"]), str(full["short"]), str(full["note"]), False)
        if line.before is None:
            values = (values[0] or self._code("g", len(self.groups) + len(self.work.groups)), *values[1:])
            where: Place = ("new", len(self.work.groups))
            self.work.groups.append(values)
        else:
            group = self.groups[str(line.before["code"])]
            where = ("there", group.pk)
            if values[1] != group.name:
                self.work.renamed_groups.append((f"~{group.pk}", group.pk))
            self.work.changed_groups.append((values[0] or group.code, *values[1:-1], group.pk))
        self.in_groups[values[1]] = where
        self._names("group", where, full, {values[1]})

    def _unit(self, line: Line, full: Record) -> None:
        unit = self.units[str(line.before["code"])] if line.before else None
        code = str(full["code"]) or (unit.code if unit else "")
        values = (
            names.clean(code) or self._code("u", len(self.units) + len(self.work.units)),
            names.clean(str(full["short"])),
            names.clean(str(full["official"])),
            str(full["kind"]),
            self.divisions.get(str(full["division"])),
            bool(full["office"]),
            _day(full["since"]),
            _day(full["until"]),
            str(full["note"]).strip(),
        )
        if unit is None:
            where: Place = ("new", len(self.work.units))
            self.work.units.append((*values, False))
        else:
            where = ("there", unit.pk)
            if values[1] != unit.short_name:
                self.work.renamed_units.append((f"~{unit.pk}", unit.pk))
            self.work.changed_units.append((*values, unit.pk))
        self._names("unit", where, full, {values[1], values[2]})
        if unit is None or "groups" in line.changed(UNITS):
            self._memberships(where, _texts(full["groups"]))

    def _code(self, letter: str, count: int) -> str:
        """Code that nobody has yet, neither here nor in the file."""
        number = count + 1
        while f"{letter}{number}" in self.taken:
            number += 1
        self.taken.add(code := f"{letter}{number}")
        return code

    def _names(self, kind: str, where: Place, full: Record, own: set[str]) -> None:
        there = self.aliases.get((kind, where[1]), []) if where[0] == "there" else []
        for key, misprint in (("aliases", False), ("misprints", True)):
            wanted = [names.clean(name) for name in _texts(full[key])]
            self.work.dropped_names += [
                alias.pk for alias in there if alias.misprint == misprint and alias.name not in wanted
            ]
            kept = {alias.name for alias in there if alias.misprint == misprint}
            for name in dict.fromkeys(wanted):
                if name and name not in own and name not in kept:
                    own.add(name)
                    self.work.names.append((name, kind, where, misprint))

    def _memberships(self, where: Place, wanted: Sequence[str]) -> None:
        """In the groups of these names and no others: a new unit from the beginning, another one from today on."""
        missing = [name for name in wanted if name not in self.in_groups]
        if missing:
            raise InputError(Words(f"没有这些集合：{'、'.join(missing)}", f"there are no groups {', '.join(missing)}"))
        groups = [self.in_groups[name] for name in wanted]
        now = self.memberships.get(where[1], []) if where[0] == "there" else []
        for one in now:
            if ("there", one.group_id) in groups:
                continue
            if one.since is not None and one.since >= self.day:
                # It would never have been in force.
                self.work.never_there.append(one.pk)
            else:
                self.work.left.append((self.day - _ONE_DAY, one.pk))
        inside = {("there", one.group_id) for one in now}
        since = None if where[0] == "new" else self.today
        self.work.joins += [(group, where, since) for group in groups if group not in inside]


def _write(work: _Work) -> Applied:
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(one._meta.db_table) for one in (Unit, Group, UnitAlias))
        with connection.cursor() as cursor:
            # Who changes a name waits until this is in, and is compared with it.
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
    if _stamp(work.stamp.base) != work.stamp:
        raise InputError(_MOVED)
    groups, units = bulk.keys(Group, len(work.groups)), bulk.keys(Unit, len(work.units))
    bulk.delete(UnitAlias, work.dropped_names)
    bulk.update(Group, ("name",), work.renamed_groups)
    bulk.update(Group, _GROUP[:-1], work.changed_groups)
    bulk.insert(Group, ("id", *_GROUP), _keyed(groups, work.groups))
    bulk.update(Unit, ("short_name",), work.renamed_units)
    bulk.update(Unit, _CHANGED, work.changed_units)
    bulk.insert(Unit, ("id", *_UNIT), _keyed(units, work.units))

    def key(kind: str, place: Place) -> int:
        return place[1] if place[0] == "there" else (units if kind == "unit" else groups)[place[1]]

    bulk.insert(
        UnitAlias,
        _ALIAS,
        [
            (name, key(kind, where) if kind == "unit" else None, key(kind, where) if kind == "group" else None, wrong)
            for name, kind, where, wrong in work.names
        ],
    )
    bulk.delete(Membership, work.never_there)
    bulk.update(Membership, ("until",), work.left)
    joins = [(key("group", group), key("unit", unit), since, None) for group, unit, since in work.joins]
    bulk.insert(Membership, _MEMBERSHIP, joins)
    _index(
        [*units, *(int(row[-1]) for row in work.changed_units)], [*groups, *(int(r[-1]) for r in work.changed_groups)]
    )
    return Applied()


def _stamp(base: int | None = None) -> _Stamp:
    if base is None:
        base = max(0, int(Entry.objects.aggregate(last=Max("pk"))["last"] or 0) - _UNDER_WAY)
    changes = Entry.objects.filter(pk__gt=base, action__in=_CHANGES, outcome=Outcome.DONE)
    # Other rooms enter names as well, under actions of their own.
    known = UnitAlias.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return _Stamp(base, frozenset(changes.order_by().values_list("pk", flat=True)), tuple(known.values()))


def _refuse_moved(lines: Sequence[Line]) -> None:
    """Compares once more, now that every later change is noticed. Raises InputError for whatever is different."""
    key_of = identify()
    there: Mapping[str, Record] = {key_of(row): row for row in current()}
    if any(there.get(key_of(line.values)) != line.before for line in lines):
        raise InputError(_MOVED)
    review(lines)
    if faults := [fault for line in lines for fault in line.faults]:
        raise InputError(*(Words(fault.speak("zh"), fault.speak("en")) for fault in faults))


def _changed(rows: bulk.Ready) -> list[int]:
    return [int(row[-1]) for row in rows]


def _keyed(keys: Iterable[int], rows: bulk.Ready) -> bulk.Ready:
    return [(key, *row) for key, row in zip(keys, rows, strict=True)]


def _index(units: list[int], groups: list[int]) -> None:
    """Into the search index: a few at once, many after the transaction, so that others can write in between.

    Should the process die before it is done, the index is made whole when it is built anew at night.
    """
    if len(units) + len(groups) <= INDEXED_AT_ONCE:
        _put(units, groups)
    else:
        transaction.on_commit(lambda: _put(units, groups), robust=True)


def _put(units: list[int], groups: list[int]) -> None:
    for begin in range(0, len(groups), _PART):
        put("group", Group.objects.filter(pk__in=groups[begin : begin + _PART]).prefetch_related("aliases"))
    for begin in range(0, len(units), _PART):
        put("unit", Unit.objects.filter(pk__in=units[begin : begin + _PART]).prefetch_related("aliases"))


def _touches_groups(line: Line) -> bool:
    full = line.full(UNITS)
    if line.before is None:
        return full["kind"] == GROUP or bool(full["groups"])
    return full["kind"] == GROUP or "groups" in line.changed(UNITS)


def _texts(value: Value) -> list[str]:
    return list(value) if isinstance(value, list) else []


def _day(value: Value) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None
