"""Figures that a row gathers from rows that match it: sums of the entries of an account, of the users of a plant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from anlan.registers import tables
from anlan.registers.conditions import condition, projected
from anlan.registers.spec import judging, values
from anlan.registers.spec.expression import Value
from anlan.registers.spec.model import GATHERED, NUMBERS, PERIOD, ROW, STATE, Condition, Field, Gather, How, Spec, Type

if TYPE_CHECKING:
    from anlan.registers.drafting import Draft, Drafter

_BATCH = 400
Key = tuple[str, ...]


class Gatherer:
    """Gathers for the drafts of one register. Of its own register it sees the other drafts, not what they change."""

    def __init__(self, drafter: Drafter) -> None:
        self._drafter, self._spec = drafter, drafter.spec
        self._announced: dict[int, Draft] = {}
        self._own = [one for one in self._spec.gathers if one.register == self._spec.id]
        self._index: dict[str, dict[Key, list[Draft]]] = {}

    def announce(self, drafts: Sequence[Draft]) -> None:
        """Drafts that are written together with those that ask."""
        if self._own and any(id(draft) not in self._announced for draft in drafts):
            self._announced |= {id(draft): draft for draft in drafts}
            self._index = {}

    def load(self, drafts: Sequence[Draft]) -> None:
        """Puts the figures into what the expressions of these drafts see."""
        from anlan.registers.book import book

        registers = book()
        for gather in self._spec.gathers:
            there = registers.get(gather.register)
            if there is None:
                continue
            keys = {id(draft): self._key(gather, draft, there.spec) for draft in drafts}
            found: dict[Key, list[Fraction | None]] = {}
            for key, number in self._stored(gather, there.spec, there.rows, {k for k in keys.values() if k}):
                found.setdefault(key, []).append(number)
            for draft in drafts:
                mine = keys[id(draft)]
                numbers = [*found.get(mine, ()), *self._drafted(gather, mine, draft)] if mine else []
                given = self._drafter.given(draft)
                if mine is not None or any(here == ROW for _there, here in gather.match):
                    given[f"{GATHERED}.{gather.id}"] = _figure(gather, numbers)

    def _key(self, gather: Gather, draft: Draft, there: Spec) -> Key | None:
        """What the rows that match hold, as texts; None where a part is not known."""
        found = []
        for _there, here in gather.match:
            if here == ROW:
                value: Any = draft.row.pk if draft.row is not None else None
            elif here == PERIOD:
                value = draft.kept.get(PERIOD)
            else:
                value = projected(self._spec.field(here), draft.kept.get(here))
            if value is None:
                return None
            found.append(str(value))
        return tuple(found)

    def _stored(
        self, gather: Gather, there: Spec, rows: Any, wanted: set[Key]
    ) -> Iterator[tuple[Key, Fraction | None]]:
        if not wanted:
            return
        for one in gather.measure.where:
            rows = rows.filter(condition(there, one))
        own = gather.register == self._spec.id
        left_out = {draft.row.pk for draft in self._announced.values() if draft.row is not None} if own else set()
        columns = [_column(there, id) for id, _here in gather.match]
        field = there.field(gather.measure.field) if gather.measure.field else None
        value = tables.column(field) if field is not None else "row_id"
        firsts = sorted({key[0] for key in wanted})
        for begin in range(0, len(firsts), _BATCH):
            near = rows.filter(Q(**{f"{columns[0]}__in": firsts[begin : begin + _BATCH]}))
            for row, number, *held in near.values_list("row_id", value, *columns):
                key = tuple(str(one) for one in held)
                if key in wanted and row not in left_out:
                    yield key, _number(field, number)

    def _drafted(self, gather: Gather, key: Key, asking: Draft) -> Iterator[Fraction | None]:
        """Figures of the other drafts of the same register that match."""
        if gather.register != self._spec.id:
            return
        index = self._index.get(gather.id)
        if index is None:
            index = self._index[gather.id] = {}
            for draft in self._announced.values():
                if all(self._meets(one, draft) for one in gather.measure.where):
                    held = tuple(str(_held(self._spec, id, draft)) for id, _here in gather.match)
                    index.setdefault(held, []).append(draft)
        field = self._spec.field(gather.measure.field) if gather.measure.field else None
        for draft in index.get(key, ()):
            if draft is not asking:
                kept = draft.kept.get(field.id) if field is not None else None
                yield None if kept is None else Fraction(kept)

    def _meets(self, one: Condition, draft: Draft) -> bool:
        if one.field == STATE:
            value: Value = draft.state
        elif one.field == PERIOD:
            value = draft.kept.get(PERIOD)
        else:
            field, kept = self._spec.field(one.field), draft.kept.get(one.field)
            named = field.type in (Type.UNIT, Type.PLACE, Type.REFERENCE)
            value = kept if named else values.seen(field, kept)
        return judging.meets(one, value)


def _column(spec: Spec, id: str) -> str:
    return id if id == PERIOD else tables.column(spec.field(id))


def _held(spec: Spec, id: str, draft: Draft) -> Any:
    return draft.kept.get(PERIOD) if id == PERIOD else projected(spec.field(id), draft.kept.get(id))


def _number(field: Field | None, number: Any) -> Fraction | None:
    if field is None or number is None:
        return None
    scale = field.scale if field.type in NUMBERS and field.type is not Type.INTEGER else 0
    found: Fraction = Fraction(number) / 10**scale
    return found


def _figure(gather: Gather, numbers: Sequence[Fraction | None]) -> Fraction | None:
    if gather.measure.how is How.COUNT:
        return Fraction(len(numbers))
    known = [number for number in numbers if number is not None]
    if gather.measure.how is How.SUM:
        total: Fraction = sum(known, Fraction(0))
        return total
    if not known:
        return None
    found: Fraction = min(known) if gather.measure.how is How.MIN else max(known)
    return found
