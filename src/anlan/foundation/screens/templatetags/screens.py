"""Tags and filters of all pages: icons, lights, dates, the panel that explains a result, fields of forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from anlan.foundation.calc.installed import registry
from anlan.foundation.calc.registry import Outcome
from anlan.foundation.calc.spec import Calculation
from anlan.foundation.screens import marks
from anlan.foundation.screens.charts import Chart
from anlan.foundation.screens.texts import language, text_of

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Drawing of the icon sheet: {% icon "home" %}; with a label it is read out, without it is an ornament."""
    return marks.drawing(str(name), str(label))


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> str:
    """What a block of the page holds, once more: the title stands in the window's bar and above the page."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    if block is None:
        return ""
    with context.push():
        return str(block.nodelist.render(context))


@register.inclusion_tag("screens/mark.html")
def light(colour: str) -> dict[str, object]:
    """Light with word and shape: {% light "red" %}."""
    return {"mark": marks.light(colour)}


@register.inclusion_tag("screens/mark.html")
def mark(text: str, tone: str = "neutral") -> dict[str, object]:
    """State with word, colour and shape: {% mark "已下达" "green" %}; {% mark mark %} takes a Mark."""
    return {"mark": text if isinstance(text, marks.Mark) else marks.Mark(str(text), tone)}


@register.inclusion_tag("screens/chart.html")
def chart(chart: Chart, opened: bool = False) -> dict[str, object]:
    """Chart with its table: {% chart by_unit %}. The page loads parts/echarts.min.js and screens/charts.js."""
    return {"chart": chart, "key": f"chart-{chart.key}", "open": opened}


@register.filter(name="day")
def day(value: object) -> str:
    """Date as 2022-09-30, an instant as 2022-09-30 15:04 in the district's time: {{ task.due|day }}."""
    return text_of(value)


@register.filter
def quoted(text: str) -> SafeString:
    """Message with what it quotes from a document (“…”) marked as Chinese, for readers of an English page aloud."""
    parts = re.split("(“(?:[^“”]|“[^“”]*”)*”)", text)
    return format_html_join(
        "", "{}", ((format_html('<span lang="zh">{}</span>', part) if part[:1] == "“" else part,) for part in parts)
    )


@register.filter
def chinese(text: str) -> SafeString:
    """Data in Chinese within a sentence of the page, marked as such: a unit of measure, a name."""
    return format_html('<span lang="zh">{}</span>', text)


@register.filter
def speak(words: Any) -> str:
    """Words of two languages in the one in force: {{ permission.words|speak }}."""
    if not words:
        return ""
    told = words.speak(language()) if hasattr(words, "speak") else words.tell(language())
    return str(told)


@register.inclusion_tag("screens/explain.html")
def explain(
    outcome: Outcome,
    calculation: Calculation | None = None,
    inputs: Mapping[str, object] | None = None,
    opened: bool = False,
    recompute: str = "",
) -> dict[str, object]:
    """Panel of a result, with inputs, steps, clause and rule version: {% explain outcome calculation inputs %}.

    Inputs and outputs carry the titles and units of the calculation; where none is given, it is that of the registry in
    force which gave the outcome. `recompute` is the address of a page that computes it again with other numbers.
    """
    if calculation is None and outcome.id:
        calculation = registry()[outcome.id]
    outputs = {one.name: one.describe() for one in calculation.outputs} if calculation else {}
    given = {one.name: one.describe() for one in calculation.inputs} if calculation else {}
    return {
        "told": outcome.explanation.to_json(language()) if outcome.explanation else None,
        "outputs": [_fact(name, value, outputs.get(name)) for name, value in outcome.outputs.items()],
        "inputs": [_fact(name, value, given.get(name)) for name, value in (inputs or {}).items()],
        "faults": [fault.to_json(language()) for fault in outcome.faults],
        "opened": opened,
        "titles": _titles(calculation.describe()) if calculation else {},
        "recompute": recompute,
    }


def _titles(spec: object) -> dict[str, str]:
    """Titles of all named things in a description, records within records included."""
    found: dict[str, str] = {}
    if isinstance(spec, Mapping):
        if "name" in spec and language() in spec:
            found[str(spec["name"])] = str(spec[language()])
        for one in spec.values():
            found |= _titles(one)
        found |= {str(key): str(words[language()]) for key, words in (spec.get("names") or {}).items()}
    elif isinstance(spec, list):
        for one in spec:
            found |= _titles(one)
    return found


@register.simple_tag(takes_context=True)
def titled(context: Context, name: object) -> object:
    """Title of a name within a nested result, the name itself where the calculation has none: {% titled key %}."""
    return (context.get("titles") or {}).get(str(name), name)


def _fact(name: str, value: object, spec: Mapping[str, object] | None) -> dict[str, object]:
    """Title, unit and value of one input or output; the name of a choice instead of its code."""
    if spec is None:
        return {"title": name, "unit": "", "value": value}
    choices = spec.get("choices")
    if isinstance(choices, Mapping) and isinstance(value, str) and value in choices:
        value = choices[value][language()]
    return {"title": spec[language()], "unit": spec.get("unit") or "", "value": value}


@register.filter
def kind(value: object) -> str:
    """How a nested result is shown: a "map", a "list" of such, a "line" of plain values, or one "value"."""
    if isinstance(value, Mapping):
        return "map"
    if isinstance(value, list | tuple):
        return "list" if any(isinstance(one, Mapping | list | tuple) for one in value) else "line"
    return "value"


@register.filter
def widget(field: BoundField) -> SafeString:
    """Input of a form's field with the classes and links to help and error that pages need."""
    kind = getattr(field.field.widget, "input_type", "")
    css = "form-select" if kind == "select" else "form-check-input" if kind in ("checkbox", "radio") else "form-control"
    attributes: dict[str, str | bool] = {
        "class": f"{field.field.widget.attrs.get('class', '')} {css}{' is-invalid' if field.errors else ''}".strip()
    }
    described = [f"{field.id_for_label}-help"] if field.help_text else []
    if field.errors:
        described.append(f"{field.id_for_label}-error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attributes)
