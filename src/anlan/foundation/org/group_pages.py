"""Pages of groups: list, one group with its members on a day, forms."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org import actions, queries
from anlan.foundation.org.forms import AliasForm, EditGroupForm, MembersForm, NewGroupForm, day_in, names_in
from anlan.foundation.org.frame import actor_of, form_page
from anlan.foundation.org.models import Group, Unit, UnitKind, in_force
from anlan.foundation.org.story import story
from anlan.foundation.screens.listing import Column, Listing, words_in


@require_safe
def groups(request: HttpRequest) -> HttpResponseBase:
    """All groups."""
    actor = actor_of(request)
    demand(actor, "org.see")
    rows = visible(actor, "org.see", Group.objects.all()).annotate(
        number=Count("memberships", filter=in_force(timezone.localdate(), "memberships__"), distinct=True)
    )
    listing = Listing(
        request,
        rows,
        columns=[
            Column("name", _("名称"), sort="name", link=lambda group: reverse("group", args=[group.pk])),
            Column("number", _("今天的成员"), kind="number", unit=_("个"), sort="number"),
            Column("note", _("备注"), wide=True),
            Column("code", _("编码"), sort="code"),
        ],
        search=words_in("name", "code", "aliases__name"),
        sort="name",
        empty=(
            _("集合是“各乡(镇)街道”这样指多个单位的名称，由经办人定成员。还没有集合。"),
            reverse("group-new") if may(actor, "org.group") else "",
            _("新增集合"),
        ),
        export=_("集合"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "org/groups.html", {"listing": listing, "may_group": may(actor, "org.group")})


def _group(request: HttpRequest, pk: int, code: str = "org.see") -> Group:
    group = get_object_or_404(Group, pk=pk)
    demand(actor_of(request), code, group)
    return group


@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: its members on a day (today unless the address says another), names, every membership, story."""
    found, actor = _group(request, pk), actor_of(request)
    asked = request.GET.get("day")
    day = day_in(asked) or timezone.localdate()
    return render(
        request,
        "org/group.html",
        {
            "group": found,
            "day": day,
            "unread": asked if asked and day_in(asked) is None else "",
            "members": queries.members(found, day),
            "memberships": found.memberships.select_related("unit").order_by("unit__kind", "unit__code", "since"),
            "aliases": found.aliases.all(),
            "events": story(found),
            "may_group": may(actor, "org.group", found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """New group."""
    actor = actor_of(request)
    demand(actor, "org.group")
    form = NewGroupForm(request.POST if request.method == "POST" else None)

    def do() -> HttpResponse:
        got = form.cleaned_data
        made = actions.create_group(
            actor, name=got["name"], code=got["code"], note=got["note"], aliases=names_in(got["aliases"])
        )
        messages.success(request, _("已新增集合“%(name)s”，请接着定成员。") % {"name": made})
        return redirect("group-members", made.pk)

    return form_page(request, form, do, title=_("新增集合"), back=reverse("groups"), submit=_("新增"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correction of a group."""
    found = _group(request, pk, "org.group")
    initial = {"name": found.name, "code": found.code, "note": found.note}
    form = EditGroupForm(request.POST if request.method == "POST" else None, initial=initial)

    def do() -> HttpResponse:
        got = form.cleaned_data
        actions.edit_group(
            actor_of(request), found, name=got["name"], code=got["code"], note=got["note"], reason=got["reason"]
        )
        messages.success(request, _("已修改集合“%(name)s”。") % {"name": found})
        return redirect("group", pk)

    return form_page(request, form, do, title=_("修改集合"), back=reverse("group", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Which units the group stands for from a day on: ticked, several at once."""
    found = _group(request, pk, "org.group")
    today = timezone.localdate()
    # Who begins later or has ended may be wanted for another day; the action says so where the day does not fit.
    offered = Unit.objects.order_by("kind", "code")
    now = [one.pk for one in queries.members(found, today)]
    form = MembersForm(
        request.POST if request.method == "POST" else None, offered=offered, initial={"units": now, "day": today}
    )

    def do() -> HttpResponse:
        got = form.cleaned_data
        done = actions.set_members(actor_of(request), found, got["units"], day=got["day"], reason=got["reason"])
        if done:
            messages.success(
                request,
                _("“%(name)s”从 %(day)s 起有 %(n)d 个成员。")
                % {"name": found, "day": got["day"], "n": len(got["units"])},
            )
        else:
            messages.info(request, _("成员与原来一样，没有改动。"))
        return redirect("group", pk)

    chosen = {str(value) for value in form["units"].value() or ()}
    labels = dict(UnitKind.choices)
    shown = [unit for unit in offered if queries.is_in_force(unit, today) or str(unit.pk) in chosen]
    order = UnitKind.values
    shown.sort(key=lambda unit: order.index(unit.kind))
    kinds = [
        (labels[UnitKind(kind)], [(unit, str(unit.pk) in chosen) for unit in units])
        for kind, units in groupby(shown, key=lambda unit: unit.kind)
    ]
    return form_page(
        request,
        form,
        do,
        title=_("“%(name)s”的成员") % {"name": found},
        lead=_("勾选从某天起这个集合所指的单位；不勾的到前一天为止。"),
        back=reverse("group", args=[pk]),
        template="org/members.html",
        context={"kinds": kinds, "group": found},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def name_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Further name of a group."""
    found = _group(request, pk, "org.group")
    form = AliasForm(request.POST if request.method == "POST" else None)

    def do() -> HttpResponse:
        got = form.cleaned_data
        actions.add_alias(actor_of(request), found, got["name"], misprint=got["misprint"])
        messages.success(request, _("已加上名称“%(name)s”。") % {"name": got["name"]})
        return redirect("group", pk)

    return form_page(request, form, do, title=_("加一个名称"), back=reverse("group", args=[pk]), submit=_("加上"))


urlpatterns = [
    path("groups/", groups, name="groups"),
    path("groups/new/", new, name="group-new"),
    path("groups/<int:pk>/", group, name="group"),
    path("groups/<int:pk>/edit/", edit, name="group-edit"),
    path("groups/<int:pk>/members/", members, name="group-members"),
    path("groups/<int:pk>/names/new/", name_new, name="group-name-new"),
]
