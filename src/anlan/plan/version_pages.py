"""Pages of versions: all of them, one of them as it reads, two side by side; confirmed, adopted, put aside."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.screens.marks import Mark
from anlan.plan import comparing, queries, reading_room, versions
from anlan.plan.correction_pages import show
from anlan.plan.forms import UploadForm
from anlan.plan.matching.pairing import Kind
from anlan.plan.models import CorrectionKind, Document, Measure, Plan, PlanState, Standpoint
from anlan.settings import InputError

KINDS = {
    Kind.SAME: gettext_lazy("未变"),
    Kind.RENUMBERED: gettext_lazy("只改了序号或章节"),
    Kind.CHANGED: gettext_lazy("有改动"),
    Kind.SPLIT: gettext_lazy("拆成几条"),
    Kind.MERGED: gettext_lazy("并成一条"),
    Kind.ADDED: gettext_lazy("本版新增"),
    Kind.DROPPED: gettext_lazy("本版删除"),
}
_TONES = {Kind.SAME: "neutral", Kind.RENUMBERED: "neutral", Kind.ADDED: "green", Kind.DROPPED: "red"}
_STATES = {
    Standpoint.PROPOSED: "yellow",
    Standpoint.IN_FORCE: "green",
    Standpoint.REPLACED: "neutral",
    Standpoint.ASIDE: "neutral",
}


def lang() -> str:
    """Language of the page: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _plan(request: HttpRequest, key: int, permission: str = "plan.see") -> Plan:
    actor = _actor(request)
    plan = get_object_or_404(visible(actor, "plan.see", Plan.objects.all()), pk=key)
    if not may(actor, permission, plan):
        raise PermissionDenied
    return plan


def _document(plan: Plan, number: int) -> Document:
    return get_object_or_404(
        plan.documents.select_related("created_by__person", "decided_by__person", "receipt"), number=number
    )


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, key: int) -> HttpResponse:
    """Versions of a plan's document, the latest first, and the form for a new one."""
    plan = _plan(request, key)
    allowed = may(_actor(request), "plan.compare", plan)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        if form.is_valid():
            stream, name, _size = form.document()
            try:
                made = versions.propose(_actor(request), plan, stream.read(), name, year=form.cleaned_data["year"])
            except InputError as error:
                for problem in error.problems:
                    form.add_error(None, problem.speak(lang()))
            else:
                messages.success(request, _("已收入第 %(n)d 版，请核对对应关系。") % {"n": made.number})
                return redirect("plan-compare", plan.pk, made.number)
    rows = list(plan.documents.select_related("created_by__person", "decided_by__person").order_by("-number"))
    context = {
        "plan": plan,
        "rows": [(row, state_mark(row), outcome_words(row)) for row in rows],
        "waiting": next((row for row in rows if row.state == Standpoint.PROPOSED), None),
        "form": form if allowed else None,
    }
    return render(request, "plan/versions.html", context, status=422 if form.errors else 200)


def state_mark(document: Document) -> Mark:
    """Where a version stands, as pages show it."""
    state = Standpoint(document.state)
    return Mark(str(state.label), _STATES[state])


def outcome_words(document: Document) -> str:
    """What the adoption of a version did, in one line; "" for one that was not adopted."""
    told = document.outcome
    if "kinds" not in told:
        return ""
    parts = [
        _("%(kind)s %(n)d 条") % {"kind": KINDS[Kind(kind)], "n": number} for kind, number in told["kinds"].items()
    ]
    parts.append(_("沿用更正 %(n)d 处、落实 %(m)d 处") % {"n": told["corrections"], "m": told["settlements"]})
    if told["lost"]:
        parts.append(_("未沿用 %(n)d 处") % {"n": len(told["lost"])})
    return _("，").join(parts)


_WHY = {"text": gettext_lazy("新版本的文字不同"), "gone": gettext_lazy("新版本没有这一条")}


def _lost(document: Document) -> list[dict[str, Any]]:
    told = document.outcome
    found: list[dict[str, Any]] = told.get("lost", told.get("structure", {}).get("lost", []))
    return found


def lost_words(one: dict[str, Any]) -> str:
    """Correction that did not go on, in words."""
    return _("“%(measure)s”的%(kind)s更正为“%(after)s”：%(why)s") % {
        "measure": one["measure"],
        "kind": CorrectionKind(one["kind"]).label,
        "after": show(one["after"]) or _("删去"),
        "why": _WHY[one["why"]],
    }


@require_GET
def version(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """One version as it reads, with the measures that it had; nothing to change here."""
    plan = _plan(request, key)
    document = _document(plan, number)
    if document.state == Standpoint.IN_FORCE:
        return redirect("plan", plan.pk)
    measures = list(queries.measures(document))
    findings = list(document.findings.all())
    rows = reading_room.lines(document, measures, findings, lang())
    notes: dict[int | None, list[reading_room.Note]] = {}
    for line in rows:
        for note in line.notes:
            notes.setdefault(note.measure_id, []).append(note)
    context = {
        "plan": plan,
        "document": document,
        "older": state_mark(document),
        "lines": rows,
        "measures": [(measure, notes.get(measure.pk, [])) for measure in measures],
        "count": len(measures),
        "open": 0,
        "findings": findings,
    }
    return render(request, "plan/plan.html", context)


@require_GET
def compare(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """A version beside the one it was compared with, clause by clause."""
    plan = _plan(request, key)
    document = _document(plan, number)
    first = document.matches.filter(old__isnull=False).select_related("old__document").first()
    if first is None or first.old is None:
        messages.info(request, _("第 %(n)d 版没有可比的上一版。") % {"n": document.number})
        return redirect("plan-versions", plan.pk)
    before = first.old.document
    rows = comparing.compared(before, document)
    counts = Counter(row.kind for row in rows)
    waiting = sum(row.waiting for row in rows)
    chosen = request.GET.get("kind", "")
    wanted = [
        row
        for row in rows
        if (chosen in ("", "all") and (chosen or row.kind not in (Kind.SAME, Kind.RENUMBERED) or row.is_doubtful))
        or chosen == row.kind.value
        or (chosen == "waiting" and row.waiting)
    ]
    may_decide = document.state == Standpoint.PROPOSED and may(_actor(request), "plan.adopt", plan)
    choices = [("", _("有变化的"), len([r for r in rows if r.kind not in (Kind.SAME, Kind.RENUMBERED)]))]
    if waiting:
        choices.append(("waiting", _("待确认"), waiting))
    choices += [(kind.value, str(label), counts[kind]) for kind, label in KINDS.items() if counts[kind]]
    choices.append(("all", _("全部"), len(rows)))
    context: dict[str, Any] = {
        "plan": plan,
        "document": document,
        "before": before,
        "state": state_mark(document),
        "rows": [(row, Mark(str(KINDS[row.kind]), _TONES.get(row.kind, "info"))) for row in wanted],
        "choices": choices,
        "chosen": chosen,
        "waiting": waiting,
        "total": len(rows),
        "may_decide": may_decide,
        "issued": plan.state == PlanState.ISSUED,
        "olds": list(before.measures.all()) if may_decide else [],
        "outcome": outcome_words(document),
        "lost": [lost_words(one) for one in _lost(document)],
    }
    return render(request, "plan/compare.html", context)


@require_POST
def decide(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Confirms a match, links a clause to others, adopts the version, or puts it aside; `do` says which."""
    plan = _plan(request, key, "plan.compare")
    document = _document(plan, number)
    actor, post = _actor(request), request.POST
    do = post.get("do", "")
    page = f"{reverse('plan-compare', args=[plan.pk, document.number])}?kind={post.get('kind', '')}"
    try:
        if do == "confirm":
            keys = [_whole(value) for value in post.getlist("match")]
            changed = versions.confirm(actor, document, document.matches.filter(pk__in=keys))
            messages.success(request, _("已确认 %(n)d 处。") % {"n": changed})
        elif do == "link":
            new = get_object_or_404(Measure, document=document, pk=_whole(post.get("new", "")))
            olds = Measure.objects.filter(pk__in=[_whole(value) for value in post.getlist("old") if value])
            versions.link(actor, document, new, list(olds))
            messages.success(request, _("已改对应关系。"))
        elif do == "aside":
            versions.put_aside(actor, document, post.get("reason", ""))
            messages.success(request, _("第 %(n)d 版不采用，已留存。") % {"n": document.number})
            return redirect("plan-versions", plan.pk)
        elif do == "adopt":
            versions.adopt(actor, document, reason=post.get("reason", ""))
            messages.success(request, _("第 %(n)d 版已成为现行版本。") % {"n": document.number})
        else:
            messages.error(request, _("没有“%(do)s”这种处理。") % {"do": do})
    except InputError as error:
        for problem in error.problems[:10]:
            messages.error(request, problem.speak(lang()))
    return redirect(page)


def _whole(text: str) -> int:
    """Key in a form; 0 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


urlpatterns = [
    path("plans/<int:key>/versions/", listed, name="plan-versions"),
    path("plans/<int:key>/versions/<int:number>/", version, name="plan-version"),
    path("plans/<int:key>/versions/<int:number>/compare/", compare, name="plan-compare"),
    path("plans/<int:key>/versions/<int:number>/decide/", decide, name="plan-version-decide"),
]
