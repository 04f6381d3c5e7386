"""Reads of the journal."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import models

from anlan.foundation.access.rules import PERMISSIONS
from anlan.foundation.journal.models import Entry, Outcome
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Told:
    """Entry in words: what was done (`words`), and what stood before and after as pairs of name and text."""

    entry: Entry
    words: Words
    changes: tuple[tuple[str, str, str], ...]

    @property
    def is_refused(self) -> bool:
        """Whether the action was refused."""
        return self.entry.outcome == Outcome.REFUSED


def words(action: str) -> Words:
    """What an action is called; its code where no room of this version declares it."""
    declared = PERMISSIONS.get(action)
    return declared.words if declared else _OWN.get(action, Words(action, action))


# Actions that nobody needs a permission for.
_OWN = {
    "access.sign_in": Words("登录", "sign in"),
    "access.sign_in_failed": Words("登录失败", "fail to sign in"),
    "access.sign_out": Words("退出", "sign out"),
    "access.locked": Words("账户被锁定", "account locked"),
}


def told(entry: Entry) -> Told:
    """Entry in words."""
    details = json.loads(entry.details)
    before, after = details.get("before", {}), details.get("after", {})
    names = list(dict.fromkeys([*before, *after]))
    return Told(
        entry,
        words(entry.action),
        tuple((name, _text(before.get(name)), _text(after.get(name))) for name in names),
    )


def history(obj: models.Model, most: int = 50) -> list[Told]:
    """Latest actions on an object, the newest first; for the page of whoever may see the object. One query."""
    rows = Entry.objects.filter(kind=obj._meta.label_lower, object_id=str(obj.pk)).order_by("-pk")[:most]
    return [told(entry) for entry in rows]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(_text(one) for one in value)
    return str(value)
