"""What stands above all rooms, put in force when Django starts."""

from __future__ import annotations

from django.apps import AppConfig

from anlan import calculations
from anlan.foundation.calc.installed import install


class WebConfig(AppConfig):
    """The shell."""

    name = "anlan.web"

    def ready(self) -> None:
        """Gives the rooms the list of all calculations."""
        install(calculations.registry)
