"""Pages: notices, the waiting ones first asked for; opening one marks it as read."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.notices import actions, catalogue, outbox, queries
from anlan.foundation.notices.models import Delivery, MailAddress, Notice, State, Way
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.settings import InputError, Words

_PER_PAGE = 50
_FILTERS = ("waiting", "all")


@dataclass(frozen=True, slots=True)
class Line:
    """Notice as shown."""

    notice: Notice
    words: Words


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """One's notices. Opening one is a form and no link, because it marks the notice as read."""
    actor = _actor(request)
    demand(actor, "notices.see")
    rows = queries.of(actor)
    waiting = queries.waiting(rows)
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in _FILTERS else "waiting"
    page = Paginator(waiting if shown == "waiting" else rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notices/notices.html",
        {
            "page": page,
            "lines": [Line(one, catalogue.words(one.code, one.args)) for one in page.object_list],
            "shown": shown,
            "waiting": waiting.count(),
            "total": rows.count(),
        },
    )


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks as read and goes to what it is about."""
    notice = get_object_or_404(Notice, pk=pk)
    actions.read(_actor(request), notice)
    return redirect(notice.url or "notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all as read."""
    number = actions.read_all(_actor(request))
    messages.success(request, _("%(n)d 条消息已标为已读。") % {"n": number})
    return redirect("notices")


@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """E-mail address of the own account, with consent."""
    actor = _actor(request)
    demand(actor, "notices.mail")
    row = MailAddress.objects.filter(account_id=actor.account_id or 0).first()
    address, problems = row.address if row else "", []
    if request.method == "POST":
        address = request.POST.get("address", "")
        try:
            actions.set_mail(actor, address, agreed=bool(request.POST.get("agreed")))
        except InputError as error:
            problems = [one.speak(language()) for one in error.problems]
        else:
            messages.success(request, _("已保存。"))
            return redirect("notices_mail")
    context = {"address": address, "agreed": bool(row), "problems": problems, "open": Way.MAIL in outbox.ways()}
    return render(request, "notices/mail.html", context, status=422 if problems else 200)


@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What became of notices sent out, for the system administrator: the title, whose it is, and why it failed."""
    demand(_actor(request), "notices.deliveries")
    lang = language()
    tones = {State.WAITING: "neutral", State.SENT: "done", State.FAILED: "red", State.DROPPED: "neutral"}
    listing = Listing(
        request,
        Delivery.objects.select_related("notice__account__person"),
        columns=[
            Column(
                "notice",
                _("消息"),
                value=lambda one: catalogue.words(one.notice.code, one.notice.args).speak(lang),
                wide=True,
            ),
            Column("account", _("账户"), value=lambda one: one.notice.account.name),
            Column("way", _("方式"), value=lambda one: str(Way(one.way).label), sort="way"),
            Column(
                "state",
                _("状态"),
                value=lambda one: Mark(str(State(one.state).label), tones[State(one.state)]),
                kind="state",
                sort="state",
            ),
            Column("attempts", _("次数"), kind="number", sort="attempts"),
            Column("next_at", _("下次发送"), kind="date", sort="next_at"),
            Column("ended", _("结束时间"), kind="date", sort="ended"),
            Column("fault", _("原因")),
        ],
        filters=[
            Filter("state", _("状态"), lambda: State.choices, lambda rows, value: rows.filter(state=value)),
            Filter("way", _("方式"), lambda: Way.choices, lambda rows, value: rows.filter(way=value)),
        ],
        sort="-ended",
        empty=(_("还没有外发的消息。设置邮件服务器或推送网址以后，会列在这里。"), "", ""),
    )
    return render(request, "notices/deliveries.html", {"listing": listing})


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/mail/", mail, name="notices_mail"),
    path("notices/deliveries/", deliveries, name="notices_deliveries"),
    path("notices/read/", read_all, name="notices_read"),
    path("notices/<int:pk>/open/", open_notice, name="notice_open"),
]
