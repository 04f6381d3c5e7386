"""Each page asks the stores a fixed number of questions, which stands in budgets.toml, however long its lists are."""

from __future__ import annotations

import tomllib

import pytest
from tests import people
from tests.house import world as small_world
from tests.house.files import ROOT
from tests.house.world import World

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

BUDGETS = tomllib.loads((ROOT / "tests" / "house" / "budgets.toml").read_text(encoding="utf-8"))
MATRIX = tomllib.loads((ROOT / "tests" / "house" / "matrix.toml").read_text(encoding="utf-8"))
# One query more a row shows with any number of rows; each row takes its time to make.
FEW, MANY = 10, 25


def _asked(world: World, who: str, name: str) -> int:
    page = next(page for page in small_world.pages() if page.name == name)
    address = world.address(page)
    # Once before, so that what is kept for the next request is there, as it is on a running server.
    people.finish(world.get(who, address)[0])
    answer, queries = world.get(who, address)
    people.finish(answer)
    assert answer.status_code == 200, f"{name} by {who}: {answer.status_code}"
    return queries


def test_every_page_that_somebody_opens_has_a_budget() -> None:
    opened = {name for name, page in MATRIX.items() if name != "who" and "200" in page["GET"].split()}
    assert set(BUDGETS) == opened


def test_pages_keep_within_their_budgets_and_lists_cost_the_same_however_long() -> None:
    world = small_world.build()
    cases = [(name, who) for name, budget in BUDGETS.items() for who in budget]
    world.grow(FEW)
    few = {case: _asked(world, case[1], case[0]) for case in cases}
    world.grow(MANY)
    many = {case: _asked(world, case[1], case[0]) for case in cases}
    grown = [
        f"{name} by {who}: {few[name, who]} queries with {FEW} rows, {many[name, who]} with {MANY}"
        for name, who in cases
        if many[name, who] > few[name, who]
    ]
    over = [
        f"{name} by {who}: {many[name, who]} queries, the budget is {BUDGETS[name][who]}"
        for name, who in cases
        if many[name, who] > BUDGETS[name][who]
    ]
    assert not grown, "\n".join(grown)
    assert not over, "\n".join(over)


def test_a_budget_is_no_more_than_the_page_needs() -> None:
    world = small_world.build()
    world.grow(FEW)
    # A budget with room to spare would let a page grow unseen; a little is left to what differs between the stores.
    spare = [
        f"{name} by {who}: {asked} queries of {limit}"
        for name, budget in BUDGETS.items()
        for who, limit in budget.items()
        if (asked := _asked(world, who, name)) < limit - 3
    ]
    assert not spare, "\n".join(spare)
