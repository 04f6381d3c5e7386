"""Pages of units: list, one unit with its story, forms; and the addresses of the whole room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org import actions, charge_pages, group_pages, people_pages, queries
from anlan.foundation.org.forms import (
    AliasForm,
    EditUnitForm,
    EndUnitForm,
    NewUnitForm,
    initial_unit,
    names_in,
)
from anlan.foundation.org.frame import actor_of, form_page
from anlan.foundation.org.models import Division, Unit, UnitAlias, UnitKind, in_force
from anlan.foundation.org.story import story
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark


def state(unit: Unit) -> Mark:
    """Whether a unit is in force today."""
    if queries.is_in_force(unit, timezone.localdate()):
        return Mark(_("在用"), "green")
    return Mark(_("未启用") if unit.until is None else _("已停用"), "neutral")


def _by_state(rows: QuerySet[Unit], value: str) -> QuerySet[Unit]:
    valid = in_force(timezone.localdate())
    return rows.filter(valid) if value == "now" else rows.exclude(valid)


def _lacking(rows: QuerySet[Unit], value: str) -> QuerySet[Unit]:
    return rows.filter(pk__in=[one.unit.pk for one in queries.missing_heads(timezone.localdate())])


@require_safe
def units(request: HttpRequest) -> HttpResponseBase:
    """All units."""
    actor = actor_of(request)
    demand(actor, "org.see")
    day = timezone.localdate()
    rows = visible(actor, "org.see", Unit.objects.all()).select_related("division").prefetch_related("aliases")
    rows = rows.annotate(people=Count("posts", filter=in_force(day, "posts__"), distinct=True))
    listing = Listing(
        request,
        rows,
        columns=[
            Column("short_name", _("简称"), sort="short_name", link=lambda unit: reverse("unit", args=[unit.pk])),
            Column("official_name", _("全称"), sort="official_name", wide=True),
            Column("kind", _("类别"), value=lambda unit: unit.get_kind_display(), sort="kind"),
            Column("division", _("所在区划"), sort="division__code"),
            Column("people", _("在岗"), kind="number", unit=_("人"), sort="people"),
            Column("state", _("状态"), kind="state", value=state),
            Column("code", _("编码"), sort="code"),
        ],
        filters=[
            Filter("kind", _("类别"), lambda: UnitKind.choices, lambda rows, value: rows.filter(kind=value)),
            Filter("state", _("状态"), lambda: [("now", _("在用")), ("ended", _("不在用"))], _by_state),
            Filter(
                "office",
                _("牵头办公室"),
                lambda: [("yes", _("是"))],
                lambda rows, value: rows.filter(is_office=True),
            ),
            Filter("heads", _("负责人"), lambda: [("missing", _("缺党委或行政负责人"))], _lacking),
        ],
        search=words_in("short_name", "official_name", "code", "aliases__name"),
        empty=(
            _("这里列出承担任务的单位。还没有单位。"),
            reverse("unit-new") if may(actor, "org.create") else "",
            _("新增单位"),
        ),
        export=_("单位"),
    )
    if listing.wants_export:
        return listing.export()
    return render(
        request,
        "org/units.html",
        {"listing": listing, "may_create": may(actor, "org.create"), "may_import": may(actor, "org.import")},
    )


def _unit(request: HttpRequest, pk: int, code: str = "org.see") -> Unit:
    unit = get_object_or_404(Unit.objects.select_related("division"), pk=pk)
    demand(actor_of(request), code, unit)
    return unit


@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: facts, names, groups, people on the left; its story on the right."""
    actor, found, day = actor_of(request), _unit(request, pk), timezone.localdate()
    aliases = list(found.aliases.all())
    return render(
        request,
        "org/unit.html",
        {
            "unit": found,
            "state": state(found),
            "aliases": aliases,
            "memberships": found.memberships.select_related("group").order_by("group__name", "since"),
            "posts": queries.posts_at(found, day),
            "missing": queries.missing_heads(day, [found]) if queries.is_in_force(found, day) else [],
            "successors": found.successors.all(),
            "predecessors": found.predecessors.all(),
            "carried_on": [one for one in queries.followed(found, day) if one.pk != found.pk],
            "events": story(found),
            "may_edit": may(actor, "org.edit", found),
            "may_end": may(actor, "org.end", found) and (found.until is None or found.until >= day),
            "may_name": may(actor, "org.name", found),
            "may_post": may(actor, "org.people") and people_pages.may_post_at(actor, found),
            "alias_form": AliasForm(),
        },
    )


def _offered(*lists: str) -> dict[str, Any]:
    """Names for the lists below fields."""
    found: dict[str, Any] = {}
    if "units" in lists:
        found["units"] = queries.in_force_units(timezone.localdate()).values_list("short_name", flat=True)
    if "divisions" in lists:
        found["divisions"] = Division.objects.values_list("name", flat=True)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """New unit."""
    actor = actor_of(request)
    demand(actor, "org.create")
    form = NewUnitForm(request.POST if request.method == "POST" else None)

    def do() -> HttpResponse:
        got = form.cleaned_data
        made = actions.create_unit(
            actor, form.data_of(), aliases=names_in(got["aliases"]), misprints=names_in(got["misprints"])
        )
        messages.success(request, _("已新增单位“%(name)s”。") % {"name": made})
        return redirect("unit", made.pk)

    return form_page(
        request, form, do, title=_("新增单位"), back=reverse("units"), submit=_("新增"), lists=_offered("divisions")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correction of a unit."""
    found = _unit(request, pk, "org.edit")
    form = EditUnitForm(request.POST if request.method == "POST" else None, initial=initial_unit(found))

    def do() -> HttpResponse:
        actions.edit_unit(actor_of(request), found, form.data_of(), reason=form.cleaned_data["reason"])
        messages.success(request, _("已修改单位“%(name)s”。") % {"name": found})
        return redirect("unit", pk)

    return form_page(
        request,
        form,
        do,
        title=_("修改单位"),
        lead=_("只用于更正；机构改革请用“停用单位”，以便保留沿革。"),
        back=reverse("unit", args=[pk]),
        lists=_offered("divisions"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ending of a unit, with its successors."""
    found = _unit(request, pk, "org.end")
    form = EndUnitForm(
        request.POST if request.method == "POST" else None,
        initial={"day": timezone.localdate(), "hand_on_groups": True},
    )

    def do() -> HttpResponse:
        got = form.cleaned_data
        actions.end_unit(
            actor_of(request),
            found,
            day=got["day"],
            how=got["how"],
            successors=got["successors"],
            hand_on_groups=got["hand_on_groups"],
            reason=got["reason"],
        )
        messages.success(request, _("“%(name)s”到 %(day)s 停用。") % {"name": found, "day": got["day"]})
        return redirect("unit", pk)

    return form_page(
        request,
        form,
        do,
        title=_("停用单位"),
        lead=_("“%(name)s”不会被删除：原有任务、文稿和记录仍能查到。") % {"name": found},
        back=reverse("unit", args=[pk]),
        submit=_("停用"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def name_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Further name of a unit."""
    found = _unit(request, pk, "org.name")
    form = AliasForm(request.POST if request.method == "POST" else None)

    def do() -> HttpResponse:
        got = form.cleaned_data
        actions.add_alias(actor_of(request), found, got["name"], misprint=got["misprint"])
        messages.success(request, _("已加上名称“%(name)s”。") % {"name": got["name"]})
        return redirect("unit", pk)

    return form_page(
        request,
        form,
        do,
        title=_("加一个名称"),
        lead=_("“%(name)s”在文件里还有的叫法；读文稿时按它找到单位。") % {"name": found},
        back=reverse("unit", args=[pk]),
        submit=_("加上"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def name_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Taking away a further name of a unit or a group."""
    alias = get_object_or_404(UnitAlias.objects.select_related("unit", "group"), pk=pk)
    body = alias.unit or alias.group
    assert body is not None
    where = ("unit" if alias.unit else "group", body.pk)
    demand(actor_of(request), "org.name" if alias.unit else "org.group", body)
    form: forms.Form = ReasonForm(request.POST if request.method == "POST" else None)

    def do() -> HttpResponse:
        name = alias.name
        actions.remove_alias(actor_of(request), alias, reason=form.cleaned_data["reason"])
        messages.success(request, _("已去掉名称“%(name)s”。") % {"name": name})
        return redirect(*where)

    return form_page(
        request,
        form,
        do,
        title=_("去掉名称“%(name)s”") % {"name": alias.name},
        lead=_("以后的文稿里这个名称不再指“%(body)s”；已读的文稿不变。") % {"body": body},
        back=reverse(where[0], args=[where[1]]),
        submit=_("去掉"),
        danger=True,
    )


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """Units without party or government head (党政同责)."""
    demand(actor_of(request), "org.see")
    found = queries.missing_heads(timezone.localdate())
    total = queries.in_force_units(timezone.localdate()).exclude(kind=UnitKind.COMPANY).count()
    return render(
        request,
        "org/missing.html",
        {
            "rows": found,
            "total": total,
            "bare": sum(one.is_bare for one in found),
            "party": sum(queries.HEADS[0] in one.kinds for one in found),
            "government": sum(queries.HEADS[1] in one.kinds for one in found),
        },
    )


urlpatterns = [
    path("units/", units, name="units"),
    path("units/new/", new, name="unit-new"),
    path("units/missing/", missing, name="missing-heads"),
    *charge_pages.urlpatterns,
    path("units/<int:pk>/", unit, name="unit"),
    path("units/<int:pk>/edit/", edit, name="unit-edit"),
    path("units/<int:pk>/end/", end, name="unit-end"),
    path("units/<int:pk>/names/new/", name_new, name="unit-name-new"),
    path("names/<int:pk>/remove/", name_remove, name="name-remove"),
    *group_pages.urlpatterns,
    *people_pages.urlpatterns,
]
