"""Counts of the home page: registered by rooms, shown to those who may see their rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from anlan.foundation.access.actor import Actor, Held
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import PERMISSIONS, Holds, declare
from anlan.foundation.screens import counts
from anlan.settings import Words

CLERK = Actor(1, "甲", (Held(Role.CLERK),))
AUDITOR = Actor(2, "乙", (Held(Role.AUDIT_ADMIN),))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counts and permissions of the rooms are out of the way."""
    monkeypatch.setattr(counts, "_COUNTS", {})
    monkeypatch.setitem(PERMISSIONS, "test.see", PERMISSIONS.get("test.see"))
    del PERMISSIONS["test.see"]
    declare("test.see", Words("看", "see"), Holds(Role.CLERK))
    yield
    PERMISSIONS.pop("test.see", None)


def register(code: str, number: int | None, **more: object) -> None:
    counts.register(code, f"标题{code}", lambda: f"/{code}/", "test.see", lambda actor: number, **more)  # type: ignore[arg-type]


def test_a_count_is_shown_with_the_address_of_its_rows() -> None:
    register("late", 3, group="任务", tone="red")
    ((group, (one,)),) = counts.shown(CLERK)
    assert (group, one.title, one.url, one.number, one.tone) == ("任务", "标题late", "/late/", 3, "red")


def test_nobody_sees_the_count_of_rows_he_may_not_see() -> None:
    register("late", 3)
    assert counts.shown(AUDITOR) == []


def test_a_count_that_may_not_be_seen_is_not_even_counted() -> None:
    def explode(actor: Actor) -> int:
        raise AssertionError("counted")

    counts.register("late", "标题", lambda: "/", "test.see", explode)
    assert counts.shown(AUDITOR) == []


def test_a_count_that_does_not_concern_the_actor_is_left_out_and_zero_is_not() -> None:
    register("a", None)
    register("b", 0)
    assert [one.number for _, group in counts.shown(CLERK) for one in group] == [0]


def test_counts_stand_in_their_order() -> None:
    register("b", 1, order=20)
    register("a", 2, order=30)
    register("c", 3, order=10)
    assert [one.code for one in counts.registered()] == ["c", "b", "a"]


def test_a_tone_that_has_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        register("a", 1, tone="purple")
