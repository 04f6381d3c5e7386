"""What the monitoring room offers the others: counts for home."""

from __future__ import annotations

from django.apps import AppConfig


class MonitorConfig(AppConfig):
    """The room of sites, devices, frames and readings."""

    name = "anlan.monitor"

    def ready(self) -> None:
        """Registers the counts."""
        from anlan.monitor import counts

        counts.offer()
