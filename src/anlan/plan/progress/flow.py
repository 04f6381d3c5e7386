"""The states of a report and the steps between them."""

from __future__ import annotations

from anlan.foundation.flow.flows import Flow, Transition
from anlan.settings import Words

REPORT = Flow(
    "report",
    {
        "draft": Words("草稿", "a draft"),
        "submitted": Words("待单位审核", "with the unit's leader"),
        "approved": Words("待长江办采纳", "with the office"),
        "accepted": Words("已采纳", "accepted"),
    },
    (
        Transition("submit", Words("提交", "submit"), frozenset({"draft"}), "submitted", "report.submit"),
        Transition("withdraw", Words("收回", "take back"), frozenset({"submitted"}), "draft", "report.withdraw"),
        Transition("approve", Words("审核通过", "approve"), frozenset({"submitted"}), "approved", "report.approve"),
        Transition(
            "return",
            Words("退回", "return"),
            frozenset({"submitted", "approved"}),
            "draft",
            "report.return",
            reason=True,
        ),
        Transition("accept", Words("采纳", "accept"), frozenset({"approved"}), "accepted", "report.accept"),
        Transition(
            "accept_directly",
            Words("直接采纳", "accept directly"),
            frozenset({"submitted"}),
            "accepted",
            "report.accept_directly",
            reason=True,
        ),
        Transition(
            "enter",
            Words("代为填报", "enter for the unit"),
            frozenset({"draft"}),
            "approved",
            "report.enter",
            reason=True,
        ),
        Transition(
            "undo",
            Words("撤销采纳", "undo the acceptance"),
            frozenset({"accepted"}),
            "approved",
            "report.undo",
            reason=True,
        ),
    ),
    final=frozenset(),
)
