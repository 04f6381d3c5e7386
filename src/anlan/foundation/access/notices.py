"""What owners of accounts and administrators are told of one-time codes."""

from __future__ import annotations

from anlan.foundation.notices.catalogue import declare
from anlan.settings import Words

declare(
    "access.code_issued",
    Words(
        "{by} 为您的账户发放了一次性口令。不是您要的，请马上告诉安全管理员",
        "{by} issued a one-time code for your account. If you did not ask for it, tell the security administrator now",
    ),
)
declare(
    "access.code_to_confirm",
    Words(
        "{by} 为管理员 {account} 发放了一次性口令，请向本人核实后确认",
        "{by} issued a one-time code for the administrator {account}: ask the owner, then confirm it",
    ),
)
declare(
    "access.code_confirmed",
    Words(
        "{by} 确认了您账户的一次性口令，现在可以用它登录。不是您要的，请马上告诉审计管理员",
        "{by} confirmed the one-time code of your account, which opens it now. If you did not ask for it, tell the "
        "audit administrator now",
    ),
)
