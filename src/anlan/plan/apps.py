"""What the plan room offers the others: counts for home, words of its notices."""

from __future__ import annotations

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """The room of plans and tasks."""

    name = "anlan.plan"

    def ready(self) -> None:
        """Registers counts and notices."""
        from anlan.plan import counts

        counts.offer()
