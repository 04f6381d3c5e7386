"""The one way to change anything: permission, change and journal entry in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, permission
from anlan.foundation.journal.models import Outcome
from anlan.foundation.journal.writing import write
from anlan.settings import Words


class Refused(PermissionDenied):
    """Action that the actor may not do. `words` say which, on what."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.zh)
        self.words = words


@dataclass(slots=True)
class Act:
    """Action under way: what the journal will say of it. Set `obj` when the action makes it."""

    obj: models.Model | None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def demand(actor: Actor, code: str, obj: models.Model | None = None) -> None:
    """Raises Refused, journalled, unless `actor` may do `code` with `obj`."""
    if may(actor, code, obj):
        return
    words = permission(code).words
    write(actor, code, Outcome.REFUSED, obj)
    name = f"“{obj}”" if obj is not None else ""
    raise Refused(
        Words(
            f"没有“{words.zh}”的权限{'：' + name if name else ''}。需要时请向安全管理员申请",
            f"you may not {words.en}{': ' + name if name else ''}. Ask the security administrator if you need to",
        )
    )


@contextmanager
def acting(actor: Actor, code: str, obj: models.Model | None = None, *, reason: str = "") -> Iterator[Act]:
    """Transaction of one action: refused unless allowed, journalled with it when it ends well.

    with acting(actor, "plan.issue", plan) as act: …; act.after = {"tasks": 30}

    Call it outside of any other transaction, so that the entry of a refusal stays.
    """
    demand(actor, code, obj)
    with transaction.atomic():
        act = Act(obj)
        yield act
        details = {key: value for key, value in (("before", act.before), ("after", act.after)) if value}
        write(actor, code, Outcome.DONE, act.obj, reason=reason, details=details)
