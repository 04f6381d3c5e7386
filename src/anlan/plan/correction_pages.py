"""Pages of corrections: one measure with all its fields, what was corrected before, split, merge, move; selections."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org.models import Group, Unit
from anlan.plan import corrections, queries, restructuring
from anlan.plan.bodies import bodies
from anlan.plan.compiler.model import squeeze
from anlan.plan.corrections import New, NewDeadline, NewDuty, NewTarget, OvertakenError, Wanted
from anlan.plan.models import Correction, DutyRole, Measure, Plan, PlanState
from anlan.settings import InputError, Words

# A row that is not there yet has the key "new".
_BLANK = "new"
_SENTENCE = re.compile(r"[^。；;\n]*[。；;\n]*")
# Neighbours offered for merging on either side.
_NEAR = 3


def lang() -> str:
    """Language of the page: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _plan(request: HttpRequest, key: int) -> Plan:
    actor = _actor(request)
    plan = get_object_or_404(visible(actor, "plan.see", Plan.objects.all()), pk=key)
    if not may(actor, "plan.correct", plan):
        raise PermissionDenied
    return plan


def _measure(plan: Plan, key: int) -> Measure:
    """Measure in force, its fields fetched."""
    rows = queries.measures(queries.document(plan)).select_related("document__plan")
    return get_object_or_404(rows, pk=key)


@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """One measure: its characters, its fields to correct, what was corrected, and what else can be done with it."""
    plan = _plan(request, key)
    found = _measure(plan, number)
    inputs = state(found)
    seen = dict(inputs)
    status, changes = 200, []
    if request.method == "POST":
        posted = {name: str(value) for name, value in request.POST.items()}
        seen = _seen(posted, inputs)
        try:
            corrections.correct(
                _actor(request),
                found,
                _wanted(posted, seen, plan),
                lock=_whole(posted.get("lock", "")),
                reason=posted.get("reason", ""),
            )
        except OvertakenError as error:
            _say(request, error)
            changes = _changes(seen, inputs, posted)
            inputs = _kept(seen, inputs, posted)
            seen, status = state(found), 409
        except InputError as error:
            _say(request, error)
            inputs, status = seen | posted, 422
        else:
            messages.success(request, _("已更正。"))
            return redirect("plan-measure", plan.pk, found.pk)
    elif request.GET.get("as"):
        inputs |= _selected(request.GET, found)
    return render(request, "plan/measure.html", _context(request, plan, found, inputs, seen, changes), status=status)


def _context(
    request: HttpRequest,
    plan: Plan,
    found: Measure,
    inputs: dict[str, str],
    seen: dict[str, str],
    changes: list[dict[str, str]],
) -> dict[str, Any]:
    known = bodies()
    made = list(
        Correction.objects.filter(measure=found).select_related("by__person", "back_by__person", "carried_from")
    )
    order = list(queries.document(plan).measures.all())
    place = next(at for at, one in enumerate(order) if one.pk == found.pk)
    return {
        "plan": plan,
        "measure": found,
        "text": found.document.text[found.start : found.end],
        "inputs": inputs,
        "seen": json.dumps(seen, ensure_ascii=False),
        "lock": found.lock,
        "changes": changes,
        "duties": [_shown(f"d{row.pk}", row.name, inputs) for row in found.duties.all()],
        "deadlines": [_shown(f"l{row.pk}", row.text, inputs) for row in found.deadlines.all()],
        "targets": [_shown(f"t{row.pk}", row.text, inputs) for row in found.targets.all()],
        "blank": {kind: _shown(f"{kind}{_BLANK}", inputs.get(f"said-{kind}{_BLANK}", ""), inputs) for kind in "dlt"},
        "roles": DutyRole.choices,
        "units": list(known.units.values()),
        "groups": list(known.groups.values()),
        "issued": plan.state == PlanState.ISSUED,
        "corrections": [(one, show(one.compiled), show(one.before), show(one.after)) for one in reversed(made)],
        "sentences": sentences(found),
        "neighbours": [one for one in order[max(0, place - _NEAR) : place + _NEAR + 1] if one.pk != found.pk],
        "others": [one for one in order if one.pk != found.pk],
        "before": order[place - 1] if place else None,
        "next": order[place + 1] if place + 1 < len(order) else None,
    }


def _shown(key: str, said: str, inputs: Mapping[str, str]) -> dict[str, str | int]:
    """Row of the form: what its fields hold now. `said` is the row as the document has it."""
    names = ("role", "text", "date", "strike", "start", "end")
    body = inputs.get(f"body-{key}", "")
    chosen = {"u": "unit", "g": "group"}.get(body[:1], "unit")
    row: dict[str, str | int] = {"key": key, "said": said, chosen: _whole(body[1:])}
    return row | {name: inputs.get(f"{name}-{key}", "") for name in names}


def show(value: Any) -> str:
    """Value of a correction on one line; "" for none."""
    if isinstance(value, list):
        return " / ".join(map(str, value))
    if isinstance(value, dict) and "role" in value:
        return _("%(field)s：%(part)s") % {"field": DutyRole(value["role"]).label, "part": value["body"]}
    if isinstance(value, dict):
        day, text = value.get("date"), value.get("text", "")
        return text if day in (None, text) else _("%(text)s（%(day)s）") % {"text": text, "day": day}
    return "" if value is None else str(value)


def sentences(found: Measure) -> list[tuple[int, str]]:
    """Sentences of a measure, each with the place in the document where it begins."""
    return [
        (found.start + match.start(), match.group().strip())
        for match in _SENTENCE.finditer(found.document.text[found.start : found.end])
        if match.group().strip()
    ]


def state(found: Measure) -> dict[str, str]:
    """Fields of the form as they stand, by name."""
    inputs = {"number": found.number, "title": found.title, "chapter": "\n".join(found.chapter)}
    for duty in found.duties.all():
        body = f"u{duty.unit_id}" if duty.unit_id else f"g{duty.group_id}" if duty.group_id else ""
        inputs |= {f"role-d{duty.pk}": duty.role, f"body-d{duty.pk}": body, f"strike-d{duty.pk}": ""}
    for limit in found.deadlines.all():
        day = limit.date.isoformat() if limit.date else ""
        inputs |= {f"text-l{limit.pk}": limit.text, f"date-l{limit.pk}": day, f"strike-l{limit.pk}": ""}
    for target in found.targets.all():
        inputs |= {f"text-t{target.pk}": target.text, f"strike-t{target.pk}": ""}
    return inputs


def _seen(posted: Mapping[str, str], inputs: dict[str, str]) -> dict[str, str]:
    """Fields as the form showed them when it was opened."""
    try:
        told = json.loads(posted.get("seen", ""))
    except ValueError:
        return dict(inputs)
    return {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else dict(inputs)


def _wanted(posted: Mapping[str, str], seen: Mapping[str, str], plan: Plan) -> Wanted:
    """What the form asks for: only what differs from what it showed."""

    def differs(name: str) -> str | None:
        value = posted.get(name, "").replace("\r\n", "\n").strip()
        return value if name in posted and value != seen.get(name, "").strip() else None

    chapter = differs("chapter")
    rows: list[tuple[str, New | None]] = []
    for key in dict.fromkeys(name.split("-", 1)[1] for name in seen if "-" in name):
        if posted.get(f"strike-{key}"):
            rows.append((key, None))
        elif any(differs(f"{part}-{key}") is not None for part in ("role", "body", "text", "date")):
            rows.append((key, _row(posted, key[0], key)))
    for kind in "dlt":
        key = f"{kind}{_BLANK}"
        if posted.get(f"body-{key}", "").strip() or posted.get(f"text-{key}", "").strip() or posted.get(f"date-{key}"):
            rows.append((kind, _row(posted, kind, key)))
    return Wanted(
        number=differs("number"),
        title=differs("title"),
        chapter=None if chapter is None else tuple(line.strip() for line in chapter.split("\n") if line.strip()),
        rows=tuple(rows),
    )


def _row(posted: Mapping[str, str], kind: str, key: str) -> New:
    start, end = (_place(posted.get(f"{name}-{key}", "")) for name in ("start", "end"))
    text = posted.get(f"text-{key}", "").strip()
    if kind == "d":
        role, body = posted.get(f"role-{key}", ""), body_of(posted.get(f"body-{key}", ""))
        if body is None or role not in DutyRole.values:
            raise InputError(Words("请选择单位和职责", "choose the unit and its role"))
        return NewDuty(DutyRole(role), body, start, end)
    if kind == "l":
        typed = posted.get(f"date-{key}", "").strip()
        try:
            day = dt.date.fromisoformat(typed) if typed else None
        except ValueError:
            raise InputError(
                Words(
                    f"“{typed}”不是日期，请按 2024-12-31 的样子填写", f"{typed!r} is no date: write it like 2024-12-31"
                )
            ) from None
        return NewDeadline(text, day, start, end)
    return NewTarget(text, start, end)


def _changes(seen: Mapping[str, str], now: Mapping[str, str], posted: Mapping[str, str]) -> list[dict[str, str]]:
    """What somebody else changed, field by field: as it was seen, as it is now, and what this person filled in."""
    labels = {"number": _("序号"), "title": _("标题"), "chapter": _("章节")}
    kinds = {"d": _("承担单位"), "l": _("完成时限"), "t": _("目标")}
    parts = {"role": _("职责"), "body": _("单位"), "text": _("文字"), "date": _("日期")}
    rows = []
    for name in dict.fromkeys([*seen, *now]):
        if seen.get(name, "") == now.get(name, "") and (name in seen) == (name in now):
            continue
        part, _dash, key = name.partition("-")
        if part == "strike":
            continue
        label = labels.get(name) or _("%(field)s：%(part)s") % {"field": kinds[key[0]], "part": parts[part]}
        values = [source.get(name, "") for source in (seen, now, posted)]
        was, is_, mine = (_readable(part, value) for value in values)
        rows.append({"label": label, "seen": was, "now": is_, "mine": mine if values[2] != values[0] else ""})
    return rows


def _kept(seen: Mapping[str, str], now: Mapping[str, str], posted: Mapping[str, str]) -> dict[str, str]:
    """Fields of the form after somebody else came first: what this person altered as he left it, all else as it is now.

    What he altered of a row that is gone is offered as a new one.
    """
    altered = {name: value for name, value in posted.items() if value != seen.get(name, "")}
    inputs = dict(now)
    for name, value in sorted(altered.items(), key=lambda pair: not pair[0].endswith(_BLANK)):
        if name in now or name in seen or name == "reason" or name.endswith(_BLANK):
            _part, _dash, key = name.partition("-")
            if key and name not in now and not name.endswith(_BLANK):
                for one in ("role", "body", "text", "date"):
                    if f"{one}-{key}" in posted:
                        inputs[f"{one}-{key[0]}{_BLANK}"] = posted[f"{one}-{key}"]
            else:
                inputs[name] = value
    return inputs


def _readable(part: str, value: str) -> str:
    if part == "role":
        return str(DutyRole(value).label) if value in DutyRole.values else value
    return str(body_of(value) or "") if part == "body" else value


def _selected(query: QueryDict, found: Measure) -> dict[str, str]:
    """Fields filled from characters that were selected in the document."""
    start, end = _place(query.get("start", "")), _place(query.get("end", ""))
    if start is None or end is None or not start < end <= len(found.document.text):
        return {}
    text, kind = found.document.text[start:end].strip(), query.get("as", "")
    place = {"start": str(start), "end": str(end)}
    if kind in ("number", "title"):
        return {kind: squeeze(text) if kind == "number" else text}
    key = {"deadline": "l", "target": "t"}.get(kind, "d") + _BLANK
    filled = {f"{name}-{key}": value for name, value in place.items()}
    if key[0] != "d":
        return filled | {f"text-{key}": text}
    unit, group = bodies().find(squeeze(text))
    body = f"u{unit.pk}" if unit else f"g{group.pk}" if group else ""
    return filled | {f"role-{key}": kind, f"body-{key}": body, f"said-{key}": text}


@require_POST
def select(request: HttpRequest, key: int) -> HttpResponse:
    """What the characters selected in the reading room are: a field of a measure, or a measure of their own.

    A draft is corrected at once where the words are clear; else the page of the measure opens with them filled in.
    """
    plan = _plan(request, key)
    post = request.POST
    start, end = _place(post.get("start", "")), _place(post.get("end", ""))
    if start is None or end is None:
        messages.error(request, _("请先在原文里选中文字。"))
        return redirect("plan", plan.pk)
    if post.get("as") == "add":
        try:
            made = restructuring.add(_actor(request), plan, start, end, reason=post.get("reason", ""))
        except InputError as error:
            _say(request, error)
            return redirect("plan", plan.pk)
        messages.success(request, _("已新增任务，请核对各项内容。"))
        return redirect("plan-measure", plan.pk, made.pk)
    found = _measure(plan, _whole(post.get("measure", "")))
    inputs = state(found)
    filled = _selected(post, found)
    page = f"{reverse('plan-measure', args=[plan.pk, found.pk])}?as={post.get('as', '')}&start={start}&end={end}"
    clear = filled and (f"body-d{_BLANK}" not in filled or filled[f"body-d{_BLANK}"])
    if plan.state == PlanState.ISSUED or not clear:
        return redirect(page)
    try:
        wanted = _wanted(inputs | filled, inputs, plan)
        corrections.correct(_actor(request), found, wanted, lock=_whole(post.get("lock", "")))
    except InputError as error:
        _say(request, error)
        return redirect(page)
    found.refresh_from_db(fields=["number", "title"])
    messages.success(request, _("已更正“%(measure)s”。") % {"measure": found})
    return redirect(f"{reverse('plan', args=[plan.pk])}#measure-{found.pk}")


@require_POST
def restructure(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Splits, merges, moves or takes out a measure; `do` says which."""
    plan = _plan(request, key)
    found = _measure(plan, _whole(str(number)))
    actor, post = _actor(request), request.POST
    lock, reason = _whole(post.get("lock", "")), post.get("reason", "")
    others = Measure.objects.filter(document=found.document_id)

    def split() -> str:
        places = [place for value in post.getlist("place") if (place := _place(value)) is not None]
        restructuring.split(actor, found, places, lock=lock, reason=reason)
        return _("已拆分。")

    def merge() -> str:
        chosen = others.filter(pk__in=[_whole(value) for value in post.getlist("other")])
        restructuring.merge(actor, found, chosen, lock=lock, reason=reason)
        return _("已合并。")

    def move() -> str:
        after = others.filter(pk=_whole(post.get("after", ""))).first()
        restructuring.move(actor, found, after, lock=lock, reason=reason)
        return _("已移动。")

    def strike() -> str:
        restructuring.strike(actor, found, lock=lock, reason=reason)
        return _("已不作为任务。")

    steps: dict[str, Callable[[], str]] = {"split": split, "merge": merge, "move": move, "strike": strike}
    step = steps.get(post.get("do", ""))
    if step is None:
        messages.error(request, _("没有“%(do)s”这种处理。") % {"do": post.get("do", "")})
        return redirect("plan-measure", plan.pk, found.pk)
    try:
        messages.success(request, step())
    except InputError as error:
        _say(request, error)
        return redirect("plan-measure", plan.pk, found.pk)
    if step is strike:
        return redirect("plan-corrections", plan.pk)
    return redirect(f"{reverse('plan', args=[plan.pk])}#measure-{found.pk}")


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, key: int) -> HttpResponse:
    """All corrections of the version in force, the latest first; each can be taken back."""
    plan = _plan(request, key)
    document = queries.document(plan)
    rows = Correction.objects.filter(measure__document=document)
    if request.method == "POST":
        one = get_object_or_404(rows, pk=_whole(request.POST.get("correction", "")))
        try:
            restructuring.take_back(_actor(request), one, reason=request.POST.get("reason", ""))
        except InputError as error:
            _say(request, error)
        else:
            messages.success(request, _("已撤回更正。"))
        return redirect("plan-corrections", plan.pk)
    found = rows.select_related("measure", "by__person", "back_by__person").order_by("-pk")
    return render(
        request,
        "plan/corrections.html",
        {
            "plan": plan,
            "document": document,
            "corrections": [(one, show(one.compiled), show(one.before), show(one.after)) for one in found],
            "issued": plan.state == PlanState.ISSUED,
        },
    )


def body_of(value: str) -> Unit | Group | None:
    """Unit or group by the value of a choice: u12 or g3."""
    kind, key = value[:1], _whole(value[1:])
    if kind == "u":
        return Unit.objects.filter(pk=key).first()
    return Group.objects.filter(pk=key).first() if kind == "g" else None


def _whole(text: str) -> int:
    """Key or number in a form; 0 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def _place(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None


def _say(request: HttpRequest, error: InputError) -> None:
    for problem in error.problems:
        messages.error(request, problem.speak(lang()))


urlpatterns = [
    path("plans/<int:key>/corrections/", listed, name="plan-corrections"),
    path("plans/<int:key>/select/", select, name="plan-select"),
    path("plans/<int:key>/measures/<int:number>/", measure, name="plan-measure"),
    path("plans/<int:key>/measures/<int:number>/restructure/", restructure, name="plan-measure-restructure"),
]
