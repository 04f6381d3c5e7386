"""What happened to a unit, a group or a person, told from the journal with the names that pages use for the fields."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.journal.queries import Told, history, told
from anlan.foundation.org.models import Group, PostKind, Unit, UnitKind
from anlan.foundation.org.names import fold


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """Entry of the journal with its changes in words."""

    told: Told
    changes: tuple[Change, ...]


def story(*objects: models.Model) -> list[Event]:
    """Latest events of these objects, the newest first; for a unit or a group, the imports that changed it as well."""
    found = [one for obj in objects for one in history(obj)]
    found += [one for obj in objects if isinstance(obj, Unit | Group) for one in _imports(obj)]
    found.sort(key=lambda one: -one.entry.pk)
    return [Event(one, tuple(_changes(one.changes))) for one in found[:50]]


def _imports(body: Unit | Group) -> Iterable[Told]:
    """Imports in which the body has a row. An import is one entry, whose details name the rows by their keys."""
    keys = (body.code, f"name:{fold(str(body))}")
    named = Q()
    for key in keys:
        named |= Q(details__contains=f'"key":{json.dumps(key, ensure_ascii=False)}')
    for entry in Entry.objects.filter(named, action="org.import", outcome=Outcome.DONE).order_by("-pk")[:20]:
        for row in json.loads(entry.details)["after"]["rows"]:
            if row["key"] in keys:
                before, after = row.get("before", {}), row.get("after", {})
                changes = [(_FIELDS.get(key, key), _text(before.get(key)), _text(after[key])) for key in after]
                yield replace(told(entry), changes=tuple(changes))


# Columns of the sheet that have other names than the fields.
_FIELDS = {"short": "short_name", "official": "official_name", "office": "is_office"}


def _text(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _changes(changes: Iterable[tuple[str, str, str]]) -> Iterable[Change]:
    titles, values = _titles(), _values()
    for key, before, after in changes:
        if before == after:
            continue
        if key in ("post", "successor") and after.startswith("{"):
            # A post within the entry of a person.
            facts = ast.literal_eval(after)
            after = " ".join(str(facts.get(name) or "") for name in ("person", "unit", "title", "since"))
        yield Change(titles.get(key, key), values.get(before, before), values.get(after, after))


def _values() -> dict[str, str]:
    words = {str(value): str(label) for value, label in (*UnitKind.choices, *PostKind.choices)}
    ways = {"merge": _("并入另一单位"), "rename": _("更名"), "split": _("拆分"), "close": _("撤销，无承接单位")}
    return words | ways | {"True": _("是"), "False": _("否")}


def _titles() -> dict[str, str]:
    return {
        "code": _("编码"),
        "short_name": _("简称"),
        "official_name": _("全称"),
        "kind": _("类别"),
        "division": _("所在区划"),
        "is_office": _("牵头办公室"),
        "since": _("起始日期"),
        "until": _("截止日期"),
        "note": _("备注"),
        "alias": _("别名"),
        "aliases": _("别名"),
        "misprint": _("误写"),
        "misprints": _("误写"),
        "how": _("方式"),
        "successors": _("承接单位"),
        "groups": _("所属集合"),
        "handed_on": _("由承接单位接续"),
        "members": _("成员单位"),
        "planned": _("原定的以后变动"),
        "from": _("从哪天起"),
        "name": _("名称"),
        "phone": _("电话"),
        "person": _("人员"),
        "unit": _("单位"),
        "title": _("职务"),
        "post": _("职务"),
        "successor": _("接任"),
    }
