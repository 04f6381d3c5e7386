"""Who may say what a target is counted by."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, declare
from anlan.settings import Words

_OFFICE = Holds(Role.CLERK)

declare("target.bind", Words("绑定台账指标", "bind a target to an indicator"), _OFFICE)
declare("target.unbind", Words("解除指标绑定", "take a target off its indicator"), _OFFICE)
declare("target.refuse", Words("排除建议的指标", "refuse a proposed indicator"), _OFFICE)
