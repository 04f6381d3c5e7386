"""Values as pages and files write them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.foundation.calc.explain import Lang


def text_of(value: object) -> str:
    """Value as pages write it: dates as 2022-09-30, instants in the district's time, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def local(value: dt.datetime) -> dt.datetime:
    """Instant in the district's time; one without offset is taken to be that already."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def language() -> Lang:
    """Language in force, as Anlan's own messages name it."""
    return "en" if (get_language() or "").startswith("en") else "zh"
