"""Six people and a problem for the tests of the ledger."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

import xlsxwriter
from tests.people import actor, unit

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.ledger import actions
from anlan.ledger.actions import Facts, PlannedStep, Seen
from anlan.ledger.models import Problem

DUE = dt.date(2026, 12, 31)
# The smallest text that the vault takes.
NOTE = "整改完成情况说明\n".encode()


@dataclass(frozen=True)
class Six:
    """Six people of four units: who rectifies never verifies."""

    rectifying: Unit
    supervising: Unit
    verifying: Unit
    handler: Actor
    head: Actor
    supervisor: Actor
    clerk: Actor
    verifier: Actor
    leader: Actor

    def problem(self, **also: object) -> Problem:
        """Problem registered by the clerk."""
        said: dict[str, object] = {
            "title": "桥头排口有污水",
            "text": "桥头村排口旱天有污水流出",
            "place": "桥头村",
            "deadline": DUE,
            "lead": self.rectifying,
            "responsible": (self.rectifying,),
            "supervisor": self.supervising,
        }
        return actions.register(self.clerk, Facts(**(said | also)))  # type: ignore[arg-type]

    def planned(self) -> Problem:
        """Problem with an approved plan."""
        found = self.problem()
        actions.plan(
            self.handler,
            found,
            goal="旱天无污水流出",
            measures="截污，改造管网 300 米",
            steps=[PlannedStep("改造管网 300 米", dt.date(2026, 12, 1), 12_000_000)],
            lock=found.lock,
        )
        actions.take_step(self.handler, found, "submit")
        actions.take_step(self.clerk, found, "approve")
        return found

    def finished(self) -> Problem:
        """Problem that the unit says it has rectified."""
        found = self.planned()
        actions.attach(self.handler, found, io.BytesIO(NOTE), "说明.txt", kind="other")
        actions.take_step(self.head, found, "finish")
        return found

    def accepted(self, on: dt.date) -> Problem:
        """Problem that was verified on site on this day."""
        found = self.finished()
        seen = Seen(self.supervising, "甲、乙", on, "排口已封堵")
        actions.check(self.supervisor, found, seen, passed=True)
        seen = Seen(self.verifying, "丙、丁", on, "旱天无水", "无水流出")
        actions.verify(self.verifier, found, seen, passed=True)
        return found


def six() -> Six:
    """The six of the acceptance."""
    rectifying, supervising, verifying = unit("整改局"), unit("督导局"), unit("核查队")
    return Six(
        rectifying,
        supervising,
        verifying,
        handler=actor(Role.HANDLER, at=rectifying),
        head=actor(Role.UNIT_LEADER, at=rectifying),
        supervisor=actor(Role.HANDLER, at=supervising),
        clerk=actor(Role.CLERK),
        verifier=actor(Role.VERIFIER, at=verifying),
        leader=actor(Role.LEADER),
    )


def workbook(*rows: tuple[str, ...], title: str = "问题台账") -> bytes:
    """Ledger with a title row and the columns offices use."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("问题清单")
        for at, row in enumerate([(title,), ("序号", "问题描述", "地点", "责任单位", "整改时限"), *rows]):
            sheet.write_row(at, 0, row)
    return stream.getvalue()
