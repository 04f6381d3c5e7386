"""Pages of devices: the list, those that wait for admission, one device with its frames, gaps and commands."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.rules import may
from anlan.foundation.org.frame import actor_of, form_page
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.monitor import actions, queries, showing
from anlan.monitor.forms import CommandForm, DeviceForm, initial_device
from anlan.monitor.hj212 import tables
from anlan.monitor.lake import hot, kinds
from anlan.monitor.models import Device, DeviceState, Frame, Reading, Run, RunState, Sender, Site, moment
from anlan.settings import InputError


def today() -> dt.date:
    """Today in the district."""
    return timezone.localdate()


def link_mark(sender: Sender | None) -> Mark:
    """Whether a device is connected."""
    if sender is None:
        return Mark(_("没有来过"), "neutral")
    return Mark(_("在线"), "green") if sender.connected else Mark(_("离线"), "red")


def _last_at(sender: Sender | None) -> dt.datetime | None:
    return moment(sender.last_at / 1000) if sender else None


@require_safe
def devices(request: HttpRequest) -> HttpResponseBase:
    """All devices with how they do."""
    actor = actor_of(request)
    demand(actor, "monitor.see")
    rows = queries.devices(actor)
    heard = queries.senders(rows.values_list("mn", flat=True))
    tallies = queries.tallies(one.pk for one in heard.values())

    def sender(device: Device) -> Sender | None:
        return heard.get(device.mn)

    def crc(device: Device) -> str:
        one = heard.get(device.mn)
        return tallies.get(one.pk, queries.Tally()).crc_share if one else ""

    connected = [mn for mn, one in heard.items() if one.connected]
    listing = Listing(
        request,
        rows,
        columns=[
            Column("name", _("设备"), sort="name", link=lambda one: reverse("device", args=[one.pk]), wide=True),
            Column("site", _("点位"), value=lambda one: one.site, sort="site__name", wide=True),
            Column("link", _("连接"), kind="state", value=lambda one: link_mark(sender(one))),
            Column("last", _("最近报文"), kind="date", value=lambda one: _last_at(sender(one))),
            Column(
                "delay",
                _("延迟"),
                value=lambda one: showing.span(s.delay_by_our_clock_ms) if (s := sender(one)) else "",
            ),
            Column("clock", _("时钟"), value=lambda one: showing.clock(s.offset_ms) if (s := sender(one)) else ""),
            Column("crc", _("CRC 错"), kind="number", unit="%", value=crc),
            Column("state", _("状态"), kind="state", value=lambda one: one.state_mark, sort="state"),
            Column(
                "simulated",
                _("标记"),
                kind="state",
                value=lambda one: Mark(_("模拟"), "info") if one.simulated else one.open_mark,
            ),
            Column("mn", "MN", sort="mn"),
        ],
        filters=[
            Filter(
                "state",
                _("状态"),
                lambda: [(one.value, one.label) for one in DeviceState if one != DeviceState.REFUSED],
                lambda rows, value: rows.filter(state=value),
            ),
            Filter(
                "link",
                _("连接"),
                lambda: [("on", _("在线")), ("off", _("离线"))],
                lambda rows, value: rows.filter(mn__in=connected) if value == "on" else rows.exclude(mn__in=connected),
            ),
            Filter(
                "password",
                _("访问密码"),
                lambda: [("none", _("未设密码")), ("set", _("已设"))],
                lambda rows, value: rows.filter(password="") if value == "none" else rows.exclude(password=""),
            ),
            Filter(
                "simulated",
                _("模拟"),
                lambda: [("yes", _("是")), ("no", _("否"))],
                lambda rows, value: rows.filter(simulated=value == "yes"),
            ),
        ],
        search=words_in("name", "mn", "site__name"),
        sort="name",
        empty=(
            _("接入的数采仪列在这里。还没有设备：请把数采仪指向网关的地址和端口，再到“待接入”里接入。"),
            reverse("waiting-devices") if may(actor, "monitor.admit") else "",
            _("待接入的设备"),
        ),
        export=_("监测设备"),
    )
    if listing.wants_export:
        return listing.export()
    context = {
        "listing": listing,
        "waiting": queries.waiting_senders().count(),
        "may_admit": may(actor, "monitor.admit"),
        "simulated": queries.is_simulated(),
    }
    return render(request, "monitor/devices.html", context)


@require_safe
def waiting(request: HttpRequest) -> HttpResponseBase:
    """Devices that send and are not admitted."""
    actor = actor_of(request)
    demand(actor, "monitor.admit")
    rows = queries.waiting_senders()
    tallies = queries.tallies(rows.values_list("pk", flat=True)[:2000])
    listing = Listing(
        request,
        rows,
        columns=[
            Column("mn", "MN", sort="mn", link=lambda one: reverse("sender", args=[one.pk])),
            Column("last", _("最近报文"), kind="date", value=lambda one: _last_at(one), sort="last_at"),
            Column("first", _("首次报文"), kind="date", value=lambda one: moment(one.first_at / 1000), sort="first_at"),
            Column("link", _("连接"), kind="state", value=lambda one: link_mark(one)),
            Column(
                "frames",
                _("近 7 天报文"),
                kind="number",
                unit=_("帧"),
                value=lambda one: tallies.get(one.pk, queries.Tally()).frames,
            ),
            Column("system", "ST", value=lambda one: one.st),
            Column("address", _("来自")),
        ],
        search=words_in("mn", "address"),
        sort="-last",
        empty=(_("没有登记过的设备发来报文时，列在这里等候接入；它们的报文先隔离保存。现在没有。"), "", ""),
    )
    return render(request, "monitor/waiting.html", {"listing": listing})


# Frames that a page shows.
_SHOWN = 20


def _told(frames: list[Frame]) -> list[tuple[Frame, str, str]]:
    found = []
    for one in frames[:_SHOWN]:
        name = showing.command_name(one.cn)
        reasons = showing.shown(one, may_read_passwords=False).reasons if one.state != "taken" else []
        found.append((one, name, "；".join([*filter(None, [showing.why(one.why)]), *reasons])))
    return found


@require_safe
def sender(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who is not admitted: what came, and what is wrong with it."""
    actor = actor_of(request)
    demand(actor, "monitor.admit")
    found = get_object_or_404(Sender, pk=pk)
    if device := Device.objects.filter(mn=found.mn).exclude(state=DeviceState.REFUSED).first():
        return redirect("device", device.pk)
    return render(
        request,
        "monitor/sender.html",
        {
            "sender": found,
            "link": link_mark(found),
            "last_at": _last_at(found),
            "clock": showing.clock(found.offset_ms),
            "tally": queries.tallies([found.pk]).get(found.pk, queries.Tally()),
            "frames": _told(queries.frames_of(found, _SHOWN)),
        },
    )


def _warn(request: HttpRequest, device: Device) -> None:
    """Says what it means that a device has no password."""
    if not device.password:
        messages.warning(
            request, _("“%(name)s”未设密码：谁冒用它的 MN 发来报文都会采用。请尽快设密码。") % {"name": device}
        )


def _lists() -> dict[str, object]:
    return {"sites": Site.objects.values_list("name", flat=True)}


@require_http_methods(["GET", "HEAD", "POST"])
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """Admission of a device."""
    actor = actor_of(request)
    demand(actor, "monitor.admit")
    found = get_object_or_404(Sender, pk=pk)
    form = DeviceForm(
        request.POST if request.method == "POST" else None, initial={"name": found.mn, "password": found.password}
    )

    def do() -> HttpResponse:
        made = actions.admit(actor, found.mn, form.data_of())
        messages.success(request, _("已接入“%(name)s”，隔离的报文随后采用。") % {"name": made})
        _warn(request, made)
        return redirect("device", made.pk)

    return form_page(
        request,
        form,
        do,
        title=_("接入设备"),
        lead=_("MN %(mn)s。接入后，它以前发来的报文一并采用。") % {"mn": found.mn},
        back=reverse("sender", args=[pk]),
        submit=_("接入"),
        lists=_lists(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refusal of a device."""
    actor = actor_of(request)
    demand(actor, "monitor.refuse")
    found = get_object_or_404(Sender, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")

    def do() -> HttpResponse:
        actions.refuse(actor, found.mn, reason=form.cleaned_data["reason"])
        messages.success(request, _("不接入 %(mn)s，它的报文继续隔离。") % {"mn": found.mn})
        return redirect("waiting-devices")

    return form_page(
        request,
        form,
        do,
        title=_("不接入设备"),
        lead=found.mn,
        back=reverse("sender", args=[pk]),
        submit=_("不接入"),
        danger=True,
    )


def _reading(row: Reading) -> dict[str, object]:
    flag = tables.flags().get(row.flag)
    return {
        "code": row.factor,
        "name": showing.factor_name(row.factor),
        "kind": kinds.words(row.kind).speak(language()),
        "value": hot.text(row.digits, row.scale) or _("无值"),
        "unit": showing.factor_unit(row.factor),
        "flag": f"{row.flag} {flag.tell(language()) if flag else ''}".strip(),
        "at": moment(row.at),
    }


def _run(run: Run) -> dict[str, object]:
    lang = language()
    own = actions.COMMANDS.get(run.cn)
    return {
        "run": run,
        "name": own.speak(lang) if own else showing.command_name(run.cn),
        "by": _("系统自动") if run.order is None else run.by,
        "created": moment(run.created / 1000),
        "said": _said(run),
        "range": _range(run),
    }


def _nothing(sender: Sender | None, tally: queries.Tally) -> str:
    """Why there are no data of a device."""
    if sender is None:
        return _("没有数据：设备还没有连上来过。请把数采仪指向网关的地址和端口，并核对 MN。")
    if tally.held:
        return _("没有数据：报文已隔离，没有采用，原因见“最近的报文”。")
    if tally.frames and tally.frames == tally.crc + tally.length + tally.format:
        return _("没有数据：收到的报文都有错，见“最近的报文”。")
    return _("没有数据：收到过报文，但其中没有实时数据（CN 2011）。")


def _no_gaps(sender: Sender | None) -> str:
    """Why no missing data are listed."""
    if sender is not None and queries.has_periods(sender):
        return _("没有发现缺失。设备在线时，缺失的时段由系统自动补取。")
    return _("没有数据：还没有收到过分钟、小时或日数据，无从知道缺哪些。")


def _said(run: Run) -> list[str]:
    """What the device answered, as far as the state does not say it already."""
    lang = language()
    said = []
    if run.qn_rtn is not None and run.qn_rtn != 1:
        words = tables.request_results().get(str(run.qn_rtn))
        said.append(_("应答：%(said)s") % {"said": words.tell(lang) if words else f"QnRtn={run.qn_rtn}"})
    if run.exe_rtn is not None and run.exe_rtn != 1:
        words = tables.execution_results().get(str(run.exe_rtn))
        said.append(_("结果：%(said)s") % {"said": words.tell(lang) if words else f"ExeRtn={run.exe_rtn}"})
    if run.state == RunState.DONE and run.cn in actions.HISTORY and not run.frames:
        said.append(_("没有数据：设备说已执行，但没有发来这段时间的数据。"))
    return said


def _range(run: Run) -> str:
    begin, end = (run.fields.get(name, "") for name in ("BeginTime", "EndTime"))
    return f"{_digits(begin)} — {_digits(end)}" if begin and end else ""


def _digits(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}"


@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """One device: how it does, its frames, gaps and commands; a POST gives it a command."""
    actor = actor_of(request)
    demand(actor, "monitor.see")
    found = get_object_or_404(queries.devices(actor), pk=pk)
    form = CommandForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        demand(actor, "monitor.command", found)
        if form.is_valid():
            got = form.cleaned_data
            try:
                actions.command(actor, found, got["cn"], got["begin"], got["end"])
            except InputError as error:
                for problem in error.problems:
                    form.add_error(None, problem.speak(language()))
            else:
                messages.success(request, _("指令已下达，设备在线时立即发出；结果见“指令”一栏。"))
                return redirect("device", pk)
    heard = Sender.objects.filter(mn=found.mn).first()
    context: dict[str, object] = {
        "device": found,
        "sender": heard,
        "link": link_mark(heard),
        "last_at": _last_at(heard),
        "simulated": found.simulated,
        "form": form,
        "runs": [_run(one) for one in queries.runs_of(found.mn)],
        "may_command": may(actor, "monitor.command", found) and found.state == DeviceState.IN_SERVICE,
        "may_edit": may(actor, "monitor.edit", found),
        "may_suspend": may(actor, "monitor.suspend", found) and found.state == DeviceState.IN_SERVICE,
        "may_resume": may(actor, "monitor.resume", found) and found.state == DeviceState.SUSPENDED,
        "nothing": _nothing(None, queries.Tally()),
        "no_gaps": _no_gaps(None),
    }
    if heard is not None:
        frames = queries.frames_of(heard)
        tally = queries.tallies([heard.pk]).get(heard.pk, queries.Tally())
        missing = queries.gaps_of(found, heard)[-20:]
        context |= {
            "delay": showing.span(heard.delay_by_our_clock_ms),
            "clock": showing.clock(heard.offset_ms),
            "tally": tally,
            "nothing": _nothing(heard, tally),
            "no_gaps": "" if missing else _no_gaps(heard),
            "days": queries.days_of(heard),
            "gaps": [(gap, showing.command_name(gap.cn)) for gap in missing],
            "values": [_reading(one) for one in queries.latest_values(heard)],
            "frames": _told(frames),
            "broken": [
                (showing.command_name(one.key.cn), showing.data_time(one.key.data_time), showing.missing(one))
                for one in queries.broken_messages(frames)
            ],
            "conflicts": [
                (
                    moment(one.at),
                    one.factor,
                    showing.factor_name(one.factor),
                    kinds.words(one.kind).speak(language()),
                    hot.text(first.digits, first.scale) if first else "",
                    hot.text(one.digits, one.scale),
                )
                for one, first in queries.conflicts_of(heard)
            ],
        }
    return render(request, "monitor/device.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correction of a device."""
    actor = actor_of(request)
    found = get_object_or_404(Device.objects.select_related("site"), pk=pk)
    demand(actor, "monitor.edit", found)
    form = DeviceForm(request.POST if request.method == "POST" else None, initial=initial_device(found))
    heard = Sender.objects.filter(mn=found.mn).first() if not found.password else None
    if heard is not None and heard.password:
        form.fields["password"].help_text = _("还没有设密码。设备最近用的是 %(password)s：核实后填上。") % {
            "password": heard.password
        }

    def do() -> HttpResponse:
        actions.edit(actor, found, form.data_of())
        messages.success(request, _("已修改。"))
        _warn(request, found)
        return redirect("device", pk)

    return form_page(
        request, form, do, title=_("修改设备"), lead=found.mn, back=reverse("device", args=[pk]), lists=_lists()
    )


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a device out of service, or into it again."""
    actor = actor_of(request)
    found = get_object_or_404(Device, pk=pk)
    is_on = found.state == DeviceState.IN_SERVICE
    demand(actor, "monitor.suspend" if is_on else "monitor.resume", found)
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")

    def do() -> HttpResponse:
        act = actions.suspend if is_on else actions.resume
        act(actor, found, reason=form.cleaned_data["reason"])
        messages.success(request, _("已停用，以后的报文隔离。") if is_on else _("已恢复，隔离的报文随后采用。"))
        return redirect("device", pk)

    return form_page(
        request,
        form,
        do,
        title=_("停用设备") if is_on else _("恢复设备"),
        lead=found.name,
        back=reverse("device", args=[pk]),
        submit=_("停用") if is_on else _("恢复"),
        danger=is_on,
    )


urlpatterns = [
    path("monitor/devices/", devices, name="devices"),
    path("monitor/devices/waiting/", waiting, name="waiting-devices"),
    path("monitor/devices/waiting/<int:pk>/", sender, name="sender"),
    path("monitor/devices/waiting/<int:pk>/admit/", admit, name="sender-admit"),
    path("monitor/devices/waiting/<int:pk>/refuse/", refuse, name="sender-refuse"),
    path("monitor/devices/<int:pk>/", device, name="device"),
    path("monitor/devices/<int:pk>/edit/", edit, name="device-edit"),
    path("monitor/devices/<int:pk>/switch/", switch, name="device-switch"),
]
