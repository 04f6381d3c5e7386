"""Units, divisions and rows of other registers: from what people write to keys, and from keys to names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.db.models import Q

from anlan.foundation.org.models import Division, Unit
from anlan.foundation.org.names import NameBook
from anlan.foundation.sheets.spec import fold
from anlan.registers.models import Row
from anlan.registers.spec import values
from anlan.registers.spec.model import Field, Spec, Type
from anlan.registers.spec.values import Unfit

# Beyond so many names none is offered as a near one: comparing would take long.
_NEAR = 5000
_BATCH = 500


class Naming:
    """Names for one piece of work: each table is read once, and only if it is asked for."""

    def __init__(self) -> None:
        self._labels: dict[int, tuple[str, str]] = {}
        self._found: dict[str, dict[str, list[tuple[int, str, bool]]]] = {}

    @cached_property
    def units(self) -> dict[int, Unit]:
        """Units by key."""
        return {one.pk: one for one in Unit.objects.all()}

    @cached_property
    def divisions(self) -> dict[str, Division]:
        """Divisions by code."""
        return {one.code: one for one in Division.objects.all()}

    @cached_property
    def _names(self) -> NameBook:
        return NameBook.load()

    @cached_property
    def _division_names(self) -> dict[str, list[Division]]:
        found: dict[str, list[Division]] = {}
        for one in self.divisions.values():
            found.setdefault(fold(one.name), []).append(one)
        return found

    def unit(self, field: Field, value: Any) -> int:
        """Key of a unit by any name it goes by. Raises Unfit."""
        if isinstance(value, int) and not isinstance(value, bool) and value in self.units:
            found = value
        else:
            owner = self._names.owner(str(value).strip())
            if owner is None or owner[0][0] != "unit":
                near = difflib.get_close_matches(str(value), [one.short_name for one in self.units.values()], n=1)
                raise Unfit(
                    f"系统里没有这个单位{f'（是不是“{near[0]}”？）' if near else ''}；请改正，或先录入单位",
                    f"is no unit that is known{f' (was “{near[0]}” meant?)' if near else ''}; correct it, or enter the "
                    "unit first",
                )
            found = int(owner[0][1])
        if field.kinds and self.units[found].kind not in field.kinds:
            raise Unfit("不是这里可以填的单位", "is no unit that may stand here")
        return found

    def place(self, field: Field, value: Any) -> str:
        """Code of a division, by code or name. Raises Unfit."""
        text = str(value).strip()
        one = self.divisions.get(text)
        if one is None:
            named = self._division_names.get(fold(text), [])
            if len(named) > 1:
                raise Unfit("有几个同名的区划；请填代码", "is the name of several divisions; write the code")
            if not named:
                near = difflib.get_close_matches(text, [d.name for d in self.divisions.values()], n=1, cutoff=0.4)
                raise Unfit(
                    f"区划名录里没有这个地方{f'（是不是“{near[0]}”？）' if near else ''}",
                    f"is no place of the list of divisions{f' (was “{near[0]}” meant?)' if near else ''}",
                )
            one = named[0]
        if field.kinds and one.kind not in field.kinds:
            raise Unfit("不是这里可以填的区划", "is no division that may stand here")
        return one.code

    def look_up(self, field: Field, texts: Iterable[str]) -> None:
        """Reads the rows that these keys or labels mean, so that `reference` asks no more. A query for 500 texts."""
        known = self._found.setdefault(field.register, {})
        wanted = sorted({text for text in texts if fold(text) not in known})
        for begin in range(0, len(wanted), _BATCH):
            batch = wanted[begin : begin + _BATCH]
            for text in batch:
                known[fold(text)] = []
            rows = Row.objects.filter(register__code=field.register, deleted=False)
            folded = [fold(text) for text in batch]
            for pk, key, label in rows.filter(Q(key__in=folded) | Q(label__in=batch)).values_list("pk", "key", "label"):
                self._labels[pk] = (key, label)
                for text in {key, fold(label)}:
                    if text in known:
                        known[text].append((pk, label, text == key))

    def reference(self, field: Field, value: Any) -> int:
        """Key of a row by its natural key or label. Raises Unfit."""
        if isinstance(value, int) and not isinstance(value, bool):
            if not Row.objects.filter(pk=value, register__code=field.register, deleted=False).exists():
                raise Unfit("没有这一条记录", "is no row of that register")
            return value
        text = str(value).strip()
        self.look_up(field, [text])
        found = self._found[field.register][fold(text)]
        exact = [one for one in found if one[2]] or found
        if len({pk for pk, _label, _exact in exact}) > 1:
            raise Unfit("有几条同名的记录；请填编号", "is the name of several rows; write the number")
        if not exact:
            raise Unfit(
                "在所引用的台账里没有；请改正，或先录入那一条", "is not in the register it refers to; enter it there"
            )
        return exact[0][0]

    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        """What rows are called, by key; all in a few queries."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._labels]
        for begin in range(0, len(wanted), _BATCH):
            rows = Row.objects.filter(pk__in=wanted[begin : begin + _BATCH])
            self._labels |= {pk: (key, label) for pk, key, label in rows.values_list("pk", "key", "label")}
        return {key: label for key, (_natural, label) in self._labels.items()}

    def natural(self, key: int) -> str:
        """Natural key of a row whose label was read."""
        self.labels([key])
        return self._labels.get(key, ("", ""))[0]

    def told(self, field: Field, kept: Any, lang: str) -> str:
        """Value as people read it, with the names of units, divisions and rows."""
        if kept is None or kept == []:
            return ""
        if field.type is Type.UNIT:
            return self.units[kept].short_name if kept in self.units else str(kept)
        if field.type is Type.PLACE:
            return self.divisions[kept].name if kept in self.divisions else str(kept)
        if field.type is Type.REFERENCE:
            return self.labels([kept]).get(kept, str(kept))
        if field.type in (Type.FILE, Type.PHOTO):
            return str(len(kept))
        return values.told(field, kept, lang)

    def label(self, spec: Spec, kept: Mapping[str, Any]) -> str:
        """What a row is called."""
        parts = []
        for id in spec.label:
            text = str(kept.get("period") or "") if id == "period" else self.told(spec.field(id), kept.get(id), "zh")
            if text:
                parts.append(text)
        return " ".join(parts)[:300]

    def key(self, spec: Spec, kept: Mapping[str, Any]) -> str:
        """Natural key of a row as one folded text: names of units as they were entered, rows by their own keys."""
        parts = []
        for id in spec.key:
            value = kept.get(id)
            if id != "period" and spec.field(id).type is Type.REFERENCE and value is not None:
                value = self.natural(value)
            elif id != "period" and spec.field(id).type is Type.UNIT and value is not None:
                value = self.units[value].code if value in self.units else value
            parts.append(fold(str(value if value is not None else "")))
        return "\x1f".join(parts)[:400]
