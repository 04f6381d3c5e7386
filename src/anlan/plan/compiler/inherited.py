"""Owners that a heading states for the items below it: 一、区水利局, 二、区教育局 in a list arranged by unit."""

from __future__ import annotations

import re
from dataclasses import replace

from anlan.plan.compiler import names
from anlan.plan.compiler.items import Item
from anlan.plan.compiler.layout import Layout
from anlan.plan.compiler.model import Role
from anlan.plan.compiler.outline import Node
from anlan.plan.compiler.prose import Found


def give(layout: Layout, chosen: list[Item]) -> None:
    """Gives the bodies of a heading to the items below that state no owner of their own.

    Only where every heading of the level is a list of bodies: 建设数据中心 alone ends like one too. The places of what
    is given lie before the item, where it is printed.
    """
    levels: dict[int, dict[int, Node]] = {}
    for item in chosen:
        if item.path:
            levels.setdefault(id(item.node.parent and item.node.parent.parent), {})[id(item.path[-1])] = item.path[-1]
    units: dict[int, list[Found]] = {}
    for nodes in levels.values():
        named = {key: _bodies(layout, node) for key, node in nodes.items()}
        if len(named) > 1 and all(named.values()):
            units |= named
    for item in chosen:
        stated = item.statement.found
        inherited = units.get(id(item.path[-1]), []) if item.path else []
        if not inherited or any(f.source != "prose" and f.role is not Role.COOPERATING for f in stated):
            continue
        role = Role.LEAD if layout.view.text.startswith("牵头", item.node.body) else Role.RESPONSIBLE
        known = {f.unit for f in stated}
        fresh = [
            Found(f.unit, role, f.start - item.start, f.end - item.start, "heading")
            for f in inherited
            if f.unit not in known
        ]
        item.statement = replace(item.statement, found=(*fresh, *stated))


def _bodies(layout: Layout, node: Node) -> list[Found]:
    """Bodies that a heading consists of, placed in the view; none where it says anything else."""
    text = layout.view.text
    if not 2 < node.title_end - node.body <= 40:
        return []
    pieces = names.split(text, node.body, node.title_end)
    whole = all(names.is_strong(p.text) and len(p.text) > 2 and not re.search(r"\d", p.text) for p in pieces)
    return [Found(p.text, Role.RESPONSIBLE, p.start, p.end, "heading") for p in pieces] if whole else []
