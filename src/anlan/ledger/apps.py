"""The ledger of problems as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Problems, their sources and their life."""

    name = "anlan.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Offers counts to the home page."""
        from anlan.ledger import counts

        counts.offer()
