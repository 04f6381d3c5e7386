"""Sample ledgers of a pack, taken in and some of their problems led on, all marked as samples."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.ledger import actions, intake
from anlan.ledger.actions import PlannedStep, Seen
from anlan.ledger.models import Problem

_NOTE = "（示例）整改完成情况说明：措施已落实，现场照片见附件。\n".encode()
# How far the first problems are led, so that every state shows something.
_STAGES = ("planned", "planned", "self_done", "accepted", "submitted")


def bring(actor: Actor, folder: Path) -> int:
    """Takes in the sample ledgers of a pack; how many problems came of them. A pack without ledgers gives none."""
    listed = folder / "ledgers" / "ledgers.toml"
    if not listed.is_file():
        return 0
    for one in tomllib.loads(listed.read_text(encoding="utf-8")).get("ledger", ()):
        data = (listed.parent / one["file"]).read_bytes()
        made = intake.receive(actor, io.BytesIO(data), one["file"], origin=one.get("origin", ""), sample=True)
        intake.look(made)
        intake.take(actor, made)
    rows = Problem.objects.filter(
        sample=True, joined_into=None, lead__isnull=False, supervisor__isnull=False, deadline__isnull=False
    )
    for stage, problem in zip(_STAGES, rows.order_by("pk"), strict=False):
        _lead(actor, problem, stage)
    return Problem.objects.filter(sample=True).count()


def _lead(actor: Actor, problem: Problem, stage: str) -> None:
    assert problem.lead is not None
    actions.plan(
        actor,
        problem,
        goal=problem.goal or "（示例）消除问题，经核查不再出现",
        measures=problem.measures or "（示例）排查原因，逐项治理",
        steps=[
            PlannedStep("（示例）现场排查，制定清单"),
            PlannedStep("（示例）逐项治理", problem.deadline, 12_000_000),
        ],
        lock=problem.lock,
    )
    actions.take_step(actor, problem, "submit")
    if stage == "submitted":
        return
    actions.take_step(actor, problem, "approve")
    actions.report(actor, problem, unit=problem.lead, text="（示例）已完成现场排查，正在治理。", percent=40)
    if stage == "planned":
        return
    actions.attach(actor, problem, io.BytesIO(_NOTE), "（示例）完成情况说明.txt", kind="other")
    actions.take_step(actor, problem, "finish")
    if stage == "self_done":
        return
    assert problem.supervisor is not None
    seen = Seen(
        problem.supervisor,
        "（示例）核查人员甲、（示例）核查人员乙",
        timezone.localdate(),
        "（示例）现场已治理到位",
        "（示例）无污水流出",
    )
    actions.check(actor, problem, seen, passed=True)
    actions.verify(actor, problem, seen, passed=True)
