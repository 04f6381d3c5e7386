"""What the plan room offers the others: counts for home, facts."""

from __future__ import annotations

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """The room of plans and tasks."""

    name = "anlan.plan"

    def ready(self) -> None:
        """Registers counts and facts."""
        from anlan.plan import counts, facts

        counts.offer()
        facts.offer()
