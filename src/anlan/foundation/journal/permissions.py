"""Who reads the journal: the audit administrator alone. Whoever reads an object sees that object's own history."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, declare
from anlan.settings import Words

_AUDIT = Holds(Role.AUDIT_ADMIN)

declare("journal.see", Words("查看审计记录", "read the journal"), _AUDIT)
declare("journal.verify", Words("校验审计记录", "verify the journal"), _AUDIT)
declare("journal.export", Words("导出审计记录", "export the journal"), _AUDIT)
