"""Pages of the journal for the audit administrator: list, entry, verification, export."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.jobs.actions import enqueue
from anlan.foundation.journal import actions, fields, jobs, names, queries, sealing
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.journal.paging import MOST, LongListing
from anlan.foundation.screens.listing import Column, Filter, words_in
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language, text_of
from anlan.settings import InputError, Words

# A journal of more entries is verified in the background; so many take about a second.
AT_ONCE = 50_000
# Months that are offered as a filter.
_MONTHS = 24


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _outcome(entry: Entry) -> Mark:
    return Mark(_("已拒绝"), "red") if entry.outcome == Outcome.REFUSED else Mark(_("已办"), "green")


def _named(codes: list[str], name: Callable[[str], Words]) -> list[tuple[str, str]]:
    """Codes as a filter offers them, in the order of their names."""
    return sorted(((code, name(code).speak(language())) for code in codes), key=lambda pair: pair[1])


def _times(begun: dt.datetime | None) -> list[tuple[str, str]]:
    """Last days, then months back to that in which the journal begins."""
    today = timezone.localdate()
    choices = [("1", _("今天")), ("7", _("近 7 天")), ("30", _("近 30 天")), ("180", _("近半年"))]
    first = timezone.localdate(begun) if begun else today
    month = today.replace(day=1)
    while month >= first.replace(day=1) and len(choices) < _MONTHS + 4:
        choices.append((f"{month:%Y-%m}", f"{month:%Y-%m}"))
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return choices


def _within(rows: QuerySet[Entry], value: str) -> QuerySet[Entry]:
    if value.isdecimal():
        return rows.filter(at__gte=_midnight(timezone.localdate() - dt.timedelta(days=int(value) - 1)))
    first = dt.date.fromisoformat(f"{value}-01")
    after = (first + dt.timedelta(days=32)).replace(day=1)
    return rows.filter(at__gte=_midnight(first), at__lt=_midnight(after))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _one_object(value: str) -> tuple[str, str]:
    """Kind and key of an object as the address names it, kind:key."""
    kind, _colon, key = value.partition(":")
    return kind, key


def _objects(request: HttpRequest) -> list[tuple[str, str]]:
    """The object that the address names: nobody chooses one of thousands from a menu."""
    value = request.GET.get("object", "")
    if not re.fullmatch(r"[a-z_]{1,40}\.[a-z_]{1,40}:[^\0]{1,64}", value):
        return []
    label = queries.label(*_one_object(value))
    return [(value, label)] if label else []


def _accounts(request: HttpRequest, lately: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Accounts that did something lately, and the one that the address names."""
    wanted = request.GET.get("actor", "")
    if wanted in dict(lately) or not (name := queries.actor_name(wanted)):
        return lately
    return [*lately, (wanted, name)]


def _filters(request: HttpRequest, begun: dt.datetime | None) -> list[Filter[Entry]]:
    offered = queries.choices()
    return [
        Filter("when", _("时间"), lambda: _times(begun), _within),
        Filter(
            "actor",
            _("谁"),
            lambda: _accounts(request, offered.actors),
            lambda rows, value: rows.filter(actor=int(value)),
        ),
        Filter(
            "action",
            _("做什么"),
            lambda: _named(offered.actions, names.action),
            lambda rows, value: rows.filter(action=value),
        ),
        Filter(
            "kind",
            _("对象类别"),
            lambda: _named(offered.kinds, names.kind),
            lambda rows, value: rows.filter(kind=value),
        ),
        Filter(
            "object",
            _("对象"),
            lambda: _objects(request),
            lambda rows, value: rows.filter(kind=_one_object(value)[0], object_id=_one_object(value)[1]),
        ),
        Filter(
            "outcome",
            _("结果"),
            lambda: [("done", _("已办")), ("refused", _("已拒绝"))],
            lambda rows, value: rows.filter(outcome=value),
        ),
    ]


@require_GET
def journal(request: HttpRequest) -> HttpResponseBase:
    """Entries, the newest first."""
    actor = _actor(request)
    demand(actor, "journal.see")
    head, begun = queries.ends()
    listing = LongListing(
        request,
        Entry.objects.order_by("-pk"),
        columns=[
            Column("at", _("时间"), kind="date", link=lambda entry: reverse("journal-entry", args=[entry.pk])),
            Column("actor_name", _("谁")),
            Column("unit_name", _("单位")),
            Column("action", _("做什么"), value=lambda entry: names.action(entry.action).speak(language())),
            Column("label", _("对象"), wide=True),
            Column("outcome", _("结果"), value=_outcome, kind="state"),
            Column("address", _("来源地址")),
        ],
        filters=_filters(request, begun),
        search=words_in("actor_name", "unit_name", "label", "address", "reason"),
        empty=(_("还没有审计记录。"), "", ""),
        export=_("审计记录") if may(actor, "journal.export") else "",
    )
    if listing.wants_export:
        with acting(actor, "journal.export") as act:
            act.after = {"asked": request.GET.urlencode()}
        return listing.export()
    return render(request, "journal/journal.html", {"listing": listing, "head": head, "most": MOST})


def _plain(value: object) -> str:
    """What stood before or after, for a reader: lists and records within it written out."""
    if isinstance(value, dict):
        pairs = ((fields.title(str(name)).speak(language()), _plain(one)) for name, one in value.items())
        return _("；").join(_("%(name)s：%(value)s") % {"name": name, "value": one} for name, one in pairs)
    if isinstance(value, list):
        return _("、").join(_plain(one) for one in value)
    return text_of(value)


@require_GET
def entry(request: HttpRequest, key: int) -> HttpResponse:
    """One entry with what stood before and after, and the block that seals it."""
    demand(_actor(request), "journal.see")
    found = get_object_or_404(Entry.objects.select_related("block").defer("block__leaves"), pk=key)
    listed = reverse("journal")
    told = queries.told(found, _plain)
    context = {
        "told": told,
        "changes": [(fields.title(name), before, after) for name, before, after in told.changes],
        "entry": found,
        "mark": _outcome(found),
        "kind": names.kind(found.kind),
        "actor_url": f"{listed}?{urlencode({'actor': found.actor})}" if found.actor is not None else "",
        "object_url": f"{listed}?{urlencode({'object': f'{found.kind}:{found.object_id}'})}" if found.object_id else "",
    }
    return render(request, "journal/entry.html", context)


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Checks the chain, against a head that was written down elsewhere if one is given."""
    actor = _actor(request)
    demand(actor, "journal.verify")
    context: dict[str, object] = {"head": sealing.head()}
    if request.method == "POST":
        given = request.POST.get("anchor", "").strip()
        context["given"] = given
        try:
            anchor = sealing.anchor(given) if given else None
        except InputError as error:
            context["wrong"] = error.speak(language())
        else:
            if Entry.objects.order_by()[: AT_ONCE + 1].count() > AT_ONCE:
                return redirect("run", pk=enqueue(actor, jobs.verify, against=given).pk)
            context["report"] = actions.verify(actor, anchor)
    return render(request, "journal/verify.html", context)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole journal for an auditor, as lines of JSON with the head first."""
    exported = actions.export(_actor(request))

    def lines() -> Iterator[str]:
        for line in exported:
            yield line + "\n"

    return StreamingHttpResponse(
        lines(),
        content_type="application/jsonl",
        headers={"Content-Disposition": 'attachment; filename="anlan-journal.jsonl"'},
    )


urlpatterns = [
    path("journal/", journal, name="journal"),
    path("journal/<int:key>/", entry, name="journal-entry"),
    path("journal/verify/", verify, name="journal-verify"),
    path("journal/export/", export, name="journal-export"),
]
