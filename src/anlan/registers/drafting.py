"""A row as it is about to be written: values fitted, names looked up, computed fields worked out, checks asked.

Everything wrong with it is found at once, by field. Many rows are drafted together with few queries (`Drafter`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from anlan.foundation.org.names import At, at
from anlan.registers.book import Installed
from anlan.registers.gathering import Gatherer
from anlan.registers.models import Row
from anlan.registers.naming import Naming
from anlan.registers.reading import Latest, asked_names
from anlan.registers.spec import judging, periods, shapes, values
from anlan.registers.spec.expression import Value
from anlan.registers.spec.functions import rounded
from anlan.registers.spec.judging import Failed
from anlan.registers.spec.model import FILES, GATHERED, PERIOD, STATE, WORKED_OUT, Check, Field, Severity, Spec, Type
from anlan.registers.spec.values import Unfit
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a value: field ("" for the row as a whole), why, what stood there."""

    field: str
    words: Words
    value: str = ""


@dataclass(slots=True)
class Draft:
    """Row to be written. `row` is the one it changes, None for a new one; `failed` are the checks it does not pass."""

    kept: dict[str, Any]
    state: str
    row: Row | None = None
    wrong: list[Wrong] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    key: str = ""
    label: str = ""
    given: dict[str, Value] | None = None

    @property
    def flags(self) -> int:
        """Number of warnings and notes."""
        return sum(one.severity is not Severity.ERROR for one in self.failed)

    def problems(self, spec: Spec) -> list[At]:
        """Everything that keeps it from being written, each with its field and value."""
        found = []
        for one in self.wrong:
            title = heading(spec, one.field)
            shown = one.value if len(one.value) <= 60 else one.value[:60] + "…"
            if title is None:
                found.append(at("", one.words.zh, one.words.en))
            elif shown:
                zh, en = f"“{title.zh}”写的是“{shown}”，{one.words.zh}", f"{title.en} “{shown}” {one.words.en}"
                found.append(at(one.field, zh, en))
            else:
                found.append(at(one.field, f"“{title.zh}”{one.words.zh}", f"{title.en} {one.words.en}"))
        return found


def heading(spec: Spec, id: str) -> Words | None:
    """Title of a field, of the period or the state; None for the row as a whole."""
    if id == PERIOD:
        return Words("期次", "Period")
    return spec.by_id[id].title if id in spec.by_id else None


def fit(one: Field, value: Any, naming: Naming) -> Any:
    """Kept form of one value, names looked up. Raises Unfit."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, str) and not _storable(value):
        raise Unfit("含有不可见的控制字符", "holds a character that cannot be kept")
    match one.type:
        case Type.UNIT:
            return naming.unit(one, value)
        case Type.PLACE:
            return naming.place(one, value)
        case Type.REFERENCE:
            return naming.reference(one, value)
        case Type.GEOMETRY:
            return shapes.fit(value, one.shape)
        case _ if one.type in FILES:
            if not isinstance(value, list) or not all(isinstance(v, int) for v in value):
                raise Unfit("应为附件编号的列表", "must be a list of receipts")
            if len(value) > one.most:
                raise Unfit(f"最多 {one.most} 个附件", f"takes at most {one.most} files")
            return list(dict.fromkeys(value))
        case _:
            return values.fit(one, value)


def _storable(text: str) -> bool:
    """Whether both stores take a text: PostgreSQL knows no NUL, and neither knows half a character."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class Drafter:
    """Drafts rows of one register; everything that they ask for is read together."""

    def __init__(self, installed: Installed, naming: Naming | None = None) -> None:
        self.installed, self.spec = installed, installed.spec
        self.naming = naming or Naming()
        self.latest = Latest(self.naming)
        self._gatherer = Gatherer(self)
        names = asked_names(self.spec)
        self._asked = [one for one in self.spec.fields if one.id in names]

    def fitted(
        self, given: Mapping[str, Any], row: Row | None = None, before: Mapping[str, Any] | None = None
    ) -> Draft:
        """Values as given over those that were there, each fitted; computed fields and checks come with `finish`."""
        spec = self.spec
        kept = {id: value for id, value in (before or {}).items() if id == PERIOD or id in spec.by_id}
        draft = Draft(kept, row.state if row else spec.states[0].id if spec.states else "", row)
        for id, value in given.items():
            if id == PERIOD and spec.period:
                self._period(draft, value)
            elif id not in spec.by_id or spec.by_id[id].type in WORKED_OUT:
                unknown = Words(f"没有字段“{id[:60]}”可填", f"there is no field “{id[:60]}” to fill in")
                draft.wrong.append(Wrong("", unknown))
            else:
                try:
                    kept[id] = fit(spec.by_id[id], value, self.naming)
                except Unfit as unfit:
                    kept.pop(id, None)
                    draft.wrong.append(Wrong(id, unfit.words, _shown(value)))
        self._required(draft)
        return draft

    def _period(self, draft: Draft, value: Any) -> None:
        assert self.spec.period is not None
        every = self.spec.period.every
        if value is None or not str(value).strip():
            draft.kept.pop(PERIOD, None)
            return
        found = periods.parse(str(value), every)
        if found is None:
            shape = {"month": "2022-09", "quarter": "2022-Q3", "year": "2022"}[every.value]
            words = Words(f"不是期次；请写成 {shape}", f"is no period; write it like {shape}")
            draft.wrong.append(Wrong(PERIOD, words, _shown(value)))
        else:
            draft.kept[PERIOD] = str(found)

    def _required(self, draft: Draft) -> None:
        told = {one.field for one in draft.wrong}
        empty = Words("没有填；这是必填项", "is not filled in; it is required")
        for one in self.spec.fields:
            if one.required and draft.kept.get(one.id) is None and one.id not in told:
                draft.wrong.append(Wrong(one.id, empty))
        if self.spec.period and not draft.kept.get(PERIOD) and PERIOD not in told:
            draft.wrong.append(Wrong(PERIOD, empty))

    def announce(self, drafts: Sequence[Draft]) -> None:
        """Keys and labels of these rows; checks of the others then see them as rows of earlier periods."""
        for one in self.spec.of_type(Type.REFERENCE):
            self.naming.labels(draft.kept[one.id] for draft in drafts if draft.kept.get(one.id) is not None)
        for draft in drafts:
            draft.key, draft.label = self.naming.key(self.spec, draft.kept), self.naming.label(self.spec, draft.kept)
            if self.spec.period is not None:
                self.latest.put(draft.key, draft.kept, draft.state)
        self._gatherer.announce(drafts)

    def finish(self, drafts: Sequence[Draft], *, beside: bool = True) -> None:
        """Keys, labels, computed fields and checks of these rows. `beside` asks checks against the other rows too."""
        spec = self.spec
        self.announce(drafts)
        self.latest.load(self.installed, [draft.kept for draft in drafts])
        for draft in drafts:
            self._compute(draft)
        self._gatherer.load(drafts)
        for check in spec.checks:
            if check.expression is not None:
                for draft in drafts:
                    if judging.fails(check, self.given(draft)):
                        self.fail(check, draft)
        if beside:
            from anlan.registers import beside as others

            for check in spec.checks:
                if check.expression is None:
                    for draft, other in others.collisions(self, check, drafts):
                        self.fail(check, draft, other)
        for draft in drafts:
            draft.wrong += [Wrong("", one.words) for one in draft.failed if one.severity is Severity.ERROR]

    def fail(self, check: Check, draft: Draft, other: str = "") -> None:
        """Notes that a draft does not pass; `other` is what the row is called that it collides with."""
        names = judging.placeholders(check) - {"other"}
        texts = ({name: self._told(draft, name, lang) for name in names} | {"other": other} for lang in ("zh", "en"))
        draft.failed.append(judging.failed(check, *texts))

    def _told(self, draft: Draft, name: str, lang: str) -> str:
        """Text of a dotted name in a message."""
        front, _dot, last = name.rpartition(".")
        if not front:
            if last == PERIOD:
                return str(draft.kept.get(PERIOD) or "")
            if last == STATE:
                state = self.spec.state(draft.state)
                return state.title.speak(lang) if state else ""
            one = self.spec.by_id.get(last)
            return self.naming.told(one, draft.kept.get(last), lang) if one else ""
        if front in ("period", GATHERED):
            value = self.given(draft).get(name)
            return _plain(value) if isinstance(value, Fraction) else ""
        spec, kept = self.latest.at(self.spec, draft.kept, front)
        if last == "label" and front in self.spec.by_id:
            return self.naming.told(self.spec.field(front), draft.kept.get(front), lang)
        there = spec.by_id.get(last) if spec else None
        return self.naming.told(there, kept.get(last), lang) if there else ""

    def given(self, draft: Draft) -> dict[str, Value]:
        """Every name that expressions of this register ask for, as they see it; worked out once a draft."""
        if draft.given is not None:
            return draft.given
        found: dict[str, Value] = {one.id: values.seen(one, draft.kept.get(one.id)) for one in self._asked}
        found[STATE] = draft.state or None
        if self.spec.period and (text := draft.kept.get(PERIOD)):
            period = periods.parse(text, self.spec.period.every)
            if period is not None:
                found["period.days"] = Fraction(period.days)
                found["period.year"] = Fraction(period.year)
                found["period.number"] = Fraction(period.number)
        for front in self.latest.fronts(self.spec):
            spec, kept = self.latest.at(self.spec, draft.kept, front)
            if spec is not None:
                for one in spec.fields:
                    found[f"{front}.{one.id}"] = values.seen(one, kept.get(one.id))
                found[f"{front}.{STATE}"] = str(kept.get("\x00state") or "") or None
        draft.given = found
        return found

    def _compute(self, draft: Draft) -> None:
        draft.given = None
        given = self.given(draft) if self.spec.of_type(*WORKED_OUT) else {}
        for one in self.spec.of_type(*WORKED_OUT):
            assert one.formula is not None
            value = one.formula(given)
            draft.kept[one.id] = None
            if one.type is Type.JUDGED:
                found = one.choice(str(value)) if value is not None else None
                draft.kept[one.id] = found.id if found else None
            elif isinstance(value, Fraction):
                number = rounded(value, Fraction(one.scale))
                if abs(number) * 10**one.scale < 10**18:
                    draft.kept[one.id] = _decimal(number, one.scale)
            # Checks see the figure as it is kept.
            given[one.id] = values.seen(one, draft.kept[one.id])


def _decimal(number: Fraction, scale: int) -> str:
    whole = int(number * 10**scale)
    digits = f"{abs(whole):0{scale + 1}}"
    text = f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits
    return f"-{text}" if whole < 0 else text


def _plain(value: Fraction) -> str:
    text = _decimal(rounded(value, Fraction(4)), 4).rstrip("0").rstrip(".")
    return text or "0"


def _shown(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return "" if isinstance(value, dict | list) and len(str(value)) > 60 else str(value)
