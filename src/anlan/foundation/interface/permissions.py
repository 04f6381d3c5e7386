"""Tokens are everybody's own; the security administrator sees all and can take any back."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, Own, SignedIn, declare
from anlan.settings import Words

declare("token.create", Words("生成接口令牌", "make a token"), SignedIn())
declare(
    "token.see",
    Words("查看接口令牌", "see tokens"),
    Own("account") | Holds(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
)
declare("token.revoke", Words("收回接口令牌", "take a token back"), Own("account") | Holds(Role.SECURITY_ADMIN))
