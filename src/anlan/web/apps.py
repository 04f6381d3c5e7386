"""What stands above all rooms, put in force when Django starts."""

from __future__ import annotations

import functools

from django.apps import AppConfig
from django.conf import settings

from anlan import calculations
from anlan.foundation.calc.installed import install
from anlan.foundation.calc.registry import Registry
from anlan.plan import pack
from anlan.web import words


class WebConfig(AppConfig):
    """The shell."""

    name = "anlan.web"

    def ready(self) -> None:
        """Gives the rooms the list of all calculations, and the pages their English."""
        install(_registry)
        words.refresh()


@functools.cache
def _registry() -> Registry:
    """Calculations on the calendar of the district's pack, as the command has them."""
    return calculations.registry(pack.load(settings.ANLAN.pack).calendar)
