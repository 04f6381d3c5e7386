"""Every page of the product, asked for by everybody: who comes in stands in matrix.toml, and nothing ever breaks."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from tests import people
from tests.house import world as small_world
from tests.house.files import ROOT
from tests.house.world import EVERYBODY, STRANGER, Page, World

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

MATRIX = ROOT / "tests" / "house" / "matrix.toml"
# A stranger needs these to become somebody, or to read how.
# And the public sees closures under notice.
OPEN_TO_STRANGERS = frozenset({"login", "language", "setup", "closures", "closure"})
REFUSALS = frozenset({"302", "401", "403", "404", "405"})
# One that no row has, and one beyond what a database counts to.
DEAD = (999_999_999, 2**63)

STRANGE = (
    "page=0",
    "page=9999",
    "page=x",
    "sort=nothing",
    "q=%00",
    "q=" + "%E9%95%BF" * 500,
    "unit=1e9",
    "plan=-1",
    f"plan={10**30}&unit={2**63}",
    "state=%F0%9F&kind=%ED%A0%80",
)


@pytest.fixture
def world() -> World:
    return small_world.build()


class _Undo(Exception):  # noqa: N818
    """Takes back what a request changed."""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards, in either store: each request meets the same world."""
    try:
        with transaction.atomic(), transaction.atomic("scratch"):
            yield
            raise _Undo
    except _Undo:
        pass


def _status(world: World, who: str, method: str, address: str) -> int:
    with undone():
        client = world.client(who)
        answer = client.get(address) if method == "GET" else client.post(address)
        # A file that is sent stays open until the browser has it.
        people.finish(answer)
        return answer.status_code


def test_everybody_is_let_in_where_the_matrix_says_and_nowhere_else(world: World) -> None:
    said = tomllib.loads(MATRIX.read_text(encoding="utf-8"))
    assert tuple(said.pop("who").split()) == EVERYBODY
    wrong, broken, names = [], [], set()
    for page in small_world.pages():
        names.add(page.name)
        try:
            address = world.address(page)
        except (KeyError, NoReverseMatch) as reason:
            broken.append(f"{page.name}: {reason}")
            continue
        for method in ("GET", "POST"):
            found = [_status(world, who, method, address) for who in EVERYBODY]
            line = " ".join(map(str, found))
            if said.get(page.name, {}).get(method) != line:
                wrong.append(f'["{page.name}"] {method} = "{line}"  # it says {said.get(page.name, {}).get(method)}')
            broken += [
                f"{page.name}: {method} by {who} breaks"
                for who, status in zip(EVERYBODY, found, strict=True)
                if status >= 500
            ]
    wrong += [f"{name} stands in the matrix and is no page" for name in said if name not in names]
    assert not broken, "\n".join(broken)
    assert not wrong, "found in the product, in the order " + " ".join(EVERYBODY) + ":\n" + "\n".join(wrong)


def test_a_stranger_opens_nothing_but_the_way_in() -> None:
    said = tomllib.loads(MATRIX.read_text(encoding="utf-8"))
    del said["who"]
    # 302 leads to the page to sign in; 405 is what a page for strangers says to the wrong method.
    let_in = {name for name, page in said.items() if not {line.split()[0] for line in page.values()} <= REFUSALS}
    assert let_in <= OPEN_TO_STRANGERS


def test_a_number_that_no_row_has_is_not_found(world: World) -> None:
    wrong = []
    for page, number in itertools.product(small_world.pages(), DEAD):
        if not page.parameters:
            continue
        given = {name: world.value(page, name) for name in page.parameters}
        numbers = {name: number for name, value in given.items() if isinstance(value, int)}
        if not numbers:
            continue
        address = reverse(page.name, kwargs=given | numbers)
        for who in (STRANGER, "system_admin", "audit_admin", "clerk", "handler"):
            for method in ("GET", "POST"):
                status = _status(world, who, method, address)
                turned = who == STRANGER and page.name not in OPEN_TO_STRANGERS
                if status not in ((302, 401, 403, 405) if turned else (403, 404, 405)):
                    wrong.append(f"{method} {address} by {who}: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_strange_question_gets_a_page(world: World) -> None:
    wrong = []
    for page, query in itertools.product(small_world.pages(), STRANGE):
        if page.parameters or page.name.startswith("api:"):
            continue
        for who in ("clerk", "audit_admin"):
            status = _status(world, who, "GET", f"{world.address(page)}?{query}")
            if status >= 500:
                wrong.append(f"{page.name}?{query} by {who}: {status}")
    assert not wrong, "\n".join(wrong)


def test_every_page_is_on_the_list_of_the_world(world: World) -> None:
    assert {page.name for page in small_world.pages()} >= {"home", "plans", "plan", "tasks", "task"}
    assert Page("plan", ("key",)) in set(small_world.pages())
