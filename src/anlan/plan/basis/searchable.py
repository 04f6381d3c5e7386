"""Basis documents as the search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.search.registry import Found, Source, register
from anlan.plan.basis.models import Basis


def _basis(one: Basis) -> Found:
    return Found(one.title, reverse("basis", args=[one.pk]), one.number, one.issuer)


register(Source("basis", _("依据文件"), lambda: Basis.objects.all(), "basis.see", _basis))
