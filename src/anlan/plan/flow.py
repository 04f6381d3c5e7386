"""The states of a plan and the steps between them."""

from __future__ import annotations

from anlan.foundation.flow.flows import Flow, Transition
from anlan.settings import Words

PLAN = Flow(
    "plan",
    {
        "draft": Words("待下达", "a draft"),
        "issued": Words("已下达", "issued"),
        "withdrawn": Words("已撤回", "withdrawn"),
    },
    (
        Transition("issue", Words("下达", "issue"), frozenset({"draft"}), "issued", "plan.issue"),
        Transition(
            "withdraw",
            Words("撤回", "withdraw"),
            frozenset({"draft", "issued"}),
            "withdrawn",
            "plan.withdraw",
            reason=True,
        ),
    ),
    final=frozenset({"withdrawn"}),
)
