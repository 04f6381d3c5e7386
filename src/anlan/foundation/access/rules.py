"""Combinators for permissions. A rule answers twice, for one object and as a query, and both must agree.

    Holds(Role.CLERK) | AtUnit("duties__unit", Role.HANDLER) & Where("state", "issued")

Each room declares its permissions in `permissions.py`; the code of a permission is the code of the action.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.settings import Words

_NOTHING = Q(pk__in=())
_ALL = Q()
M = TypeVar("M", bound=models.Model)


class Rule:
    """Answer for one object (`test`; None asks whether there could be any) and for a table (`query`)."""

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        """Whether `actor` may with `obj`."""
        raise NotImplementedError

    def query(self, actor: Actor) -> Q:
        """Condition on the rows with which `actor` may; compositions are taken apart by `visible` instead."""
        raise NotImplementedError

    def roles(self) -> frozenset[Role]:
        """Roles that the rule names."""
        return frozenset()

    def describe(self) -> str:
        """Who may, in the language in force; for the page that explains permissions."""
        if not self.roles():
            return _("限本项工作规定的范围")
        return _("%(roles)s，限本项工作规定的范围") % {"roles": _named(self.roles())}

    def __or__(self, other: Rule) -> Rule:
        return AnyOf((self, other))

    def __and__(self, other: Rule) -> Rule:
        return AllOf((self, other))


@dataclass(frozen=True)
class Holds(Rule):
    """Whoever holds one of the roles, wherever."""

    wanted: frozenset[Role]

    def __init__(self, *wanted: Role) -> None:
        object.__setattr__(self, "wanted", frozenset(wanted))

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        return actor.has(*self.wanted)

    def query(self, actor: Actor) -> Q:
        return _ALL if actor.has(*self.wanted) else _NOTHING

    def roles(self) -> frozenset[Role]:
        return self.wanted

    def describe(self) -> str:
        return _named(self.wanted) if self.wanted else _("只有服务器上的命令")


@dataclass(frozen=True)
class AtUnit(Rule):
    """Whoever holds one of the roles at the unit that `path` leads to, over related tables with `__`."""

    path: str
    wanted: frozenset[Role]

    def __init__(self, path: str, *wanted: Role) -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "wanted", frozenset(wanted))

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        units = actor.units(*self.wanted)
        if obj is None:
            return bool(units)
        return any(getattr(unit, "pk", unit) in units for unit in _follow(obj, self.path))

    def query(self, actor: Actor) -> Q:
        units = actor.units(*self.wanted)
        return Q(**{f"{self.path}__in": units}) if units else _NOTHING

    def roles(self) -> frozenset[Role]:
        return self.wanted

    def describe(self) -> str:
        return _("%(roles)s，限本单位的") % {"roles": _named(self.wanted)}


@dataclass(frozen=True)
class InTerritory(Rule):
    """Whoever holds one of the roles over a division that the object's division (by code) is or lies in.

    Codes are digits (GB/T 2260, GB/T 10114): SQLite takes a letter and its capital for the same beginning.
    """

    path: str
    wanted: frozenset[Role]

    def __init__(self, path: str, *wanted: Role) -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "wanted", frozenset(wanted))

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        territories = actor.territories(*self.wanted)
        if obj is None:
            return bool(territories)
        return any(str(division.code).startswith(territories) for division in _follow(obj, self.path))

    def query(self, actor: Actor) -> Q:
        conditions = [Q(**{f"{self.path}__code__startswith": code}) for code in actor.territories(*self.wanted)]
        return functools.reduce(operator.or_, conditions, _NOTHING)

    def roles(self) -> frozenset[Role]:
        return self.wanted

    def describe(self) -> str:
        return _("%(roles)s，限所管区域的") % {"roles": _named(self.wanted)}


@dataclass(frozen=True)
class Where(Rule):
    """Rows whose field, over related tables with `__`, has one of the values; None is the empty field or link.

    Says nothing about who. `told` is what such rows are called where the permission is explained.
    """

    field: str
    values: tuple[object, ...]
    told: Words | None

    def __init__(self, field: str, *values: object, told: Words | None = None) -> None:
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "told", told)

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        return obj is None or any(value in self.values for value in _ends(obj, self.field))

    def query(self, actor: Actor) -> Q:
        # "in" never finds what is empty.
        told = Q(**{f"{self.field}__in": [value for value in self.values if value is not None]})
        return told | Q(**{f"{self.field}__isnull": True}) if None in self.values else told

    def describe(self) -> str:
        if self.told is not None:
            return _("限%(rows)s") % {
                "rows": self.told.speak("en" if (get_language() or "").startswith("en") else "zh")
            }
        values = _("、").join("—" if value in ("", None) else str(value) for value in self.values)
        return _("限 %(field)s 为 %(values)s 的") % {"field": self.field, "values": values}


@dataclass(frozen=True)
class Own(Rule):
    """The account that `path` leads to."""

    path: str

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        if actor.account_id is None:
            return False
        return obj is None or any(getattr(one, "pk", one) == actor.account_id for one in _follow(obj, self.path))

    def query(self, actor: Actor) -> Q:
        return _NOTHING if actor.account_id is None else Q(**{self.path: actor.account_id})

    def describe(self) -> str:
        return _("限本人的")


@dataclass(frozen=True)
class SignedIn(Rule):
    """Every account."""

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        return actor.account_id is not None

    def query(self, actor: Actor) -> Q:
        return _NOTHING if actor.account_id is None else _ALL

    def describe(self) -> str:
        return _("每个账户")


@dataclass(frozen=True)
class AnyOf(Rule):
    """One of the parts."""

    parts: tuple[Rule, ...]

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        return any(part.test(actor, obj) for part in self.parts)

    def roles(self) -> frozenset[Role]:
        return frozenset().union(*(part.roles() for part in self.parts))

    def describe(self) -> str:
        return _("；").join(part.describe() for part in self.parts)


@dataclass(frozen=True)
class AllOf(Rule):
    """All of the parts."""

    parts: tuple[Rule, ...]

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        return all(part.test(actor, obj) for part in self.parts)

    def roles(self) -> frozenset[Role]:
        return frozenset().union(*(part.roles() for part in self.parts))

    def describe(self) -> str:
        return _("，并且").join(part.describe() for part in self.parts)


def _or(one: Q, other: Q) -> Q:
    # An empty Q means every row, yet Django drops it from an "or".
    return _ALL if not one or not other else one | other


def _ends(obj: Any, path: str) -> Iterator[Any]:
    """Values at the end of a path over attributes and related managers; None where a link leads to nothing.

    As an outer join sees it: a row without related rows has one empty end.
    """
    head, _link, rest = path.partition("__")
    try:
        value = getattr(obj, head)
    except ObjectDoesNotExist:
        # A one-to-one link from the other side, and nobody at its end.
        value = None
    found = list(value.all()) or [None] if isinstance(value, models.Manager) else [value]
    for one in found:
        if one is None or not rest:
            yield one
        else:
            yield from _ends(one, rest)


def _follow(obj: Any, path: str) -> Iterator[Any]:
    """Values at the end of a path; nothing where a link leads to nothing."""
    return (value for value in _ends(obj, path) if value is not None)


def _named(roles: frozenset[Role]) -> str:
    return _("、").join(str(role.label) for role in Role if role in roles)


@dataclass(frozen=True, slots=True)
class Permission:
    """Declared permission: code, what it lets one do, who may."""

    code: str
    words: Words
    rule: Rule


PERMISSIONS: dict[str, Permission] = {}


def declare(code: str, words: Words, rule: Rule) -> None:
    """Declares a permission; each code once."""
    if PERMISSIONS.setdefault(code, Permission(code, words, rule)).rule != rule:
        raise ValueError(f"permission {code} is declared twice")


def permission(code: str) -> Permission:
    """Permission by its code; KeyError if no room declares it."""
    if code not in PERMISSIONS:
        autodiscover_modules("permissions")
    return PERMISSIONS[code]


def may(actor: Actor, code: str, obj: models.Model | None = None) -> bool:
    """Whether `actor` may do `code` with `obj`, or with any object at all where none is given."""
    return actor.machine or permission(code).rule.test(actor, obj)


def visible(actor: Actor, code: str, rows: models.QuerySet[M]) -> models.QuerySet[M]:
    """Those of the rows with which `actor` may do `code`, each once."""
    if actor.machine:
        return rows
    return rows.filter(_condition(permission(code).rule, actor, rows.model))


def _condition(rule: Rule, actor: Actor, model: type[models.Model]) -> Q:
    """Condition on the rows of a table. Each part is asked by itself, as `test` asks it: two conditions over the same
    related table may be met by two of its rows, and none of them doubles a row of ours."""
    if isinstance(rule, AllOf):
        return functools.reduce(operator.and_, (_condition(part, actor, model) for part in rule.parts))
    if isinstance(rule, AnyOf):
        return functools.reduce(_or, (_condition(part, actor, model) for part in rule.parts))
    condition = rule.query(actor)
    if not condition or condition is _NOTHING:
        return condition
    return Q(pk__in=model._default_manager.filter(condition).values("pk"))


def everywhere(actor: Actor, code: str) -> bool:
    """Whether `actor` may do `code` whatever the object: no unit, territory or state narrows it."""
    return actor.machine or _is_unlimited(permission(code).rule, actor)


def _is_unlimited(rule: Rule, actor: Actor) -> bool:
    if isinstance(rule, AnyOf):
        return any(_is_unlimited(part, actor) for part in rule.parts)
    if isinstance(rule, AllOf):
        return all(_is_unlimited(part, actor) for part in rule.parts)
    # An empty condition is every row.
    return not rule.query(actor)
