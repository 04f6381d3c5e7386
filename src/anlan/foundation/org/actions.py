"""Every change of units, their names and groups. People and posts are in `staffing`.

Corrections overwrite the row; what stood there before is in the journal, with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.org import queries
from anlan.foundation.org.checks import (
    UnitData,
    code_problems,
    demand_right,
    end_problems,
    unit_problems,
    worded,
)
from anlan.foundation.org.models import Group, Membership, Unit, UnitAlias
from anlan.foundation.org.names import NameBook, at, clean
from anlan.foundation.search.index import put
from anlan.settings import InputError, Words

_ONE_DAY = dt.timedelta(days=1)


def facts(unit: Unit) -> dict[str, Any]:
    """Facts of a unit as the journal keeps them."""
    return {
        "code": unit.code,
        "short_name": unit.short_name,
        "official_name": unit.official_name,
        "kind": unit.kind,
        "division": unit.division.code if unit.division else None,
        "is_office": unit.is_office,
        "since": unit.since,
        "until": unit.until,
        "note": unit.note,
    }


def different(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs, before and after."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


def fill(unit: Unit, data: UnitData) -> None:
    """Puts the facts into the row and saves it; a unit without a code gets one."""
    unit.code = data.code or unit.code or new_code("u", Unit)
    unit.short_name, unit.official_name = data.short_name, data.official_name
    unit.kind, unit.division, unit.is_office = data.kind, data.division, data.is_office
    unit.since, unit.until, unit.note = data.since, data.until, data.note
    unit.save()


def new_code(letter: str, model: type[Unit] | type[Group]) -> str:
    """Code that no unit and no group has yet."""
    taken = {*Unit.objects.values_list("code", flat=True), *Group.objects.values_list("code", flat=True)}
    number = model._default_manager.count() + 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


def create_unit(actor: Actor, data: UnitData, *, aliases: Sequence[str] = (), misprints: Sequence[str] = ()) -> Unit:
    """New unit with its names. Raises InputError with everything that is wrong."""
    demand(actor, "org.create")
    data = data.cleaned()
    book = NameBook.load()
    problems = unit_problems(data, None, book)
    for field, names in (("aliases", aliases), ("misprints", misprints)):
        problems += book.taken([(field, clean(name)) for name in names], None)
    demand_right(problems)
    with acting(actor, "org.create") as act, worded():
        unit = Unit()
        fill(unit, data)
        add_names(unit, aliases, misprints)
        act.obj = unit
        act.after = facts(unit) | {"aliases": list(aliases), "misprints": list(misprints)}
        put("unit", [unit])
    return unit


def add_names(body: Unit | Group, aliases: Iterable[str], misprints: Iterable[str]) -> None:
    """Rows for further names of a body, those it has by then left out."""
    whose = {"unit": body} if isinstance(body, Unit) else {"group": body}
    own = {body.short_name, body.official_name} if isinstance(body, Unit) else {body.name}
    for names, misprint in ((aliases, False), (misprints, True)):
        for name in dict.fromkeys(clean(name) for name in names):
            if name and name not in own:
                own.add(name)
                UnitAlias.objects.create(name=name, misprint=misprint, **whose)


def edit_unit(actor: Actor, unit: Unit, data: UnitData, *, reason: str) -> None:
    """Corrects the facts of a unit. To end one, see `end_unit`."""
    demand(actor, "org.edit", unit)
    data = data.cleaned()
    demand_right(unit_problems(data, unit, NameBook.load()))
    before = facts(unit)
    with acting(actor, "org.edit", unit, reason=reason) as act, worded():
        fill(unit, data)
        act.before, act.after = different(before, facts(unit))
        put("unit", [unit])


def end_unit(
    actor: Actor,
    unit: Unit,
    *,
    day: dt.date,
    how: str,
    successors: Sequence[Unit] = (),
    hand_on_groups: bool = True,
    reason: str,
) -> None:
    """Ends a unit with `day` as its last, by merge, rename, split or close. Its memberships end with it.

    With `hand_on_groups` the successors stand in its groups from the next day on. Its posts stay as they are, for
    nobody but the office knows who went where; the page of the unit lists them.
    """
    demand(actor, "org.end", unit)
    demand_right(end_problems(unit, day, successors, how))
    with acting(actor, "org.end", unit, reason=reason) as act, worded():
        act.before = {"until": unit.until}
        unit.until = day
        unit.save(update_fields=["until"])
        unit.successors.set(successors)
        groups = []
        for membership in queries.memberships(day).filter(unit=unit).select_related("group"):
            groups.append(membership.group)
            membership.until = day
            membership.save(update_fields=["until"])
        for group in groups if hand_on_groups else ():
            _join(group, successors, day + _ONE_DAY)
        act.after = {
            "until": day,
            "how": how,
            "successors": [one.short_name for one in successors],
            "groups": [group.name for group in groups],
            "handed_on": hand_on_groups and bool(successors),
        }


def add_alias(actor: Actor, body: Unit | Group, name: str, *, misprint: bool = False) -> UnitAlias:
    """Further name of a unit or a group; `misprint` for one that is known to be printed wrong."""
    code = _code(body)
    demand(actor, code, body)
    name = clean(name)
    key = ("unit" if isinstance(body, Unit) else "group", body.pk)
    problems: list[Words] = []
    if not name:
        problems.append(at("name", "名称不能为空", "write the name"))
    if len(name) > 200:
        problems.append(at("name", f"名称有 {len(name)} 个字，最多 200 个", f"{len(name)} characters, at most 200"))
    book = NameBook.load()
    problems += book.taken((("name", name),), key)
    owner = book.owner(name)
    if owner is not None and owner[0] == key:
        problems.append(at("name", f"“{name}”已经是它的名称", f"“{name}” is a name of it already"))
    demand_right(problems)
    with acting(actor, code, body) as act, worded():
        whose = {"unit": body} if isinstance(body, Unit) else {"group": body}
        alias = UnitAlias.objects.create(name=name, misprint=misprint, **whose)
        act.after = {"alias": name, "misprint": misprint}
        put(key[0], [body])
    return alias


def remove_alias(actor: Actor, alias: UnitAlias, *, reason: str) -> None:
    """Takes a further name away; plans that were read keep what they understood."""
    body = alias.unit or alias.group
    assert body is not None
    with acting(actor, _code(body), body, reason=reason) as act:
        act.before = {"alias": alias.name, "misprint": alias.misprint}
        alias.delete()
        put("unit" if isinstance(body, Unit) else "group", [body])


def _code(body: Unit | Group) -> str:
    return "org.name" if isinstance(body, Unit) else "org.group"


def create_group(actor: Actor, *, name: str, code: str = "", note: str = "", aliases: Sequence[str] = ()) -> Group:
    """New group, still without members."""
    demand(actor, "org.group")
    name, code = clean(name), code.strip()
    book = NameBook.load()
    demand_right(
        [*_group_problems(name, code, note, None, book), *book.taken([("aliases", clean(a)) for a in aliases], None)]
    )
    with acting(actor, "org.group") as act, worded():
        group = Group.objects.create(code=code or new_code("g", Group), name=name, note=note.strip())
        add_names(group, aliases, ())
        act.obj = group
        act.after = {"code": group.code, "name": name, "note": group.note, "aliases": list(aliases)}
        put("group", [group])
    return group


def edit_group(actor: Actor, group: Group, *, name: str, code: str, note: str, reason: str) -> None:
    """Corrects name, code and note of a group."""
    demand(actor, "org.group", group)
    name, code = clean(name), code.strip() or group.code
    demand_right(_group_problems(name, code, note, group, NameBook.load()))
    before = {"code": group.code, "name": group.name, "note": group.note}
    with acting(actor, "org.group", group, reason=reason) as act, worded():
        group.name, group.code, group.note = name, code, note.strip()
        group.save()
        act.before, act.after = different(before, {"code": group.code, "name": group.name, "note": group.note})
        put("group", [group])


def _group_problems(name: str, code: str, note: str, group: Group | None, book: NameBook) -> list[Words]:
    problems: list[Words] = []
    if not name:
        problems.append(at("name", "名称不能为空；请填写文件里印的名称", "write the name that plans print"))
    for field, text, limit in (("name", name, 100), ("note", note, 300)):
        if len(text) > limit:
            problems.append(
                at(field, f"有 {len(text)} 个字，最多 {limit} 个", f"{len(text)} characters, at most {limit}")
            )
    if code:
        problems += code_problems(code, group=group)
    problems += book.taken((("name", name),), ("group", group.pk) if group else None)
    return problems


def set_members(actor: Actor, group: Group, units: Iterable[Unit], *, day: dt.date, reason: str) -> bool:
    """Says which units the group stands for from `day` on; whoever is not named leaves with the day before.

    What was planned for later days is replaced. False if nothing is different, and then nothing is journalled.
    """
    demand(actor, "org.group", group)
    wanted = {unit.pk: unit for unit in units}
    late = [unit for unit in wanted.values() if unit.until is not None and unit.until < day]
    early = [unit for unit in wanted.values() if unit.since is not None and unit.since > day]
    demand_right(
        [
            at("units", f"“{u}”已于 {u.until} 停用，请改选承接单位", f"“{u}” ended on {u.until}; choose its successor")
            for u in late
        ]
        + [at("units", f"“{u}”自 {u.since} 起才启用", f"“{u}” only begins on {u.since}") for u in early]
    )
    now = {one.unit_id: one for one in queries.memberships(day).filter(group=group).select_related("unit")}
    later = list(group.memberships.filter(since__gt=day).select_related("unit"))
    leaving = [one for key, one in now.items() if key not in wanted]
    # A member that was planned to leave later, and stays.
    staying = [one for key, one in now.items() if key in wanted and one.until is not None]
    joining = [unit for key, unit in wanted.items() if key not in now]
    if not leaving and not joining and not later and not staying:
        return False
    with acting(actor, "org.group", group, reason=reason) as act, worded():
        act.before = {"members": sorted(one.unit.short_name for one in now.values())}
        if later:
            act.before["planned"] = [f"{one.unit.short_name} {one.since}" for one in later]
        for one in later:
            one.delete()
        for one in leaving:
            _leave(one, day)
        for one in staying:
            one.until = None
            one.save(update_fields=["until"])
        _join(group, joining, day)
        act.after = {"from": day, "members": sorted(unit.short_name for unit in wanted.values())}
    return True


def _leave(one: Membership, day: dt.date) -> None:
    if one.since is not None and one.since >= day:
        # It would never have been in force.
        one.delete()
    else:
        one.until = day - _ONE_DAY
        one.save(update_fields=["until"])


def _join(group: Group, units: Iterable[Unit], day: dt.date | None) -> None:
    """Makes the units members from a day on, those left out that are members then."""
    there = set()
    if day is not None:
        there = set(queries.memberships(day).filter(group=group).values_list("unit_id", flat=True))
    for unit in units:
        if unit.pk not in there:
            Membership.objects.update_or_create(group=group, unit=unit, since=day, defaults={"until": None})


def change_groups(unit: Unit, names: Sequence[str], *, day: dt.date, new: bool) -> None:
    """Makes a unit a member of the groups of these names and no others; for imports, inside their transaction.

    A new unit is a member from the beginning, another one from `day` on.
    """
    wanted = {group.pk: group for group in Group.objects.filter(name__in=names)}
    if missing := set(names) - {group.name for group in wanted.values()}:
        raise InputError(Words(f"没有这些集合：{'、'.join(missing)}", f"there are no groups {', '.join(missing)}"))
    now = {one.group_id: one for one in queries.memberships(day).filter(unit=unit)}
    for key, one in now.items():
        if key not in wanted:
            _leave(one, day)
    for key, group in wanted.items():
        if key not in now:
            _join(group, [unit], None if new else day)
