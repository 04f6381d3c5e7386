"""Pages of sites and frames; and the addresses of the whole room."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.rules import may
from anlan.foundation.org import queries as org
from anlan.foundation.org.frame import actor_of, form_page
from anlan.foundation.org.models import Division
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark
from anlan.monitor import actions, device_pages, queries, showing
from anlan.monitor.forms import SiteForm, initial_site
from anlan.monitor.models import Device, DeviceState, Frame, FrameState, Site, SiteKind


def simulated_mark(simulated: bool) -> Mark | None:
    """Mark of what exists only in the simulated field."""
    return Mark(_("模拟"), "info") if simulated else None


@require_safe
def sites(request: HttpRequest) -> HttpResponseBase:
    """All sites."""
    actor = actor_of(request)
    demand(actor, "monitor.see")
    in_service = Count("devices", filter=Q(devices__state=DeviceState.IN_SERVICE))
    listing = Listing(
        request,
        queries.sites(actor).annotate(count=in_service),
        columns=[
            Column("name", _("点位"), sort="name", link=lambda site: reverse("site", args=[site.pk]), wide=True),
            Column("kind", _("类别"), value=lambda site: site.get_kind_display(), sort="kind"),
            Column("unit", _("责任单位"), value=lambda site: site.unit, sort="unit__short_name"),
            Column("division", _("所在区划"), value=lambda site: site.division, sort="division__code"),
            Column("count", _("在用设备"), kind="number", unit=_("台"), sort="count"),
            Column("simulated", _("标记"), kind="state", value=lambda site: simulated_mark(site.simulated)),
            Column("code", _("编码"), sort="code"),
        ],
        filters=[
            Filter("kind", _("类别"), lambda: SiteKind.choices, lambda rows, value: rows.filter(kind=value)),
            Filter(
                "simulated",
                _("模拟"),
                lambda: [("yes", _("是")), ("no", _("否"))],
                lambda rows, value: rows.filter(simulated=value == "yes"),
            ),
        ],
        search=words_in("name", "code", "note"),
        sort="code",
        empty=(
            _("断面、污水处理厂、排污口等监测点位列在这里。还没有点位。"),
            reverse("site-new") if may(actor, "monitor.site") else "",
            _("新增点位"),
        ),
        export=_("监测点位"),
    )
    if listing.wants_export:
        return listing.export()
    context = {
        "listing": listing,
        "simulated": queries.is_simulated(),
        "may_edit": may(actor, "monitor.site"),
        "may_import": may(actor, "monitor.results"),
    }
    return render(request, "monitor/sites.html", context)


@require_safe
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """One site with its devices and lab results."""
    actor = actor_of(request)
    demand(actor, "monitor.see")
    found = get_object_or_404(queries.sites(actor), pk=pk)
    own = list(queries.devices(actor).filter(site=found))
    heard = queries.senders(one.mn for one in own)
    return render(
        request,
        "monitor/site.html",
        {
            "site": found,
            "devices": [(one, heard.get(one.mn), device_pages.link_mark(heard.get(one.mn))) for one in own],
            "results": [(one, showing.factor_name(one.factor)) for one in found.results.all()[:50]],
            "simulated": found.simulated,
            "may_edit": may(actor, "monitor.site", found),
        },
    )


def _offered() -> dict[str, Any]:
    return {
        "units": org.in_force_units(device_pages.today()).values_list("short_name", flat=True),
        "divisions": Division.objects.values_list("name", flat=True),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def site_new(request: HttpRequest) -> HttpResponse:
    """New site."""
    actor = actor_of(request)
    demand(actor, "monitor.site")
    form = SiteForm(request.POST if request.method == "POST" else None)

    def do() -> HttpResponse:
        made = actions.save_site(actor, None, form.data_of())
        messages.success(request, _("已新增点位“%(name)s”。") % {"name": made})
        return redirect("site", made.pk)

    return form_page(request, form, do, title=_("新增点位"), back=reverse("sites"), submit=_("新增"), lists=_offered())


@require_http_methods(["GET", "HEAD", "POST"])
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correction of a site."""
    actor = actor_of(request)
    found = get_object_or_404(Site, pk=pk)
    demand(actor, "monitor.site", found)
    form = SiteForm(request.POST if request.method == "POST" else None, initial=initial_site(found))

    def do() -> HttpResponse:
        actions.save_site(actor, found, form.data_of())
        messages.success(request, _("已修改。"))
        return redirect("site", found.pk)

    return form_page(
        request, form, do, title=_("修改点位"), back=reverse("site", args=[pk]), lead=found.name, lists=_offered()
    )


def _by_mn(rows: QuerySet[Frame], words: str) -> QuerySet[Frame]:
    return rows.filter(Q(mn__icontains=words) | Q(qn__startswith=words))


@require_safe
def frames(request: HttpRequest) -> HttpResponseBase:
    """The latest frames of everybody: what came, and what is wrong with it."""
    actor = actor_of(request)
    demand(actor, "monitor.see")
    names = dict(Device.objects.values_list("mn", "name"))
    listing = Listing(
        request,
        queries.latest_frames(),
        columns=[
            Column(
                "received",
                _("收到时间"),
                value=lambda one: one.received_at,
                kind="date",
                sort="id",
                link=lambda one: reverse("frame", args=[one.id]),
            ),
            Column("state", _("状态"), kind="state", value=lambda one: one.state_mark, sort="state"),
            Column("why", _("原因"), value=lambda one: showing.why(one.why), sort="why"),
            Column("device", _("设备"), value=lambda one: names.get(one.mn, ""), wide=True),
            Column("mn", "MN", sort="mn"),
            Column("cn", "CN", value=lambda one: f"{one.cn} {showing.command_name(one.cn)}".strip(), wide=True),
            Column("qn", "QN"),
            Column("address", _("来自"), value=lambda one: one.address.rpartition(":")[0]),
        ],
        filters=[
            Filter("state", _("状态"), lambda: list(FrameState.choices), lambda rows, value: rows.filter(state=value)),
            Filter(
                "why",
                _("原因"),
                lambda: [(code, showing.why(code)) for code in _REASONS],
                lambda rows, value: rows.filter(why=value),
            ),
        ],
        search=_by_mn,
        empty=(_("设备发来的报文列在这里。还没有收到报文：请把数采仪指向网关的地址和端口。"), "", ""),
    )
    return render(request, "monitor/frames.html", {"listing": listing, "simulated": queries.is_simulated()})


_REASONS = ("unknown", "password", "suspended", "refused", "crc", "length", "format")


@require_safe
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    """One frame: its bytes, what it says, what is wrong with it."""
    actor = actor_of(request)
    demand(actor, "monitor.see")
    found = get_object_or_404(Frame, pk=pk)
    device = Device.objects.filter(mn=found.mn).first() if found.mn else None
    return render(
        request,
        "monitor/frame.html",
        {
            "frame": found,
            "shown": showing.shown(found, may_read_passwords=may(actor, "monitor.admit"), with_parts=True),
            "why": showing.why(found.why),
            "device": device,
            "simulated": device is not None and device.simulated,
        },
    )


urlpatterns = [
    path("monitor/sites/", sites, name="sites"),
    path("monitor/sites/new/", site_new, name="site-new"),
    path("monitor/sites/<int:pk>/", site, name="site"),
    path("monitor/sites/<int:pk>/edit/", site_edit, name="site-edit"),
    path("monitor/frames/", frames, name="frames"),
    path("monitor/frames/<int:pk>/", frame, name="frame"),
    *device_pages.urlpatterns,
]
