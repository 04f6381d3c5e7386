"""What progress offers the others: counts for home, missing reports as facts."""

from __future__ import annotations

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """Rounds of reports on tasks."""

    name = "anlan.plan.progress"
    label = "progress"

    def ready(self) -> None:
        """Registers counts and facts, and lets splits of targets go on from version to version."""
        from anlan.plan import versions
        from anlan.plan.progress import counts, facts
        from anlan.plan.progress.splits import go_on

        counts.offer()
        facts.offer()
        if go_on not in versions.CARRIERS:
            versions.CARRIERS.append(go_on)
