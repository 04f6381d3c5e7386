"""What progress offers the others: counts for home, missing reports as facts."""

from __future__ import annotations

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """Rounds of reports on tasks."""

    name = "anlan.plan.progress"
    label = "progress"

    def ready(self) -> None:
        """Registers counts and facts."""
        from anlan.plan.progress import counts, facts

        counts.offer()
        facts.offer()
