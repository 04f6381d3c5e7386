"""What the room of registers offers the others: counts for home, facts, sheets."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class RegistersConfig(AppConfig):
    """The room of registers."""

    name = "anlan.registers"

    def ready(self) -> None:
        """Registers counts and facts."""
        from anlan.registers import book, counts, facts, facts_counted

        request_started.connect(book.request_begins)
        request_finished.connect(book.request_ends)
        counts.offer()
        facts.offer()
        facts_counted.offer()
