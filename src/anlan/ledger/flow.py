"""The life of a problem as data: states, and who leads it from which to which, with what. After rectification.toml.

Between the states of that table stand two that offices practise: the plan handed in and not approved yet, and the
preliminary check (初验) before the verification by another unit. Limits are in working days.
"""

from __future__ import annotations

from decimal import Decimal

from anlan.foundation.calendars.periods import Convention, Period, Unit
from anlan.foundation.flow.flows import Flow, Transition
from anlan.settings import Words


def _days(count: int) -> Period:
    return Period(Decimal(count), Unit.WORKDAYS, Convention.EXCLUDE_FIRST)


def _step(
    code: str,
    words: Words,
    sources: tuple[str, ...],
    target: str,
    *,
    reason: bool = False,
    evidence: bool = False,
    fields: tuple[tuple[str, Words], ...] = (),
    days: int | None = None,
) -> Transition:
    return Transition(
        code,
        words,
        frozenset(sources),
        target,
        f"ledger.{code}",
        reason=reason,
        evidence=evidence,
        fields=fields,
        limit=_days(days) if days else None,
    )


# What a plan must say before it is approved: `needs` of the table.
_PLAN = (
    ("goal", Words("整改目标", "goal")),
    ("measures", Words("整改措施", "measures")),
    ("lead", Words("牵头单位", "leading unit")),
    ("supervisor", Words("督导（验收）单位", "supervising unit")),
)

# The limits of days are our suggestion, not law; an installation may live with other ones.
PROBLEM = Flow(
    "ledger.problem",
    {
        "draft": Words("登记待核", "registered"),
        "submitted": Words("方案待审定", "plan to be approved"),
        "planned": Words("整改中", "being rectified"),
        "self_done": Words("已自验", "done by the unit"),
        "checked": Words("初验通过", "preliminary check passed"),
        "accepted": Words("验收通过", "verified"),
        "public_notice": Words("公示中", "on public notice"),
        "closed": Words("已销号", "closed"),
        "watched": Words("巩固期", "watched"),
        "confirmed": Words("巩固到位", "confirmed"),
        "reopened": Words("重开", "reopened"),
        "dismissed": Words("不予立项", "dismissed"),
    },
    (
        _step(
            "submit",
            Words("报送整改方案", "hand in the plan"),
            ("draft", "reopened"),
            "submitted",
            fields=_PLAN,
            days=10,
        ),
        _step("approve", Words("审定整改方案", "approve the plan"), ("submitted",), "planned", fields=_PLAN, days=5),
        _step("send_back", Words("退回方案", "send the plan back"), ("submitted",), "draft", reason=True),
        _step("dismiss", Words("不予立项", "dismiss"), ("draft",), "dismissed", reason=True),
        _step("finish", Words("自验完成", "say it is done"), ("planned",), "self_done", evidence=True),
        _step("check", Words("初验通过", "pass the preliminary check"), ("self_done",), "checked", days=10),
        _step(
            "refuse_check", Words("初验不通过", "fail the preliminary check"), ("self_done",), "planned", reason=True
        ),
        _step("accept", Words("验收通过", "verify"), ("checked",), "accepted", days=15),
        _step("refuse", Words("验收不通过", "fail the verification"), ("checked",), "planned", reason=True),
        _step("publish", Words("公示", "give public notice"), ("accepted",), "public_notice", days=10),
        _step("uphold", Words("异议属实，退回整改", "uphold an objection"), ("public_notice",), "planned", reason=True),
        _step("close", Words("销号", "close"), ("public_notice",), "closed", days=5),
        _step("watch", Words("转入巩固期", "begin the watch"), ("closed",), "watched"),
        _step("confirm", Words("确认巩固到位", "confirm"), ("watched",), "confirmed"),
        _step(
            "reopen",
            Words("重开", "reopen"),
            ("closed", "watched", "confirmed"),
            "reopened",
            reason=True,
            evidence=True,
        ),
    ),
    final=frozenset({"dismissed"}),
)

# States in which a problem counts as open in the balance of the ledger.
OPEN = ("draft", "submitted", "planned", "self_done", "checked", "accepted", "public_notice", "reopened")
CLOSED = ("closed", "watched", "confirmed")
# States in which the unit has not said yet that it is done: past the deadline they are late.
TO_RECTIFY = ("draft", "submitted", "planned", "reopened")
