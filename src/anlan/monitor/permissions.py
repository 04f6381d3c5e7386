"""Who may see what devices send, and who admits and commands them."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, declare
from anlan.settings import Words

_OFFICE = Holds(Role.CLERK)

declare(
    "monitor.see",
    Words("查看监测数据", "see monitoring"),
    Holds(Role.CLERK, Role.LEADER, Role.VERIFIER, Role.HANDLER, Role.UNIT_LEADER),
)
declare("monitor.site", Words("维护监测点位", "keep the sites"), _OFFICE)
declare("monitor.admit", Words("接入设备", "admit devices"), _OFFICE)
declare("monitor.refuse", Words("不接入设备", "refuse devices"), _OFFICE)
declare("monitor.edit", Words("修改设备", "correct devices"), _OFFICE)
declare("monitor.suspend", Words("停用设备", "suspend devices"), _OFFICE)
declare("monitor.resume", Words("恢复设备", "take devices back into service"), _OFFICE)
declare("monitor.command", Words("向设备发指令", "give commands to devices"), _OFFICE)
declare("monitor.results", Words("录入化验结果", "bring in lab results"), _OFFICE)
# Only the gateway itself, when its administrator at the console asked for it.
declare("monitor.admit_unknown", Words("自动接入设备", "admit devices by itself"), Holds())
declare("monitor.simulate", Words("建立模拟点位", "set up simulated sites"), Holds())
