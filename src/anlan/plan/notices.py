"""What the plan room tells people."""

from __future__ import annotations

from anlan.foundation.notices.catalogue import declare
from anlan.settings import Words

declare(
    "plan.issued",
    Words(
        "《{plan}》已下达，本单位报告 {reports} 条、配合 {contributions} 条",
        "{plan} is issued: {reports} tasks to report on and {contributions} to contribute to",
    ),
)
declare(
    "plan.changed",
    Words(
        "《{plan}》有调整，涉及本单位：新增 {added} 条，变更 {changed} 条，取消 {gone} 条",
        "{plan} has changed for your unit: {added} tasks added, {changed} changed, {gone} taken back",
    ),
)
declare(
    "task.reminded",
    Words(
        "长江办催办：{first} 等 {n} 条任务还没有办完，最早的时限是 {due}",
        "The office reminds you of {n} tasks that are not done, {first} among them; the earliest is due on {due}",
    ),
)
