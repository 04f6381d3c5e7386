"""Splits of targets and what is owed, when the document gets a new version or a unit is taken out of a task."""

from __future__ import annotations

import pytest
from tests.plan import small as texts
from tests.plan.progress import district as small
from tests.plan.progress.district import District

from anlan.plan import corrections, versions
from anlan.plan.corrections import Wanted
from anlan.plan.models import Document, DutyRole, Target
from anlan.plan.progress import queries, sharing
from anlan.plan.progress.models import Split
from anlan.plan.progress.sharing import ShareLine

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def district() -> District:
    return small.build()


def split(district: District, target: Target, *amounts: str, reason: str = "") -> Split:
    clerk = district.actor("clerk")
    names = ("上渡镇", "下渡镇")
    lines = [ShareLine(district.units[name], None, text) for name, text in zip(names, amounts, strict=True)]
    made = sharing.share(clerk, target, lines, 0)
    sharing.confirm(clerk, made, reason)
    return made


def adopt(district: District, text: str) -> None:
    clerk = district.actor("clerk")
    versions.propose(clerk, district.plan, text.encode(), "二稿.txt")
    proposed = Document.objects.get(plan=district.plan, number=2)
    versions.confirm(clerk, proposed, proposed.matches.filter(doubtful=True))
    proposed.refresh_from_db()
    versions.adopt(clerk, proposed, reason="征求意见后")


def of_new_version(district: District) -> Split:
    return Split.objects.get(target__measure__document__plan=district.plan, target__measure__document__number=2)


def test_a_split_goes_on_with_a_target_that_says_the_same(district: District) -> None:
    # 60 + 60 = 120
    split(district, district.target("1"), "60", "60")
    adopt(district, texts.TEXT.replace("加强宣传引导", "加强宣传教育引导"))
    found = of_new_version(district)
    assert [share.text for share in found.shares.all()] == ["60", "60"]
    assert found.confirmed_at is not None


def test_a_target_that_grew_keeps_its_shares_and_must_be_confirmed_anew(district: District) -> None:
    made = split(district, district.target("1"), "60", "60")
    adopt(district, texts.TEXT.replace("120个", "150个"))
    found = of_new_version(district)
    assert found.pk == made.pk
    assert (found.target.low, found.shares.count()) == (150, 2)
    assert found.confirmed_at is None
    # Whoever had it open before is told so.
    assert found.lock == made.lock + 1


def test_a_split_uneven_for_a_reason_stays_confirmed_while_the_target_says_the_same(district: District) -> None:
    split(district, district.target("1"), "60", "50", reason="另有十个待认领")
    adopt(district, texts.TEXT.replace("加强宣传引导", "加强宣传教育引导"))
    assert of_new_version(district).confirmed_at is not None


def test_a_split_uneven_for_a_reason_opens_when_the_target_changes(district: District) -> None:
    split(district, district.target("1"), "60", "50", reason="另有十个待认领")
    adopt(district, texts.TEXT.replace("120个", "150个"))
    assert of_new_version(district).confirmed_at is None


def test_what_a_unit_owed_to_a_task_it_is_taken_out_of_is_not_asked_for_any_more(district: District) -> None:
    clerk = district.actor("clerk")
    round_ = small.called(district)
    owed = district.owed("1", round_=round_)
    assert queries.owed(clerk).filter(pk=owed.pk).exists()
    duty = next(one for one in owed.task.measure.duties.all() if one.unit_id == owed.unit_id)
    wanted = Wanted(rows=((f"d{duty.pk}", corrections.NewDuty(DutyRole.LEAD, district.units["区住建局"])),))
    corrections.correct(clerk, owed.task.measure, wanted, lock=owed.task.measure.lock, reason="调整分工")
    owed.refresh_from_db()
    # The task stands, its part does not.
    assert not owed.task.void
    assert owed.part.task.void
    assert not queries.owed(clerk).filter(pk=owed.pk).exists()
    assert not queries.owed(district.actor("handler")).filter(pk=owed.pk).exists()
