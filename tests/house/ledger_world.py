"""Problems for the pages of the house: one being rectified, one on public notice, a merger, a pair, a file looked at."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.utils import timezone
from tests.ledger.people import workbook

from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Unit
from anlan.ledger import actions, intake, joining
from anlan.ledger.actions import Facts
from anlan.ledger.models import Candidate, Extension, Objection, Problem


def build(clerk: Actor, home: Unit, other: Unit) -> dict[str, Any]:
    """Objects by the first word of the page."""
    today = timezone.localdate()
    facts = Facts(
        "桥头排口有污水",
        "桥头村排口旱天有污水流出",
        deadline=dt.date(2024, 12, 31),
        lead=home,
        responsible=(home,),
        supervisor=other,
    )
    problem = actions.register(clerk, facts)
    Problem.objects.filter(pk=problem.pk).update(state="planned", goal="无污水", measures="截污")
    Extension.objects.create(problem=problem, old=dt.date(2024, 12, 31), new=dt.date(2025, 6, 30), reason="雨季")
    closure = actions.register(clerk, facts)
    Problem.objects.filter(pk=closure.pk).update(state="public_notice", notice_from=today, notice_until=today)
    Objection.objects.create(problem=closure, text="雨天仍有污水")
    twin, third = actions.register(clerk, facts), actions.register(clerk, facts)
    merger = joining.join(clerk, closure, twin, reason="同一排口")
    Candidate.objects.create(a=problem, b=third, probability=600_000)
    row = ("1", "古田村养殖场粪污外排", "上渡镇古田村", home.short_name, "2024年12月底前")
    file = intake.receive(clerk, io.BytesIO(workbook(row)), "省督察.xlsx")
    intake.look(file)
    return {
        "problem": problem,
        "problem-step:code": "report",
        "closure": closure,
        "joining": merger,
        "intake": file,
    }


def one_more(clerk: Actor, objects: dict[str, Any], number: int) -> None:
    """Makes the lists of the ledger longer."""
    first: Problem = objects["problem"]
    more = actions.register(clerk, Facts(f"扩充问题{number}", "有污水", lead=first.lead, responsible=(first.lead,)))  # type: ignore[arg-type]
    Candidate.objects.create(a=first, b=more, probability=500_000)
    today = timezone.localdate()
    noticed = actions.register(clerk, Facts(f"扩充公示{number}", "有污水", lead=first.lead))
    Problem.objects.filter(pk=noticed.pk).update(state="public_notice", notice_from=today, notice_until=today)
    row = ("1", f"扩充{number}村污水直排", "上渡镇", "", "")
    intake.look(intake.receive(clerk, io.BytesIO(workbook(row)), f"扩充{number}.xlsx"))
