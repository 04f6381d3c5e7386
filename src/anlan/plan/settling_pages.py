"""The page on which everything is settled that a plan leaves open, part by part: a plan may have thousands of measures.

One kind of question is shown at a time, fifty of it, narrowed by words and chapter; an answer is given to the ticked
ones, or to all that the narrowing leaves on whatever page they are.
"""

from __future__ import annotations

import datetime as dt
import re
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org.models import Group, Unit
from anlan.foundation.screens.texts import language
from anlan.plan import actions, queries
from anlan.plan.bodies import Bodies, bodies
from anlan.plan.models import Duty, DutyRole, Plan, Question, QuestionKind
from anlan.settings import InputError

KINDS = (QuestionKind.UNIT, QuestionKind.OWNER, QuestionKind.GROUP, QuestionKind.DEADLINE, QuestionKind.LEAD)
CLOSED = "closed"
PER_PAGE = 50
# Names that nobody goes by: each has a form of its own.
_NAMES = 20
# Places where such a name is printed, shown beside it.
_PLACES = 5


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _plan(request: HttpRequest, key: int) -> Plan:
    actor = _actor(request)
    plan = get_object_or_404(visible(actor, "plan.see", Plan.objects.all()), pk=key)
    if not may(actor, "plan.settle", plan):
        raise PermissionDenied
    return plan


def _whole(text: str) -> int:
    """Key in a form; 0, which no row has, for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


@dataclass(slots=True)
class _Chapter:
    """Chapter of the document, by the places of its first and its last measure."""

    number: int
    title: str
    first: int
    last: int


class _View:
    """What the address, or a form that carries it along, asks for."""

    def __init__(self, plan: Plan, given: dict[str, str]) -> None:
        self.plan = plan
        self.words = " ".join(given.get("q", "").replace("\0", "").split())[:100]
        self.chapter = next((one for one in self.chapters if str(one.number) == given.get("chapter")), None)
        self.counts = self._counts()
        wanted = given.get("kind", "")
        first = next((kind.value for kind in KINDS if self.counts.get(kind.value)), CLOSED)
        self.kind = wanted if wanted in {*QuestionKind.values, CLOSED} else first
        self.wanted_page = given.get("page", "1")

    @cached_property
    def chapters(self) -> list[_Chapter]:
        """Chapters of the version in force, in order."""
        rows = queries.document(self.plan).measures.order_by().values("chapter")
        found = rows.annotate(first=Min("order"), last=Max("order")).order_by("first")
        return [
            _Chapter(number, " / ".join(row["chapter"]), row["first"], row["last"])
            for number, row in enumerate(found)
            if row["chapter"]
        ]

    def _counts(self) -> dict[str, int]:
        """Number of open questions of each kind, and of closed ones. One query."""
        rows = queries.questions(self.plan).order_by().values("kind")
        found = {CLOSED: 0}
        for row in rows.annotate(open=Count("pk", filter=Q(closed_at=None)), all=Count("pk")):
            found[row["kind"]] = row["open"]
            found[CLOSED] += row["all"] - row["open"]
        return found

    @property
    def open(self) -> int:
        """Number of all open questions."""
        return sum(self.counts.values()) - self.counts[CLOSED]

    def rows(self) -> QuerySet[Question]:
        """Questions of the kind that words and chapter leave, on all pages."""
        rows = queries.questions(self.plan)
        closed = self.kind == CLOSED
        rows = rows.filter(closed_at__isnull=not closed) if closed else rows.filter(closed_at=None, kind=self.kind)
        if self.words:
            said = Q(measure__title__icontains=self.words) | Q(measure__number__iexact=self.words)
            rows = rows.filter(said | Q(duty__name__icontains=self.words))
        if self.chapter:
            rows = rows.filter(measure__order__gte=self.chapter.first, measure__order__lte=self.chapter.last)
        return rows

    def cut(self, rows: Any, per_page: int) -> Page[Any]:
        """Page in force; the last where there are fewer."""
        paginator = Paginator(rows, per_page)
        number = _whole(self.wanted_page) or 1
        return paginator.page(min(number, paginator.num_pages))

    def url(self, **changes: str) -> str:
        """Address of this view, some names of it changed."""
        given = {"kind": self.kind, "q": self.words, "chapter": str(self.chapter.number) if self.chapter else ""}
        query = urllib.parse.urlencode({key: value for key, value in (given | changes).items() if value})
        return f"{reverse('plan-settle', args=[self.plan.pk])}?{query}"


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """What the text leaves open, a kind at a time: settled, waived with a reason, or taken back."""
    found = _plan(request, key)
    if request.method == "POST":
        view = _View(found, {name: str(value) for name, value in request.POST.items()})
        try:
            _settle(request, found, view)
        except InputError as error:
            for problem in error.problems:
                messages.error(request, problem.speak(language()))
        left = queries.open_by_kind(found).get(view.kind, 0)
        # Where nothing of the kind is left, the next kind is shown.
        back = view.url(page=request.POST.get("page", "")) if left or view.kind == CLOSED else view.url(kind="", q="")
        return redirect(back)
    view = _View(found, {name: str(value) for name, value in request.GET.items()})
    context = {
        "plan": found,
        "view": view,
        "kinds": [
            (kind, QuestionKind(kind).label, view.counts[kind.value], view.url(kind=kind.value, q="", chapter=""))
            for kind in KINDS
            if view.counts.get(kind.value)
        ],
        "label": _("已落实") if view.kind == CLOSED else QuestionKind(view.kind).label,
        "closed": view.counts[CLOSED],
        "closed_url": view.url(kind=CLOSED, q="", chapter=""),
        "clear_url": view.url(q="", chapter=""),
        "open": view.open,
        "year_end": dt.date(found.year or timezone.localdate().year, 12, 31),
        **_shown(view),
    }
    return render(request, "plan/settle.html", context)


def _shown(view: _View) -> dict[str, object]:
    """Rows of the page, as their kind shows them. The number of queries is that of the kind, not of the rows."""
    rows = view.rows()
    if view.kind == QuestionKind.UNIT:
        known = bodies()
        names = rows.order_by().values("duty__name").annotate(first=Min("pk"), places=Count("pk"))
        page = view.cut(names.order_by("-places", "duty__name"), _NAMES)
        return {"names": _names(list(page), known, view), **_pager(view, page), **_bodies(known)}
    if view.kind == QuestionKind.GROUP:
        groups = rows.order_by().values("duty__group", "duty__group__name").annotate(first=Min("pk"), n=Count("pk"))
        page = view.cut(groups.order_by("duty__group__name"), PER_PAGE)
        return {"groups_open": list(page), **_pager(view, page)}
    page = view.cut(rows, PER_PAGE)
    shown: dict[str, object] = {"rows": list(page), **_pager(view, page)}
    if view.kind == QuestionKind.LEAD:
        shown["owners"] = _owners(list(page))
    if view.kind in (QuestionKind.OWNER, QuestionKind.LEAD):
        shown |= _bodies(bodies())
    return shown


def _pager(view: _View, page: Page[Any]) -> dict[str, object]:
    count = page.paginator.count
    return {
        "page": page,
        "total": count,
        "questions": count if view.kind not in (QuestionKind.UNIT, QuestionKind.GROUP) else view.rows().count(),
        "previous_url": view.url(page=str(page.number - 1)) if page.has_previous() else "",
        "next_url": view.url(page=str(page.number + 1)) if page.has_next() else "",
    }


def _bodies(known: Bodies) -> dict[str, object]:
    """What to choose from, once a page however many rows there are."""
    return {"units": list(known.units.values()), "groups": list(known.groups.values())}


def _names(rows: list[dict[str, object]], known: Bodies, view: _View) -> list[dict[str, object]]:
    """Unknown names, each once: the question to answer, where it is printed, what comes near."""
    places: dict[str, list[object]] = {str(row["duty__name"]): [] for row in rows}
    printed = view.rows().filter(duty__name__in=list(places)).order_by("measure__order", "pk")
    for name, measure, number, title in printed.values_list(
        "duty__name", "measure_id", "measure__number", "measure__title"
    ):
        if len(places[name]) < _PLACES:
            places[name].append((measure, f"{number} {title}".strip()))
    return [
        {
            "name": row["duty__name"],
            "question": row["first"],
            "places": places[str(row["duty__name"])],
            "more": int(str(row["places"])) - len(places[str(row["duty__name"])]),
            "near": known.near(str(row["duty__name"])),
        }
        for row in rows
    ]


def _owners(rows: list[Question]) -> list[tuple[Question, list[Duty]]]:
    """Questions of who leads, each with the responsible bodies to choose from. One query."""
    duties = _responsible([row.measure_id for row in rows])
    return [(row, duties.get(row.measure_id, [])) for row in rows]


def _responsible(measures: Sequence[int]) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = {}
    for begin in range(0, len(measures), 500):
        part = measures[begin : begin + 500]
        for duty in Duty.objects.filter(measure__in=part, role=DutyRole.RESPONSIBLE).order_by("pk"):
            found.setdefault(duty.measure_id, []).append(duty)
    return found


def _settle(request: HttpRequest, found: Plan, view: _View) -> None:
    """One settlement as the form sends it; `do` says which. Says what came of it, or raises InputError."""
    actor, post = _actor(request), request.POST
    mine = Question.objects.filter(measure__document__plan=found)

    def chosen() -> list[Question]:
        if post.get("all"):
            return list(view.rows())
        keys = [_whole(key) for key in post.getlist("question")]
        return list(mine.filter(pk__in=keys).select_related("measure")) if keys else []

    do = post.get("do", "")
    if do == "waive":
        count = actions.waive(actor, found, chosen(), post.get("reason", ""))
    elif do == "deadline":
        try:
            day = dt.date.fromisoformat(post.get("day", ""))
        except ValueError:
            given = post.get("day", "")
            messages.error(request, _("时限“%(day)s”不是日期，请按 2022-12-31 的样子填写。") % {"day": given})
            return
        count = actions.settle_deadline(actor, found, chosen(), day)
    elif do == "owners":
        role = DutyRole.LEAD if post.get("role") == DutyRole.LEAD else DutyRole.RESPONSIBLE
        named = [body for value in post.getlist("body") if (body := _body(value))]
        count = actions.settle_owners(actor, found, chosen(), role, named)
    elif do == "leads":
        count = _leads(request, found, mine)
    elif do == "leads-by":
        count = _leads_by(request, found, chosen())
    else:
        count = _settle_one(request, mine)
    if count:
        messages.success(request, _("已落实 %(n)d 处。") % {"n": count} if count > 1 else _("已保存。"))


def _leads(request: HttpRequest, found: Plan, mine: QuerySet[Question]) -> int:
    """Leads as chosen row by row."""
    chosen = {
        _whole(name.removeprefix("lead-")): _whole(str(value))
        for name, value in request.POST.items()
        if name.startswith("lead-") and value
    }
    duties = {duty.pk: duty for duty in Duty.objects.filter(pk__in=chosen.values(), measure__document__plan=found)}
    pairs = [
        (question, duties[chosen[question.pk]])
        for question in mine.filter(pk__in=chosen)
        if chosen[question.pk] in duties
    ]
    if not pairs:
        messages.error(request, _("还没有选定牵头单位。"))
        return 0
    return actions.settle_leads(_actor(request), found, pairs)


def _leads_by(request: HttpRequest, found: Plan, rows: Sequence[Question]) -> int:
    """Leads by a rule, for the chosen rows: the unit that is named first, or one unit wherever it is responsible."""
    name = request.POST.get("by", "").strip()
    body = _body(name) if name else None
    if name and body is None:
        messages.error(request, _("单位表里没有“%(name)s”，请从列出的单位里选。") % {"name": name[:60]})
        return 0
    duties = _responsible([row.measure_id for row in rows])
    pairs = []
    for row in rows:
        fitting = [duty for duty in duties.get(row.measure_id, ()) if body is None or _is(duty, body)]
        if fitting:
            pairs.append((row, fitting[0]))
    if rows and not pairs:
        messages.error(request, _("所选任务的责任单位里都没有“%(name)s”。") % {"name": body})
        return 0
    count = actions.settle_leads(_actor(request), found, pairs)
    if left := len(rows) - len(pairs):
        messages.info(request, _("%(n)d 条的责任单位里没有“%(name)s”，没有改动。") % {"n": left, "name": body})
    return count


def _is(duty: Duty, body: Unit | Group) -> bool:
    return (duty.unit_id if isinstance(body, Unit) else duty.group_id) == body.pk


def _settle_one(request: HttpRequest, mine: QuerySet[Question]) -> int:
    """One name, one group, or one settlement taken back."""
    actor, post, do = _actor(request), request.POST, request.POST.get("do", "")
    question = get_object_or_404(mine, pk=_whole(post.get("question", "")))
    if do == "unit":
        given = post.get("body", "").strip()
        body = _body(given) if given else _body(post.get("near", ""))
        if body is None and given:
            messages.error(request, _("单位表里没有“%(name)s”，请从列出的单位里选。") % {"name": given[:60]})
        elif body is None:
            messages.error(request, _("请选择“%(name)s”是哪个单位。") % {"name": question.duty})
        else:
            return actions.settle_unit(actor, question, body, remember=bool(post.get("remember")))
        return 0
    if do == "group":
        actions.check_group(actor, question)
    elif do == "reopen":
        actions.reopen(actor, question)
    else:
        messages.error(request, _("没有“%(do)s”这种处理。") % {"do": do})
        return 0
    return 1


def _body(value: str) -> Unit | Group | None:
    """Unit or group by the value of a choice, u12 or g3, or by a name it goes by."""
    if re.fullmatch("[ug][0-9]{1,18}", value):
        model = Unit if value[0] == "u" else Group
        found: Unit | Group | None = model._default_manager.filter(pk=int(value[1:])).first()
        return found
    unit, group = bodies().find(value.strip()) if value.strip() else (None, None)
    return unit or group


urlpatterns = [path("plans/<int:key>/settle/", settle, name="plan-settle")]
