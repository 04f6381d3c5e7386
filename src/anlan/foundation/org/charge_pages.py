"""Pages of the chain of responsibility: who answers for each unit on a day, with the gaps, and setting one link."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.rules import may
from anlan.foundation.org.chain import PLACES, Chains
from anlan.foundation.org.charging import set_charge
from anlan.foundation.org.forms import DayInput, Plain, UnitField, offered_units
from anlan.foundation.org.frame import actor_of, form_page
from anlan.foundation.org.models import ChargePlace, Unit, UnitKind, in_force
from anlan.foundation.screens.texts import language

_WITHOUT = (UnitKind.COMPANY, UnitKind.COORDINATION)


class ChargeForm(Plain):
    """Which post answers for a unit."""

    unit = UnitField(label=gettext_lazy("单位"))
    place = forms.ChoiceField(label=gettext_lazy("环节"), choices=ChargePlace.choices)
    at = UnitField(
        label=gettext_lazy("职务所在单位"),
        required=False,
        help_text=gettext_lazy("不填为本单位；分管区领导填区政府等。"),
    )
    title = forms.CharField(
        label=gettext_lazy("职务"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("填职务，不填人名；不填则取消这一环节。"),
    )
    since = forms.DateField(label=gettext_lazy("起始日期"), widget=DayInput())


@require_safe
def charges(request: HttpRequest) -> HttpResponse:
    """Chain of every unit on a day: today, or that of the address."""
    actor = actor_of(request)
    demand(actor, "org.see")
    day = day_of(request)
    chains = Chains(day)
    units = Unit.objects.filter(in_force(day)).exclude(kind__in=_WITHOUT)
    rows = [(unit, chains.of(unit)) for unit in units]
    gaps = sum(1 for _unit, links in rows for link in links if link.gap)
    only = request.GET.get("gaps") == "1"
    return render(
        request,
        "org/charges.html",
        {
            "day": day,
            "rows": [(unit, links) for unit, links in rows if not only or any(link.gap for link in links)],
            "total": len(rows),
            "gaps": gaps,
            "only": only,
            "places": [PLACES[key].speak(language()) for key in ("leader", "party", "government")],
            "may_charge": may(actor, "org.charge"),
        },
    )


def day_of(request: HttpRequest) -> dt.date:
    """Day that the address names (`on`); today where it names none, or no day."""
    try:
        return dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Sets one link of the chain of a unit."""
    actor = actor_of(request)
    demand(actor, "org.charge")
    form = ChargeForm(
        request.POST if request.method == "POST" else None,
        initial={
            "since": timezone.localdate(),
            "unit": request.GET.get("unit", ""),
            "place": request.GET.get("place", ChargePlace.LEADER),
        },
    )

    def do() -> HttpResponse:
        got = form.cleaned_data
        set_charge(actor, got["unit"], got["place"], at=got["at"], title=got["title"], since=got["since"])
        messages.success(
            request,
            _("已设定“%(unit)s”的%(place)s。") % {"unit": got["unit"], "place": ChargePlace(got["place"]).label},
        )
        return redirect("charges")

    return form_page(
        request,
        form,
        do,
        title=_("设定责任链"),
        lead=_("按职务设定：换人时在人员页面交接，责任链自动跟着变；以前的日期仍查得到当时的人。"),
        back=reverse("charges"),
        lists={"units": offered_units()},
    )


urlpatterns = [
    path("units/charges/", charges, name="charges"),
    path("units/charges/new/", new, name="charge-new"),
]
