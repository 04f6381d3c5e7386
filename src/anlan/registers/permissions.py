"""Permissions of all registers: the same few codes, each asking the spec of the register whose row it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import Holds, Rule, declare
from anlan.foundation.vault.owners import readable_with
from anlan.registers import grants
from anlan.registers.book import Installed, book
from anlan.registers.models import Register, Row
from anlan.registers.spec.model import Spec
from anlan.registers.spec.parts import ROLES
from anlan.settings import Words

# Roles that a spec may name.
_WORKERS = frozenset(Role(role) for role in ROLES)


@dataclass(frozen=True)
class AsDeclared(Rule):
    """Whoever the spec of the register lets: `way` is read, fill or move. Objects are rows or registers."""

    way: str

    def reach(self, actor: Actor, one: Installed) -> grants.Reach:
        """Rows of a register that are reached; of a retired one nobody fills any."""
        if one.register.retired and self.way != "read":
            return grants.Reach()
        return _WAYS[self.way](actor, one.spec)

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        if isinstance(obj, Row):
            return self.reach(actor, book().by_key(obj.register_id)).has(obj.unit_id, obj.place)
        if isinstance(obj, Register):
            return bool(self.reach(actor, book().by_key(obj.pk)))
        if self.way == "read":
            # Every page asks this for its navigation: whoever works in the district could be let in by some register,
            # and no query is needed to say so.
            return actor.machine or actor.has(*_WORKERS)
        return any(self.reach(actor, one) for one in book().values())

    def query(self, actor: Actor) -> Q:
        whole: list[int] = []
        found = Q(pk__in=())
        for one in book().values():
            reached = self.reach(actor, one)
            condition = reached.query()
            if reached.all:
                whole.append(one.register.pk)
            elif condition is not None:
                found |= Q(register=one.register.pk) & condition
        return found | Q(register__in=whole)

    def roles(self) -> frozenset[Role]:
        return _WORKERS


_WAYS: dict[str, Callable[[Actor, Spec], grants.Reach]] = {
    "read": grants.reads,
    "fill": grants.fills,
    "move": grants.moves,
}

declare("registers.see", Words("查看台账", "read registers"), AsDeclared("read"))
declare("registers.add", Words("新增台账记录", "add a row to a register"), AsDeclared("fill"))
declare("registers.correct", Words("更正台账记录", "correct a row of a register"), AsDeclared("fill"))
declare("registers.move", Words("变更台账记录的状态", "change the state of a row"), AsDeclared("move"))
declare("registers.delete", Words("删除台账记录", "delete a row of a register"), AsDeclared("fill"))
declare("registers.restore", Words("恢复台账记录", "restore a row of a register"), AsDeclared("fill"))
declare("registers.import", Words("导入台账", "import a register"), AsDeclared("fill"))
# Specs come with the product and the pack, and are put in force at the server.
declare("registers.install", Words("安装台账声明", "install the spec of a register"), Holds())

readable_with("registers.row", "registers.see")
