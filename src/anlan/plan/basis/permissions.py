"""Who may do what with the library of basis documents."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, declare
from anlan.settings import Words

declare(
    "basis.see",
    Words("查看依据文件", "read the library of basis documents"),
    Holds(Role.CLERK, Role.LEADER, Role.VERIFIER, Role.HANDLER, Role.UNIT_LEADER),
)
declare("basis.edit", Words("维护依据文件", "keep the library of basis documents"), Holds(Role.CLERK))
declare("basis.map", Words("对应上级条款", "map clauses of higher plans to measures"), Holds(Role.CLERK))
