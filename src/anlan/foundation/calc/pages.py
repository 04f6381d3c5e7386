"""Pages of the calculations: the list, and one page each with form, result and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from anlan.foundation.calc import forms
from anlan.foundation.calc.installed import registry
from anlan.foundation.calc.registry import UnknownCalculationError
from anlan.foundation.calc.spec import Calculation
from anlan.foundation.screens.texts import language

_LONGEST_SEARCH = 200


def group_names() -> dict[str, str]:
    """Names of the groups: what stands before the point in an id."""
    return {
        "calc": _("通用"),
        "law": _("期限"),
        "water": _("水环境"),
        "agri": _("农业面源"),
        "supervise": _("督办考核"),
        "siting": _("岸线准入"),
        "eco": _("生态"),
        "project": _("项目资金"),
        "justice": _("执法司法"),
        "geo": _("空间"),
        "ledger": _("问题整改"),
        "consult": _("征求意见"),
    }


def calculations(request: HttpRequest) -> HttpResponse:
    """All calculations by group; the search looks into id, title, source and the names of inputs and outputs."""
    words = " ".join(request.GET.get("q", "").split())[:_LONGEST_SEARCH]
    names = group_names()
    wanted = request.GET.get("group", "")
    notice = ""
    if wanted and wanted not in names:
        notice = _("没有“%(value)s”这一组，没有按它筛选。") % {"value": wanted[:60]}
        wanted = ""
    found = [one for one in registry() if (not wanted or _group(one) == wanted) and _holds(one, words)]
    groups = [(names.get(key, key), list(rows)) for key, rows in groupby(found, key=_group)]
    present = {_group(one) for one in registry()}
    return render(
        request,
        "calc/list.html",
        {
            "groups": groups,
            "total": len(found),
            "words": words,
            "notice": notice,
            "wanted": wanted,
            "wanted_name": names.get(wanted, ""),
            "choices": [(key, name) for key, name in names.items() if key in present],
        },
    )


def calculation(request: HttpRequest, id: str) -> HttpResponse:
    """Form of one calculation, and its result once it is filled in; the address of a result can be kept and sent."""
    try:
        one = registry()[id]
    except UnknownCalculationError as unknown:
        raise Http404(_("没有计算“%(id)s”。") % {"id": id[:60]}) from unknown
    lang = language()
    parts = forms.build(one, lang)
    given: Mapping[str, str] = request.POST.dict() if request.method == "POST" else request.GET.dict()
    inputs: Mapping[str, object] | None = None
    if (number := given.get("example", "")) in {str(n) for n in range(1, len(one.examples) + 1)}:
        inputs = one.examples[int(number) - 1].inputs
        forms.fill(parts, inputs, lang)
    elif "run" in given:
        inputs = forms.read(parts, given, lang)
    else:
        forms.fill(parts, {}, lang)
    outcome = None if inputs is None else registry().compute(id, inputs)
    summary = forms.mark(parts, outcome.faults, lang) if outcome else []
    long = any(part.kind in ("json", "rows", "many") for part in parts)
    context = {
        "one": one,
        "group": group_names().get(_group(one), _group(one)),
        "group_key": _group(one),
        "parts": parts,
        "method": "post" if long else "get",
        "inputs": inputs,
        "outcome": outcome,
        "summary": summary,
        "examples": range(1, len(one.examples) + 1),
    }
    return render(request, "calc/one.html", context, status=422 if summary else 200)


def _group(one: Calculation) -> str:
    return one.id.partition(".")[0]


def _holds(one: Calculation, words: str) -> bool:
    """Whether each word stands somewhere in the spec, in either language."""
    texts = [one.id, *one.title, *one.source, *(one.note or ())]
    for name, title in [*((i.name, i.title) for i in one.inputs), *((o.name, o.title) for o in one.outputs)]:
        texts += [name, *title]
    text = "\n".join(texts).lower()
    return all(word in text for word in words.lower().split())


urlpatterns = [
    path("calc/", calculations, name="calculations"),
    path("calc/<str:id>/", calculation, name="calculation"),
]
