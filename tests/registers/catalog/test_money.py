"""What the catalogue refuses where money and land are concerned, on rows as offices would enter them."""

from __future__ import annotations

from typing import Any

import pytest
from tests import people

from anlan import packs
from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Division, UnitKind
from anlan.registers import actions
from anlan.registers.book import get
from anlan.registers.installing import bring
from anlan.registers.models import Row
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def clerk() -> Any:
    Division.objects.create(code="360202", name="昌江区", kind="district")
    Division.objects.create(code="360202102", name="丽阳镇", kind="town")
    people.unit("区住建局", UnitKind.DEPARTMENT)
    assert bring(machine("test"), packs.find("changjiang")).problems == ()
    return people.actor(Role.CLERK)


def project(clerk: Any, **more: Any) -> Row:
    values = {
        "number": "XM-1", "name": "样例污水项目", "category": "sewage", "owner": "区住建局", "town": "丽阳镇",
        "total": "1000", "special_bond": "600", "district": "400", **more,
    }  # fmt: skip
    return actions.add(clerk, get("project"), values)


def loan(clerk: Any, number: str, **more: Any) -> Row:
    values = {
        "number": number, "kind": "forest_right", "borrower": "张*", "bank": "样例银行", "reporter": "区住建局",
        "town": "丽阳镇", "line": "45", "rate": "4.8", "starts": "2022-01-10", "ends": "2027-01-09",
        "certificate": "林证1", "appraised": "90", **more,
    }  # fmt: skip
    return actions.add(clerk, get("green_loan"), values)


def told(error: pytest.ExceptionInfo[InputError]) -> str:
    return " ".join(one.zh for one in error.value.problems)


def test_sources_that_do_not_add_up_to_the_total_are_refused(clerk: Any) -> None:
    # 600 + 399.98 = 999.98, 0.02 short of 1000; 0.01 is allowed.
    with pytest.raises(InputError) as error:
        project(clerk, district="399.98")
    assert "999.98" in told(error)
    assert project(clerk, district="399.99").pk


def test_a_project_code_with_a_wrong_check_digit_is_refused_and_stands_in_one_row_only(clerk: Any) -> None:
    with pytest.raises(InputError) as error:
        project(clerk, code="2309-510822-04-01-953574")
    assert "2309-510822-04-01-953574" in told(error)
    project(clerk, code="2309-510822-04-01-953573")
    with pytest.raises(InputError):
        project(clerk, number="XM-2", code="2309-510822-04-01-953573")


def test_a_stage_is_not_skipped_and_needs_its_evidence(clerk: Any) -> None:
    row = project(clerk)
    with pytest.raises(InputError):
        actions.move(clerk, row, "to_prepare")
    actions.move(clerk, row, "to_reserve")
    row.refresh_from_db()
    # Preparation needs the code of the project.
    with pytest.raises(InputError):
        actions.move(clerk, row, "to_prepare")
    row.refresh_from_db()
    assert row.state == "reserve"


def test_more_paid_than_received_is_refused(clerk: Any) -> None:
    project(clerk)
    month = {
        "project": "XM-1", "period": "2022-05", "owner": "区住建局", "done_year": "100", "done_total": "100",
        "in_place": "80", "paid": "81", "image": "10", "image_text": "基础", "trouble": "none",
    }  # fmt: skip
    with pytest.raises(InputError) as error:
        actions.add(clerk, get("project_month"), month)
    assert "81" in told(error)
    assert "80" in told(error)
    assert actions.add(clerk, get("project_month"), month | {"paid": "80"}).pk


def test_a_certificate_secures_one_loan_that_is_not_settled(clerk: Any) -> None:
    first, second = loan(clerk, "DK-1"), loan(clerk, "DK-2")
    actions.move(clerk, first, "grant")
    with pytest.raises(InputError) as error:
        actions.move(clerk, second, "grant")
    assert "林证1" in told(error)


def test_what_is_taken_in_by_the_two_mountains_bank_is_not_pledged(clerk: Any) -> None:
    resource = {
        "number": "ZY-1", "name": "样例林", "kind": "forest", "owner": "区住建局", "town": "丽阳镇",
        "certificate": "林证1", "title": "collective", "area": "100", "appraised": "90", "taken_on": "2022-01-01",
        "price_in": "80", "rights_until": "2052-01-01",
    }  # fmt: skip
    row = actions.add(clerk, get("eco_resource"), resource)
    for step in ("appraise", "store"):
        actions.move(clerk, row, step)
        row.refresh_from_db()
    with pytest.raises(InputError) as error:
        actions.move(clerk, loan(clerk, "DK-1"), "grant")
    assert "样例林" in told(error)


def test_research_spending_and_product_of_different_years_are_refused(clerk: Any) -> None:
    people.unit("区统计局", UnitKind.DEPARTMENT)
    figures = {
        "period": "2021", "edition": "verified", "reporter": "区统计局", "rd": "36900", "rd_year": "2021",
        "gdp": "1802000", "gdp_year": "2022", "source": "年报",
    }  # fmt: skip
    with pytest.raises(InputError) as error:
        actions.add(clerk, get("rd_year"), figures)
    assert "2022" in told(error)
    assert actions.add(clerk, get("rd_year"), figures | {"gdp_year": "2021"}).pk
