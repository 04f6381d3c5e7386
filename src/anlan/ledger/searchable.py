"""Problems as the search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.search.registry import Found, Source, register
from anlan.ledger.models import Problem


def _problem(one: Problem) -> Found:
    return Found(f"{one.number} {one.title}", reverse("problem", args=[one.pk]), one.text, one.place)


register(Source("problem", _("问题"), lambda: Problem.objects.filter(joined_into=None), "ledger.see", _problem))
