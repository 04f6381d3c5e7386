"""Notices are everybody's own."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, Own, SignedIn, declare
from anlan.settings import Words

declare("notices.see", Words("查看消息", "see notices"), Own("account"))
declare("notices.read", Words("标记消息已读", "mark a notice as read"), Own("account"))
declare("notices.read_all", Words("全部标为已读", "mark all notices as read"), Own("account"))
declare("notices.mail", Words("设置接收消息的电子邮件", "set the e-mail address for notices"), SignedIn())
declare(
    "notices.deliveries", Words("查看消息外发情况", "see what became of notices sent out"), Holds(Role.SYSTEM_ADMIN)
)
