"""What the room of registers offers the others: counts for home, facts, sheets."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The room of registers."""

    name = "anlan.registers"

    def ready(self) -> None:
        """Registers counts and facts."""
        from anlan.registers import counts, facts

        counts.offer()
        facts.offer()
