"""Who administers accounts and roles. System and security administrator share nothing but the reading."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, SignedIn, declare
from anlan.settings import Words

_SYSTEM = Holds(Role.SYSTEM_ADMIN)
_SECURITY = Holds(Role.SECURITY_ADMIN)

declare(
    "access.see", Words("查看账户", "see accounts"), Holds(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
)
declare("access.create_account", Words("开设账户", "open an account"), _SYSTEM)
declare("access.rename", Words("修改登录名", "change a login name"), _SYSTEM)
declare("access.close", Words("停用账户", "close an account"), _SYSTEM)
declare("access.reopen", Words("恢复账户", "reopen an account"), _SYSTEM)
declare("access.issue_reset_code", Words("发放一次性口令", "issue a one-time code"), _SYSTEM)
declare(
    "access.confirm_reset_code",
    Words("确认管理员的一次性口令", "confirm an administrator's one-time code"),
    Holds(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
)
declare("access.grant", Words("授予角色", "grant a role"), _SECURITY)
declare("access.revoke", Words("收回角色", "revoke a role"), _SECURITY)
declare("access.change_password", Words("修改自己的口令", "change one's own password"), SignedIn())
