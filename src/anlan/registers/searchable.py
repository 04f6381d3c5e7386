"""Rows of registers as the search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.search.registry import Found, Source, register
from anlan.registers.models import Row


def _row(row: Row) -> Found | None:
    if row.deleted:
        return None
    url = reverse("register-row", args=[row.register.code, row.pk])
    return Found(row.label, url, row.register.title_zh, row.key.replace("\x1f", " "))


register(Source("register_row", _("台账记录"), lambda: Row.objects.select_related("register"), "registers.see", _row))
