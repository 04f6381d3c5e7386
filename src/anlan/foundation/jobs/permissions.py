"""Who may start, see and repeat background work."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, Own, SignedIn, declare
from anlan.settings import Words

# The action that starts a job has asked for its own permission before.
declare("jobs.enqueue", Words("启动后台处理", "start background work"), SignedIn())
declare("jobs.see", Words("查看后台处理", "see background work"), Holds(Role.SYSTEM_ADMIN) | Own("account"))
declare("jobs.retry", Words("重新运行后台处理", "run background work again"), Holds(Role.SYSTEM_ADMIN))
