"""Rooms ask for facts by their kind; what nobody declared is an error, what nobody offers is no fact."""

from __future__ import annotations

import pytest

from anlan.foundation.facts.providers import Facts, Kind, UnknownFactError

READINGS = Kind("readings", float, frozenset({"near"}))


@pytest.fixture
def facts() -> Facts:
    made = Facts()
    made.declare(READINGS)
    return made


def test_facts_come_from_every_room_that_offers_them_in_the_order_of_their_names(facts: Facts) -> None:
    facts.offer("readings", "monitor", lambda near=0: [1.5 + near])
    facts.offer("readings", "ecology", lambda near=0: [2.5])
    assert list(facts.ask("readings", near=1)) == [2.5, 2.5]
    assert facts.rooms("readings") == ["ecology", "monitor"]


def test_a_kind_that_nobody_offers_has_no_facts(facts: Facts) -> None:
    assert list(facts.ask("readings")) == []


def test_a_kind_or_a_name_that_nobody_declared_is_refused_with_what_there_is(facts: Facts) -> None:
    with pytest.raises(UnknownFactError, match="declared are readings"):
        list(facts.ask("reading"))
    with pytest.raises(UnknownFactError, match="it knows near"):
        list(facts.ask("readings", nearby=1))
    with pytest.raises(UnknownFactError):
        facts.offer("reading", "monitor", list)


def test_a_kind_is_declared_once(facts: Facts) -> None:
    facts.declare(READINGS)
    with pytest.raises(ValueError, match="twice"):
        facts.declare(Kind("readings", int, frozenset()))


def test_a_room_that_offers_something_else_is_found_out(facts: Facts) -> None:
    facts.offer("readings", "monitor", lambda: ["1.5"])
    with pytest.raises(TypeError, match="monitor offers str"):
        list(facts.ask("readings"))
