"""Counts for the home page: each room registers what waits for whom, and home shows it without knowing the room.

    register("plan.to_settle", _("文稿"), _("待确认的文稿"), url=lambda: reverse("plans") + "?state=draft",
             permission="plan.issue", count=lambda actor: …)

A count opens the rows it counts; `url` therefore leads to the same rows, filtered the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may

Text = str | Promise
TONES = ("", "green", "yellow", "red", "done")


@dataclass(frozen=True, slots=True)
class Count:
    """Registered count: `code` once in the product, `group` the heading it stands under."""

    code: str
    title: Text
    url: Callable[[], str]
    permission: str
    count: Callable[[Actor], int | None]
    group: Text
    icon: str
    tone: str
    order: int


@dataclass(frozen=True, slots=True)
class ShownCount:
    """Count as one account sees it."""

    title: str
    url: str
    number: int
    icon: str
    tone: str


_COUNTS: dict[str, Count] = {}


def register(
    code: str,
    title: Text,
    url: Callable[[], str],
    permission: str,
    count: Callable[[Actor], int | None],
    *,
    group: Text = "",
    icon: str = "list-check",
    tone: str = "",
    order: int = 100,
) -> None:
    """Registers a count; call it in the room's AppConfig.ready.

    `permission` is the code that lets one see it ("" for everyone); `count` gives None where it does not concern
    the actor. `tone` colours a light (green, yellow, red, done). Lower `order` stands first.
    """
    if tone not in TONES:
        raise ValueError(f"count {code}: no tone {tone!r}")
    _COUNTS[code] = Count(code, title, url, permission, count, group, icon, tone, order)


def registered() -> list[Count]:
    """All counts in the order in which home shows them."""
    return sorted(_COUNTS.values(), key=lambda one: (one.order, one.code))


def shown(actor: Actor) -> list[tuple[str, list[ShownCount]]]:
    """Counts that this actor may see, by group."""
    found: dict[str, list[ShownCount]] = {}
    for one in registered():
        if one.permission and not may(actor, one.permission):
            continue
        number = one.count(actor)
        if number is not None:
            entry = ShownCount(str(one.title), one.url(), number, one.icon, one.tone)
            found.setdefault(str(one.group), []).append(entry)
    return list(found.items())
