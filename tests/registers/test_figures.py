"""Figures over rows: exact, split, reconciled; rows that are owed and not there."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.registers import signs as small

from anlan.foundation.access.actor import machine
from anlan.foundation.facts.kinds import LATENESS, OBJECTS
from anlan.foundation.facts.providers import FACTS
from anlan.registers import actions, figures, geo, queries
from anlan.registers.book import get
from anlan.registers.missing import missing

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
TODAY = dt.date(2022, 4, 5)


def visit(there: small.District, period: str, litter: str, **more: object) -> None:
    given = {"sign": "CJ-01", "owner": "上渡镇", "period": period, "litter": litter, **more}
    actions.add(there.clerk, get("sign_visit"), given)


def test_a_rate_is_exact_and_has_no_value_over_nothing() -> None:
    there = small.district()
    installed = small.signs()
    assert figures.figures(installed, installed.rows)["good_rate"].shown is None
    for number, condition in enumerate(("完好", "完好", "破损", None)):
        small.sign(there.clerk, f"CJ-{number}", condition=condition, reach=str(number + Fraction(1, 10) * 0 + 1))
    found = figures.figures(installed, installed.rows)
    # 2 good of 3 judged: 66.666… %, half up to 66.67
    assert found["good_rate"].value == Fraction(200, 3)
    assert str(found["good_rate"].shown) == "66.67"
    assert (found["good_rate"].part, found["good_rate"].whole) == (Fraction(2), Fraction(3))
    # 1 + 2 + 3 + 4 km
    assert str(found["reach"].shown) == "10.0"
    assert str(found["signs"].shown) == "4"


def test_figures_are_split_by_unit_place_state_and_choice_and_add_up() -> None:
    there = small.district()
    installed = small.signs()
    small.sign(there.clerk, "CJ-1")
    small.sign(there.clerk, "CJ-2", owner="下渡镇", town="下渡镇", condition="破损")
    for by, groups in (
        ("unit", {there.town.pk, there.other.pk}),
        ("place", {"990101101", "990101102"}),
        ("state", {"draft"}),
        ("condition", {"good", "damaged"}),
    ):
        found = figures.split(installed, installed.rows, by)
        assert set(found) == groups
        assert sum(one["reach"].value or 0 for one in found.values()) == 25
    with pytest.raises(KeyError):
        figures.split(installed, installed.rows, "river")


def test_a_handler_reads_the_figures_of_his_unit_only() -> None:
    there = small.district()
    installed = small.signs()
    small.sign(there.clerk, "CJ-1")
    small.sign(there.clerk, "CJ-2", owner="下渡镇", town="下渡镇")
    assert queries.rows(there.clerk, installed).count() == 2
    assert [line.label for line in queries.rows(there.stranger, installed)] == ["CJ-2 昌江"]
    assert queries.registers(there.stranger) == [installed]


def test_growth_needs_the_period_before() -> None:
    there = small.district()
    installed = small.visits()
    small.sign(there.clerk)
    visit(there, "2022-01", "20")
    visit(there, "2022-02", "25")
    visit(there, "2022-04", "5")
    found = figures.split(installed, installed.rows, "period")
    assert found["2022-01"]["growth"].value is None
    # (25 - 20) / 20 = 25 %
    assert found["2022-02"]["growth"].value == 25
    # No row for March: no rate for April.
    assert found["2022-04"]["growth"].value is None


def test_an_identity_that_does_not_hold_is_told_with_its_figures() -> None:
    there = small.district()
    installed = small.visits()
    small.sign(there.clerk)
    small.sign(there.clerk, "CJ-02")
    visit(there, "2022-01", "1", stock=3)
    visit(there, "2022-02", "1", stock=4, received=1)
    assert figures.broken(installed, installed.rows) == []
    # The other sign is in February for the first time: its 5 came from nowhere.
    actions.add(
        there.clerk,
        installed,
        {"sign": "CJ-02", "owner": "上渡镇", "period": "2022-02", "litter": 1, "stock": 5},
    )
    found = figures.broken(installed, installed.rows)
    assert [(one.identity, one.period) for one in found] == [("存牌 = 上月 + 到牌", "2022-02")]
    assert dict(found[0].figures) == {"上期存牌": "3", "到牌": "1", "存牌": "9"}


def test_rows_that_are_owed_are_told_with_their_unit_and_day() -> None:
    there = small.district()
    installed = small.visits()
    small.sign(there.clerk, "CJ-01")
    small.sign(there.clerk, "CJ-02", owner="下渡镇", town="下渡镇")
    # A sign that is lost owes no visits.
    small.sign(there.clerk, "CJ-03", condition="缺失")
    visit(there, "2022-01", "1")
    found = missing(installed, today=TODAY)
    told = [(one.period, one.about, one.unit, one.due, one.late) for one in found]
    # Three periods are over on 5 April; ten days after its end each is due.
    assert told == [
        ("2022-03", "CJ-01 昌江", "上渡镇", dt.date(2022, 4, 10), False),
        ("2022-03", "CJ-02 昌江", "下渡镇", dt.date(2022, 4, 10), False),
        ("2022-02", "CJ-01 昌江", "上渡镇", dt.date(2022, 3, 10), True),
        ("2022-02", "CJ-02 昌江", "下渡镇", dt.date(2022, 3, 10), True),
        ("2022-01", "CJ-02 昌江", "下渡镇", dt.date(2022, 2, 10), True),
    ]
    assert len(missing(installed, there.handler, today=TODAY)) == 2
    assert len(missing(installed, today=TODAY, units=[there.other.pk], only_late=True)) == 2


def test_other_rooms_ask_for_late_rows_and_for_objects() -> None:
    there = small.district()
    small.visits()
    small.sign(there.clerk, "CJ-01")
    late = list(FACTS.ask(LATENESS.name, unit_ids=[there.town.pk], today=TODAY))
    assert [(one.title, one.due) for one in late if "公示牌" in one.title] == [
        ("公示牌月巡 CJ-01 昌江 2022-02", dt.date(2022, 3, 10)),
        ("公示牌月巡 CJ-01 昌江 2022-01", dt.date(2022, 2, 10)),
    ]
    found = list(FACTS.ask(OBJECTS.name, of="river_sign", place="990101", words="昌江"))
    assert [(one.title, one.lon, one.lat) for one in found] == [("CJ-01 昌江", 117.2034, 29.2921)]
    assert list(FACTS.ask(OBJECTS.name, of="river_sign", place="990102")) == []


def test_rows_as_of_a_day_are_those_of_their_versions_of_then() -> None:
    there = small.district()
    installed = small.signs()
    row = small.sign(there.clerk)
    from django.utils import timezone

    today = timezone.localdate()
    actions.correct(there.clerk, row, {"height": "3"}, reason="实测更正")
    assert [one.values["height"] for one in queries.as_of(there.clerk, installed, today)] == ["3.00"]
    assert list(queries.as_of(there.clerk, installed, today - dt.timedelta(days=1))) == []
    actions.delete(there.clerk, row, reason="登记错了")
    assert list(queries.as_of(there.clerk, installed, today)) == []
    assert list(queries.as_of(there.stranger, installed, today)) == []


def test_the_layer_of_the_map_holds_only_rows_with_a_place() -> None:
    import json

    there = small.district()
    installed = small.signs()
    small.sign(there.clerk, "CJ-1")
    small.sign(there.clerk, "CJ-2", position=None)
    layer = json.loads("".join(geo.collection(installed, installed.rows, "zh")))
    assert [one["properties"]["label"] for one in layer["features"]] == ["CJ-1 昌江"]
    assert layer["features"][0]["properties"]["by"] == "good"


def test_the_machine_reads_and_fills_everything() -> None:
    small.district()
    installed = small.signs()
    actions.add(machine("test"), installed, small.values())
    assert queries.rows(machine("test"), installed).count() == 1


def test_units_are_told_once_of_what_is_due_and_late_and_no_longer_once_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from anlan.foundation.notices.models import Notice
    from anlan.registers import todos

    monkeypatch.setattr("anlan.registers.todos.timezone.localdate", lambda: TODAY)
    there = small.district()
    installed = small.visits()
    small.sign(there.clerk)
    assert todos.tell(installed, TODAY) == 3
    todos.tell(installed, TODAY)
    told = Notice.objects.order_by("key")
    # January was due on 10 February, 54 days ago; of March it is not late yet.
    assert [(one.code, one.key) for one in told] == [
        ("registers.late", f"sign_visit-2022-01-{there.town.pk}"),
        ("registers.late", f"sign_visit-2022-02-{there.town.pk}"),
        ("registers.due", f"sign_visit-2022-03-{there.town.pk}"),
    ]
    assert {one.account_id for one in told} == {there.handler.account_id}
    visit(there, "2022-02", "1")
    assert {one.key[11:18] for one in told.filter(closed_at__isnull=True)} == {"2022-01", "2022-03"}
