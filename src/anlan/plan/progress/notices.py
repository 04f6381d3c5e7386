"""What people are told about rounds and reports."""

from __future__ import annotations

from anlan.foundation.notices.catalogue import declare
from anlan.settings import Words

declare(
    "round.opened",
    Words(
        "《{plan}》{round}进展调度：本单位报告 {reports} 项、配合 {contributions} 项，{due} 前报送",
        "{plan}, {round}: {reports} reports and {contributions} contributions are due by {due}",
    ),
)
declare(
    "round.reminded",
    Words(
        "长江办催报：《{plan}》{round}还有 {n} 项未报送，截止 {due}",
        "The office reminds you: {plan}, {round}: {n} reports were not sent, due by {due}",
    ),
)
declare(
    "round.soon",
    Words(
        "《{plan}》{round}还有 {n} 项未报送，{due} 截止",
        "{plan}, {round}: {n} reports were not sent and are due by {due}",
    ),
)
declare(
    "round.late",
    Words(
        "《{plan}》{round}有 {n} 项逾期未报送，应于 {due} 前报送",
        "{plan}, {round}: {n} reports are overdue; they were due by {due}",
    ),
)
declare("report.waiting", Words("请审核：{report}", "To approve: {report}"))
declare(
    "report.no_leader",
    Words(
        "{unit}没有单位负责人账户，{round}的报告无人审核，可由长江办直接采纳",
        "{unit} has no account of a leader: nobody approves its reports of {round}; the office may accept them",
    ),
)
declare("report.returned", Words("已退回：{report}。理由：{reason}", "Returned: {report}. Reason: {reason}"))
declare(
    "report.undone",
    Words("长江办撤销了对“{report}”的采纳。理由：{reason}", "The acceptance of {report} was undone. Reason: {reason}"),
)
declare("task.soon", Words("{task}将于 {due} 到期，进度 {percent}%", "{task} is due on {due}; at {percent}%"))
declare("task.late", Words("{task}已于 {due} 到期，尚未完成", "{task} was due on {due} and is not done"))
