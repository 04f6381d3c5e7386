"""Who sees past imports: whoever may import such a sheet, a unit only what its own people handed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import PERMISSIONS, AtUnit, Holds, Rule, declare, may
from anlan.foundation.sheets.registry import permissions
from anlan.foundation.vault.owners import readable_with
from anlan.settings import Words


@dataclass(frozen=True)
class OfOpenSheets(Rule):
    """Imports of sheets that the actor may import; those of sheets that this version no longer has nobody."""

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        return obj is None or self._open(actor, obj.action)  # type: ignore[attr-defined]

    def query(self, actor: Actor) -> Q:
        return Q(action__in=sorted(code for code in permissions() if self._open(actor, code)))

    @staticmethod
    def _open(actor: Actor, code: str) -> bool:
        return code in PERMISSIONS and may(actor, code)


declare(
    "sheets.see",
    Words("查看导入记录", "see past imports"),
    Holds(Role.CLERK, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN) & OfOpenSheets()
    | AtUnit("units", Role.HANDLER, Role.UNIT_LEADER) & OfOpenSheets(),
)

readable_with("sheets.import", "sheets.see")
