"""What the library of basis documents offers the room of plans."""

from __future__ import annotations

from django.apps import AppConfig


class BasisConfig(AppConfig):
    """Documents that plans rest on."""

    name = "anlan.plan.basis"
    label = "basis"

    def ready(self) -> None:
        """Lets mappings go with their clauses from version to version."""
        from anlan.plan import versions
        from anlan.plan.basis.actions import go_on

        if go_on not in versions.CARRIERS:
            versions.CARRIERS.append(go_on)
