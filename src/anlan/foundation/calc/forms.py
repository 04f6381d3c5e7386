"""Form of a calculation, made from its spec: parts for every type of input, filled from and read into JSON values.

A part's name is the path that a fault names (`values.ph`, `points[0].cod`), so each fault stands beside its field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from anlan.foundation.calc.explain import Lang
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.spec import Calculation

Given = Mapping[str, str]

_NUMBER = re.compile(r"[+-]?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,3})?")
_BETWEEN = re.compile(r"[\s,，、;；]+")
# Empty lines that a table of records offers beyond those filled in.
_SPARE_ROWS = 3
_MOST_ROWS = 200


@dataclass(slots=True)
class Part:
    """Field or group of fields. `kind` picks the template: line, choice, day, flag, many, json, group or rows."""

    name: str
    kind: str
    title: str
    spec: Mapping[str, Any]
    required: bool = False
    value: str = ""
    errors: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    rows: list[list[Part]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Id of the field in the page."""
        return "in-" + re.sub(r"[^\w-]+", "-", self.name).strip("-")

    @property
    def unit(self) -> str:
        """Unit of the value."""
        return str(self.spec.get("unit") or (self.spec.get("item") or {}).get("unit") or "")

    @property
    def is_number(self) -> bool:
        """Whether a phone should show its digits."""
        return self.spec.get("type") in ("number", "decimal", "integer")

    @property
    def hint(self) -> str:
        """What may be written, in words."""
        if self.kind == "many":
            return _("一行一个，或用空格、逗号隔开；一个也没有时写 []。")
        if self.kind == "json":
            return _("按 JSON 填写，格式见算例。")
        low, high, above = (self.spec.get(key) for key in ("minimum", "maximum", "above"))
        if self.spec.get("type") in ("date", "date or time"):
            return _("写法如 2026-03-31，可带时刻 2026-03-31T15:30。") if self.kind == "line" else ""
        if above is not None:
            return _("大于 %(low)s") % {"low": above}
        if low is not None and high is not None:
            return _("%(low)s 至 %(high)s") % {"low": low, "high": high}
        if low is not None:
            return _("不小于 %(low)s") % {"low": low}
        if high is not None:
            return _("不大于 %(high)s") % {"high": high}
        forms = self.spec.get("forms") or ([self.spec["form"]] if self.spec.get("form") else [])
        return _("写法如 %(forms)s") % {"forms": _("、").join(str(one) for one in forms)} if forms else ""

    @property
    def shared_hint(self) -> str:
        """Hint that holds for every field of a group of one type: said once."""
        return self.parts[0].hint if self.kind == "group" and self.spec.get("keys") else ""

    def everything(self) -> Iterator[Part]:
        """This part and all below it."""
        yield self
        for one in [*self.parts, *(part for row in self.rows for part in row)]:
            yield from one.everything()


def build(calculation: Calculation, lang: Lang) -> list[Part]:
    """Parts of the form of a calculation, empty."""
    return [_part(one.name, one.describe(), one.title.tell(lang), one.required, lang) for one in calculation.inputs]


def fill(parts: Sequence[Part], inputs: Mapping[str, object], lang: Lang) -> None:
    """Puts JSON values into the parts, as the worked examples have them."""
    for part in parts:
        _fill(part, inputs.get(part.name), lang)


def read(parts: Sequence[Part], given: Given, lang: Lang) -> dict[str, object]:
    """JSON values out of what was sent; a blank field gives nothing. What does not parse goes through as it is.

    The registry then says what is wrong with it, in the words of the command and the API.
    """
    return {part.name: value for part in parts if (value := _read(part, given, lang)) is not None}


def mark(parts: Sequence[Part], faults: Sequence[Fault], lang: Lang) -> list[tuple[str, str, str]]:
    """Puts each fault beside its field; gives (id of the field, its title, message) of all, for the summary."""
    everything = {one.name: one for part in parts for one in part.everything()}
    summary = []
    for fault in faults:
        name = fault.field
        while name and name not in everything:
            name = re.sub(r"(\.[^.\[\]]*|\[\d*\])$", "", name) if re.search(r"[.\[]", name) else ""
        part = everything.get(name)
        message = fault.message.tell(lang)
        if part is not None and fault.code == "missing" and fault.field == part.name:
            message = _("请填写“%(title)s”。") % {"title": part.title}
        if part is not None:
            part.errors.append(message)
        summary.append((part.id if part else "", part.title if part else "", message))
    return summary


def _part(name: str, spec: Mapping[str, Any], title: str, required: bool, lang: Lang) -> Part:
    kind = str(spec.get("type"))
    part = Part(name, "line", title, spec, required)
    if spec.get("choices") and kind == "choice":
        part.kind = "choice"
        part.choices = [(code, words[lang]) for code, words in spec["choices"].items()]
    elif kind == "boolean":
        part.kind = "flag"
        part.choices = [("true", _("是")), ("false", _("否"))]
    elif kind == "date":
        part.kind = "day"
    elif kind == "object" and "inputs" in spec:
        part.kind = "group"
        part.parts = _children(name, spec["inputs"], lang)
    elif kind == "object" and spec.get("keys"):
        part.kind = "group"
        names = {key: f"{words[lang]} {key}" for key, words in (spec.get("names") or {}).items()}
        part.parts = [_part(f"{name}.{key}", spec["value"], names.get(key, key), False, lang) for key in spec["keys"]]
    elif kind in ("array", "one or array") and _is_line(spec["item"]):
        part.kind = "many"
    elif kind == "array" and all(_is_line(one) for one in spec["item"].get("inputs", [{"type": ""}])):
        part.kind = "rows"
        part.parts = []
    elif kind in ("array", "one or array", "object", "event"):
        part.kind = "json"
    return part


def _children(name: str, inputs: Sequence[Mapping[str, Any]], lang: Lang) -> list[Part]:
    return [_part(f"{name}.{one['name']}", one, one[lang], bool(one["required"]), lang) for one in inputs]


def _is_line(spec: Mapping[str, Any]) -> bool:
    """Whether one line holds a value of this type."""
    return spec.get("type") not in ("array", "one or array", "object", "event", "")


def _row(part: Part, number: int, lang: Lang) -> list[Part]:
    return _children(f"{part.name}[{number}]", part.spec["item"]["inputs"], lang)


def _fill(part: Part, value: object, lang: Lang) -> None:
    if part.kind == "group":
        inner = value if isinstance(value, Mapping) else {}
        for one in part.parts:
            _fill(one, inner.get(one.name.rpartition(".")[2]), lang)
    elif part.kind == "rows":
        rows = list(value) if isinstance(value, list | tuple) else []
        part.rows = [_row(part, number, lang) for number in range(len(rows) + _SPARE_ROWS)]
        for row, inner in zip(part.rows, rows, strict=False):
            for one in row:
                _fill(one, inner.get(one.name.rpartition(".")[2]), lang)
    elif value is None:
        part.value = ""
    elif part.kind == "many":
        many = value if isinstance(value, list | tuple) else [value]
        part.value = "\n".join(_written(one) for one in many) or "[]"
    elif part.kind == "json":
        part.value = json.dumps(value, ensure_ascii=False, default=str)
    else:
        part.value = _written(value)


def _read(part: Part, given: Given, lang: Lang) -> object:
    if part.kind == "group":
        inner = {
            one.name.rpartition(".")[2]: value for one in part.parts if (value := _read(one, given, lang)) is not None
        }
        return inner or None
    if part.kind == "rows":
        return _read_rows(part, given, lang)
    part.value = given.get(part.name, "").replace("\0", "").strip()
    if not part.value:
        return None
    if part.kind == "many":
        texts = [] if part.value == "[]" else [text for text in _BETWEEN.split(part.value) if text]
        values = [_scalar(text, part.spec["item"]) for text in texts]
        return values[0] if part.spec["type"] == "one or array" and len(values) == 1 else values
    if part.kind == "json":
        try:
            return cast(object, json.loads(part.value, parse_float=Decimal))
        except (ValueError, RecursionError):
            return part.value
    return _scalar(part.value, part.spec)


def _read_rows(part: Part, given: Given, lang: Lang) -> object:
    """Rows with anything in them; the empty ones between and after are left out."""
    values: list[object] = []
    for number in range(_MOST_ROWS):
        sent = {key[len(f"{part.name}[{number}]") :] for key in given if key.startswith(f"{part.name}[{number}].")}
        if not sent:
            break
        row = _row(part, number, lang)
        inner = {one.name.rpartition(".")[2]: value for one in row if (value := _read(one, given, lang)) is not None}
        if inner:
            # Numbered anew, as the faults will count them.
            for one in row:
                one.name = f"{part.name}[{len(values)}].{one.name.rpartition('.')[2]}"
            part.rows.append(row)
            values.append(inner)
    part.rows += [_row(part, len(values) + spare, lang) for spare in range(_SPARE_ROWS)]
    return values or None


def _scalar(text: str, spec: Mapping[str, Any]) -> object:
    kind = spec.get("type")
    if kind == "boolean" or (kind == "number or boolean" and text in ("true", "false")):
        return {"true": True, "false": False}.get(text, text)
    takes_numbers = kind in ("number", "decimal", "integer", "number or boolean", "year or date")
    if takes_numbers and _NUMBER.fullmatch(text):
        return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else Decimal(text)
    return text


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
