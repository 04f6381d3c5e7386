"""A spec as plain data and as text, for programs and for people. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anlan.registers.spec.model import GATHERED, Check, Condition, Field, Grant, Indicator, Spec, Type
from anlan.settings import Words


def described(spec: Spec, *, whole: bool = False) -> dict[str, Any]:
    """Register with its fields as JSON; with `whole`, everything that the spec says."""
    found: dict[str, Any] = {
        "id": spec.id,
        "title": _words(spec.title),
        "seed_rows": list(spec.seed_rows),
        "fields": [_field(one) for one in spec.fields],
    }
    if not whole:
        return found
    return {
        **found,
        "version": spec.version,
        "effective": spec.effective.isoformat(),
        "lead": _words(spec.lead),
        "group": spec.group,
        "basis": spec.basis,
        "key": list(spec.key),
        "label": list(spec.label),
        "unit": spec.unit,
        "place": spec.place,
        "fill": [_grant(one) for one in spec.fill],
        "read": [_grant(one) for one in spec.read],
        "period": None
        if spec.period is None
        else {"every": spec.period.every.value, "due_days": spec.period.due_days, "expects": spec.period.expects},
        "checks": [
            {
                "id": one.id,
                "severity": one.severity.value,
                "message": _words(one.message),
                "expression": one.expression.text if one.expression else None,
                "unique": list(one.unique),
                "overlap": one.overlap,
            }
            for one in spec.checks
        ],
        "indicators": [indicator(one) for one in spec.indicators],
        "identities": [
            {"id": one.id, "title": _words(one.title), "expression": one.expression.text} for one in spec.identities
        ],
        "states": [{"id": one.id, "title": _words(one.title), "tone": one.tone} for one in spec.states],
        "moves": [
            {
                "id": one.id,
                "title": _words(one.title),
                "from": list(one.sources),
                "to": one.target,
                "by": [_grant(grant) for grant in one.by],
                "reason": one.reason,
                "needs": list(one.needs),
            }
            for one in spec.moves
        ],
    }


def indicator(one: Indicator) -> dict[str, Any]:
    """Indicator as JSON."""
    return {"id": one.id, "title": _words(one.title), "how": one.measure.how.value, "unit": one.unit}


def json_schema(spec: Spec) -> dict[str, Any]:
    """JSON Schema (2020-12) of the values of a row, as the interface takes them."""
    properties: dict[str, Any] = {}
    if spec.period:
        properties["period"] = {"type": "string", "title": "期次", "examples": [spec.period.starts]}
    for one in spec.entered:
        properties[one.id] = _schema(one)
    return {
        "title": spec.title.zh,
        "type": "object",
        "properties": properties,
        "required": [*(["period"] if spec.period else []), *(one.id for one in spec.fields if one.required)],
        "additionalProperties": False,
    }


_TYPES: dict[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.DECIMAL: {"type": ["number", "string"]},
    Type.QUANTITY: {"type": ["number", "string"]},
    Type.DATE: {"type": "string", "format": "date"},
    Type.YESNO: {"type": "boolean"},
    Type.CHOICE: {"type": "string"},
    Type.UNIT: {"type": "string"},
    Type.PLACE: {"type": "string"},
    Type.POINT: {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 2, "maxItems": 2},
    Type.GEOMETRY: {"type": "object"},
    Type.FILE: {"type": "array", "items": {"type": "integer"}},
    Type.PHOTO: {"type": "array", "items": {"type": "integer"}},
    Type.REFERENCE: {"type": "string"},
}


def _schema(field: Field) -> dict[str, Any]:
    found = dict(_TYPES[field.type])
    found["title"] = field.title.zh
    if field.help:
        found["description"] = field.help.zh
    if field.unit:
        found["x-unit"] = field.unit
    if field.type is Type.TEXT:
        found["maxLength"] = field.longest
    if field.type is Type.CHOICE:
        found["enum"] = [one.id for one in field.choices]
    for key, bound in (("minimum", field.low), ("maximum", field.high)):
        if isinstance(bound, Decimal):
            found[key] = int(bound) if bound == bound.to_integral_value() else float(bound)
    if not field.required:
        found = {"anyOf": [found, {"type": "null"}], "title": found["title"]}
    return found


def _field(one: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "type": one.type.value, "title": _words(one.title), "unit": one.unit or None}
    found["required"] = one.required
    for key, value in (("min", one.low), ("max", one.high)):
        if value is not None:
            found[key] = value.isoformat() if isinstance(value, dt.date) else str(value)
    if one.type in (Type.DECIMAL, Type.QUANTITY, Type.COMPUTED):
        found["scale"] = one.scale
    if one.choices:
        found["choices"] = [{"id": choice.id, **_words(choice.words)} for choice in one.choices]
    if one.register:
        found["register"] = one.register
    if one.formula:
        found["formula"] = one.formula.text
    return found


def _grant(one: Grant) -> dict[str, Any]:
    return {"roles": list(one.roles), "at": one.at, "units": list(one.units)}


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def limits(field: Field) -> Words | None:
    """What a value must be, in one line: range, length, form; None where there is nothing to say."""
    if isinstance(field.low, Decimal) or isinstance(field.high, Decimal):
        low, high = field.low, field.high
        unit = f" {field.unit}" if field.unit else ""
        if low is None:
            return Words(f"不大于 {high}{unit}", f"at most {high}{unit}")
        if high is None:
            return Words(f"不小于 {low}{unit}", f"at least {low}{unit}")
        return Words(f"{low} 到 {high}{unit}", f"{low} to {high}{unit}")
    return field.pattern_words


def condition(one: Condition, spec: Spec) -> Words:
    """Condition in words."""
    field = spec.by_id.get(one.field)
    title = field.title if field else Words({"state": "状态", "period": "期次"}.get(one.field, one.field), one.field)

    def named(value: object, lang: str) -> str:
        choice = field.choice(str(value)) if field else None
        state = spec.state(str(value)) if one.field == "state" else None
        return choice.words.speak(lang) if choice else state.title.speak(lang) if state else str(value)

    parts = {"zh": list[str](), "en": list[str]()}
    for lang in ("zh", "en"):
        mark = "、" if lang == "zh" else ", "
        if one.among:
            parts[lang].append(("为" if lang == "zh" else "is ") + mark.join(named(v, lang) for v in one.among))
        if one.none_of:
            parts[lang].append(("不为" if lang == "zh" else "is not ") + mark.join(named(v, lang) for v in one.none_of))
        for bound, sign in ((one.low, "≥"), (one.high, "≤"), (one.above, ">"), (one.below, "<")):
            if bound is not None:
                parts[lang].append(f"{sign} {bound}")
        if one.filled is not None:
            filled = Words("已填" if one.filled else "未填", "filled in" if one.filled else "empty")
            parts[lang].append(filled.speak(lang))
    return Words(f"{title.zh} {'，'.join(parts['zh'])}", f"{title.en} {' and '.join(parts['en'])}")


_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FRONTS = {"previous": Words("上期", "before: "), "last_year": Words("上年", "the year before: ")}


def worded(check: Check, spec: Spec, others: Mapping[str, Spec]) -> Words:
    """Message of a check before any row fills it in: names in braces become the titles of their fields."""

    def title(name: str, lang: str) -> str:
        front, _dot, last = name.rpartition(".")
        if name == "other":
            return {"zh": "另一条", "en": "another row"}[lang]
        if front == GATHERED:
            return {"zh": "汇总数", "en": "figure of other rows"}[lang]
        if not front or front in _FRONTS:
            shown = {"period": Words("期次", "period"), "state": Words("状态", "state")}.get(last)
            own = spec.by_id.get(last)
            shown = own.title if own else shown or Words(last, last)
            return (_FRONTS[front].speak(lang) if front else "") + shown.speak(lang)
        reference = spec.by_id.get(front)
        there = others.get(reference.register) if reference else None
        field = there.by_id.get(last) if there else None
        shown = reference.title if reference else Words(front, front)
        if field is None:
            return shown.speak(lang)
        return f"{shown.zh}的{field.title.zh}" if lang == "zh" else f"{field.title.en} of {shown.en}"

    def fill(message: str, lang: str) -> str:
        return _PLACEHOLDER.sub(
            lambda found: f"〔{title(found[1], lang)}〕" if lang == "zh" else f"[{title(found[1], lang)}]", message
        )

    return Words(fill(check.message.zh, "zh"), fill(check.message.en, "en"))


def told(spec: Spec, lang: str) -> str:
    """Register as text: fields, checks, indicators."""
    lines = [f"{spec.id}  {spec.title.speak(lang)}  v{spec.version}", spec.lead.speak(lang), ""]
    for one in spec.fields:
        note = limits(one)
        marks = " *" if one.required else ""
        lines.append(
            f"{one.id}{marks}\t{one.type.value}\t{one.heading.speak(lang)}\t{note.speak(lang) if note else ''}".rstrip()
        )
    if spec.checks:
        lines.append("")
    lines += [f"{one.id}\t{one.severity.value}\t{one.message.speak(lang)}" for one in spec.checks]
    if spec.indicators:
        lines.append("")
    lines += [f"{one.id}\t{one.title.speak(lang)}\t{one.unit}" for one in spec.indicators]
    return "\n".join(lines)
