"""What bindings offer the others: counts for home."""

from __future__ import annotations

from django.apps import AppConfig


class BindingConfig(AppConfig):
    """Targets bound to indicators."""

    name = "anlan.plan.binding"
    label = "binding"

    def ready(self) -> None:
        """Registers the counts."""
        from anlan.plan.binding import counts

        counts.offer()
