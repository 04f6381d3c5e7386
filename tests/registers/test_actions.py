"""Rows are added, corrected, moved, deleted and restored; each is a revision, and the projection follows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests import people
from tests.registers import signs as small
from tests.registers.spec.specs import changed

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.registers import actions, projection
from anlan.registers.book import get
from anlan.registers.models import Revision, Row
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def projected(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = get(row.register.code).rows.values().get(row_id=row.pk)
    return found


def test_a_row_is_kept_exactly_and_stands_typed_in_its_projection() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk)
    values = Revision.objects.get(row=row).values
    assert values["height"] == "2.50"
    assert values["town"] == "990101101"
    assert values["position"] == ["117.2034", "29.2921"]
    # 12.5 km / 2.5 m = 5 km/m
    assert values["per_metre"] == "5.000"
    line = projected(row)
    assert (line["f_height"], line["f_reach"], line["f_per_metre"]) == (250, 125, 5000)
    assert line["f_checked_on"] == dt.date(2022, 5, 6)
    assert (line["f_position_lon"], line["f_position_lat"]) == (1_172_034_000, 292_921_000)
    assert (line["unit_id"], line["place"], line["state"]) == (there.town.pk, "990101101", "draft")
    assert row.label == "CJ-01 昌江"


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    there = small.district()
    small.signs()
    given = small.values(height="250 cm", checked_on="1899-12-31", town="小渡镇", condition="还行", river="", depth="1")
    with pytest.raises(InputError) as caught:
        actions.add(there.clerk, get("river_sign"), given)
    told = "\n".join(problem.zh for problem in caught.value.problems)
    for part in ("“高度”写的是“250 cm”，单位是“cm”", "“最近检查”写的是“1899-12-31”", "“所在乡镇”写的是“小渡镇”",
                 "“状况”写的是“还行”", "“河流”没有填", "没有字段“depth”可填"):  # fmt: skip
        assert part in told, told
    assert not Row.objects.exists()


def test_a_check_of_the_row_refuses_it_or_stays_with_it() -> None:
    there = small.district()
    small.signs()
    with pytest.raises(InputError, match="too long"):
        # 300 km > 2.5 m * 100
        small.sign(there.clerk, reach="300")
    row = small.sign(there.clerk, condition="缺失", checked_on=None)
    assert projected(row)["flags"] == 1


def test_the_same_key_comes_once_and_a_deleted_one_is_to_be_restored() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk, "CJ-01")
    with pytest.raises(InputError, match="already"):
        small.sign(there.clerk, "ｃｊ－01")
    actions.delete(there.clerk, row, reason="登记错了")
    assert not get("river_sign").rows.exists()
    with pytest.raises(InputError, match="restore"):
        small.sign(there.clerk, "CJ-01")
    actions.restore(there.clerk, row, reason="原来没有错")
    assert projected(row)["label"] == "CJ-01 昌江"
    assert [one.did for one in row.revisions.all()] == ["add", "delete", "restore"]


def test_a_correction_is_a_revision_with_a_reason_and_nothing_is_overwritten() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk)
    with pytest.raises(InputError, match="reason"):
        actions.correct(there.clerk, row, {"height": "3"}, reason="")
    assert actions.correct(there.clerk, row, {"height": "3"}, reason="实测更正")
    assert [one.values["height"] for one in row.revisions.all()] == ["2.50", "3.00"]
    assert projected(row)["f_height"] == 300
    # 12.5 / 3 = 4.1666…
    assert row.revisions.latest("number").values["per_metre"] == "4.167"
    assert not actions.correct(there.clerk, row, {"height": "3.0"}, reason="没有变化")
    assert row.revision == 2


def test_who_corrects_what_somebody_has_just_changed_is_told() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk)
    actions.correct(there.clerk, row, {"height": "3"}, reason="实测更正", revision=1)
    with pytest.raises(InputError, match="just changed"):
        actions.correct(there.clerk, row, {"height": "4"}, reason="实测更正", revision=1)


def test_a_handler_fills_the_rows_of_his_unit_only() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.handler)
    with pytest.raises(Refused):
        small.sign(there.stranger, "CJ-02")
    with pytest.raises(Refused):
        actions.correct(there.stranger, row, {"height": "3"}, reason="不是我的")
    with pytest.raises(Refused):
        small.sign(there.leader, "CJ-03")
    with pytest.raises(InputError, match="not one you may fill in"):
        actions.correct(there.handler, row, {"owner": "下渡镇"}, reason="想转给别人")
    with pytest.raises(Refused):
        actions.delete(there.stranger, row, reason="不是我的")
    assert Entry.objects.filter(outcome=Outcome.REFUSED, action__startswith="registers.").count() == 4


def test_a_row_moves_along_its_states_with_what_each_step_needs() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.handler, checked_on=None)
    with pytest.raises(Refused):
        actions.move(there.handler, row, "confirm")
    with pytest.raises(InputError, match="Last checked"):
        actions.move(there.clerk, row, "confirm")
    actions.correct(there.handler, row, {"checked_on": "2022-06-01"}, reason="补检查日期")
    actions.move(there.clerk, row, "confirm")
    assert (row.state, projected(row)["state"]) == ("confirmed", "confirmed")
    with pytest.raises(InputError, match="reason"):
        actions.move(there.clerk, row, "reopen")
    with pytest.raises(InputError, match="confirmed now"):
        actions.move(there.clerk, row, "confirm")


def test_a_row_that_others_refer_to_is_not_deleted_and_its_name_follows() -> None:
    there = small.district()
    small.visits()
    row = small.sign(there.clerk)
    visit = actions.add(
        there.handler, get("sign_visit"),
        {"sign": "CJ-01", "owner": "上渡镇", "period": "2022年1月", "litter": "25", "stock": 3},
    )  # fmt: skip
    # 25 kg / 12.5 km = 2 kg/km
    assert projected(visit)["f_per_km"] == 200
    with pytest.raises(InputError, match="refer to"):
        actions.delete(there.clerk, row, reason="想删")
    actions.correct(there.clerk, row, {"river": "南河", "reach": "5"}, reason="河名更正")
    visit.refresh_from_db()
    assert visit.label == "CJ-01 南河 2022-01"
    # 25 kg / 5 km = 5 kg/km, worked out again although nobody touched the visit
    assert (projected(visit)["f_per_km"], projected(visit)["f_sign_label"]) == (500, "CJ-01 南河")


def test_a_row_is_checked_against_the_period_before() -> None:
    there = small.district()
    small.visits()
    small.sign(there.clerk)
    given = {"sign": "CJ-01", "owner": "上渡镇", "period": "2022-01", "litter": 1, "stock": 3}
    actions.add(there.clerk, get("sign_visit"), given)
    with pytest.raises(InputError, match="stock 5 is not 3 plus 1"):
        actions.add(there.clerk, get("sign_visit"), {**given, "period": "2022-02", "stock": 5, "received": 1})
    actions.add(there.clerk, get("sign_visit"), {**given, "period": "2022-02", "stock": 4, "received": 1})


def test_revisions_cannot_be_changed_in_the_store() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk)
    for statement in (
        lambda: Revision.objects.filter(row=row).update(reason="x"),
        lambda: Revision.objects.filter(row=row).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            statement()


def test_a_projection_is_built_anew_from_the_revisions() -> None:
    there = small.district()
    small.visits()
    rows = [small.sign(there.clerk, f"CJ-{number:02}") for number in range(5)]
    actions.delete(there.clerk, rows[4], reason="登记错了")
    installed = get("river_sign")
    before = list(installed.rows.values().order_by("row_id"))
    installed.rows.all().delete()
    assert projection.rebuild(installed) == 4
    after = list(installed.rows.values().order_by("row_id"))
    assert [{**one, "changed_at": None} for one in after] == [{**one, "changed_at": None} for one in before]


def test_a_new_version_keeps_old_rows_and_tells_what_fits_no_more() -> None:
    there = small.district()
    small.signs()
    row = small.sign(there.clerk, condition="破损")
    text = changed(
        ("version = 1", "version = 2"),
        ('  {id = "damaged", zh = "破损", en = "damaged", also = ["损坏"]},\n', ""),
        ('damaged = "#b08900", ', ""),
        ("max = 6", "max = 2"),
    )
    installed = small.put(text)
    report = installed.register.versions.get(number=2).report
    told = "\n".join(one["problem"]["zh"] for one in report)
    assert "“状况”的“damaged”不再适用" in told
    assert "“高度”写的是“2.50”，超出范围" in told
    page = people.client(people.account(Role.CLERK)).get("/registers/river_sign/help/").content.decode()
    assert "“状况”的“damaged”不再适用" in page
    assert row.revisions.get().values["condition"] == "damaged"
    assert projected(row)["f_condition"] is None


def test_a_changed_spec_must_raise_its_version() -> None:
    small.district()
    small.signs()
    with pytest.raises(InputError, match="make it 2"):
        small.put(changed(("max = 6", "max = 5")))
