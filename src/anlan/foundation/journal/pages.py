"""Pages of the journal for the audit administrator: list, entry, verification, export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.journal import queries, sealing
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _said(entry: Entry) -> str:
    return queries.words(entry.action).speak("en" if (get_language() or "").startswith("en") else "zh")


def _outcome(entry: Entry) -> Mark:
    return Mark(_("已拒绝"), "red") if entry.outcome == Outcome.REFUSED else Mark(_("已办"), "green")


def _actions() -> list[tuple[str, str]]:
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    codes = Entry.objects.order_by().values_list("action", flat=True).distinct()
    return sorted(((code, queries.words(code).speak(lang)) for code in codes), key=lambda pair: pair[1])


def _days() -> list[tuple[str, str]]:
    return [("1", _("今天")), ("7", _("近 7 天")), ("30", _("近 30 天")), ("180", _("近半年"))]


def _since(rows: QuerySet[Entry], value: str) -> QuerySet[Entry]:
    first = timezone.localdate() - dt.timedelta(days=int(value) - 1)
    return rows.filter(at__gte=timezone.make_aware(dt.datetime.combine(first, dt.time())))


@require_GET
def journal(request: HttpRequest) -> HttpResponseBase:
    """Entries, the newest first."""
    actor = _actor(request)
    demand(actor, "journal.see")
    listing = Listing(
        request,
        Entry.objects.order_by("-pk"),
        columns=[
            Column(
                "at", _("时间"), kind="date", sort="pk", link=lambda entry: reverse("journal-entry", args=[entry.pk])
            ),
            Column("actor_name", _("谁")),
            Column("unit_name", _("单位")),
            Column("action", _("做什么"), value=_said),
            Column("label", _("对象"), wide=True),
            Column("outcome", _("结果"), value=_outcome, kind="state"),
            Column("address", _("来源地址")),
        ],
        filters=[
            Filter("action", _("做什么"), _actions, lambda rows, value: rows.filter(action=value)),
            Filter(
                "outcome",
                _("结果"),
                lambda: [("done", _("已办")), ("refused", _("已拒绝"))],
                lambda rows, value: rows.filter(outcome=value),
            ),
            Filter("days", _("时间"), _days, _since),
        ],
        search=words_in("actor_name", "label", "address", "reason"),
        sort="-pk",
        empty=(_("还没有审计记录。"), "", ""),
        export=_("审计记录") if may(actor, "journal.export") else "",
    )
    if listing.wants_export:
        demand(actor, "journal.export")
        return listing.export()
    return render(request, "journal/journal.html", {"listing": listing, "head": sealing.head()})


@require_GET
def entry(request: HttpRequest, key: int) -> HttpResponse:
    """One entry with what stood before and after, and the block that seals it."""
    demand(_actor(request), "journal.see")
    found = get_object_or_404(Entry.objects.select_related("block"), pk=key)
    return render(request, "journal/entry.html", {"told": queries.told(found), "entry": found, "mark": _outcome(found)})


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Checks the chain, against a head that was written down elsewhere if one is given."""
    actor = _actor(request)
    if not may(actor, "journal.verify"):
        raise PermissionDenied
    context: dict[str, object] = {"head": sealing.head()}
    if request.method == "POST":
        anchor, wrong = _anchor(request.POST.get("anchor", "").strip())
        context |= {"wrong": wrong, "given": request.POST.get("anchor", "")}
        if not wrong:
            with acting(actor, "journal.verify") as act:
                report = sealing.verify(anchor)
                act.after = {"blocks": report.blocks, "entries": report.entries, "sound": report.is_sound}
            context["report"] = report
    return render(request, "journal/verify.html", context)


def _anchor(text: str) -> tuple[sealing.Head | None, str]:
    """Head written as number:hash, and what is wrong with it."""
    if not text:
        return None, ""
    number, _colon, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        return None, _("“%(text)s”不是锚点：应为 区块号:64 位校验值，照备份或报告上的抄写。") % {"text": text[:80]}
    return sealing.Head(int(number), digest.lower()), ""


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole journal for an auditor, as lines of JSON with the head first."""
    with acting(_actor(request), "journal.export") as act:
        act.after = {"head": sealing.head().hash}

    def lines() -> Iterator[str]:
        for line in sealing.export():
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
