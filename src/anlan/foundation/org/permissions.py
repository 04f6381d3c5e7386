"""Who may see and change units, groups, people and their posts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import AtUnit, Holds, Rule, SignedIn, declare
from anlan.foundation.org.models import Post, in_force
from anlan.settings import Words


@dataclass(frozen=True)
class WorksAtOwnUnit(Rule):
    """People who hold a post today at a unit where the actor holds the role: who has left is no longer his."""

    role: Role

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        units = actor.units(self.role)
        if obj is None or not units:
            return bool(units)
        return Post.objects.filter(in_force(timezone.localdate()), person=obj.pk, unit__in=units).exists()

    def query(self, actor: Actor) -> Q:
        posts = Post.objects.filter(in_force(timezone.localdate()), unit__in=actor.units(self.role))
        return Q(pk__in=posts.values("person"))

    def roles(self) -> frozenset[Role]:
        return frozenset({self.role})


_OFFICE = Holds(Role.SYSTEM_ADMIN, Role.CLERK)

declare("org.see", Words("查看单位和人员", "see units and people"), SignedIn())
declare("org.edit", Words("修改单位", "correct a unit"), _OFFICE)
declare("org.create", Words("新增单位", "add a unit"), _OFFICE)
declare("org.end", Words("停用单位", "end a unit"), _OFFICE)
declare("org.name", Words("增减单位名称", "add or remove a name of a unit"), _OFFICE)
declare("org.group", Words("维护集合", "set the members of groups"), Holds(Role.CLERK))
declare("org.people", Words("维护人员", "keep the register of people"), _OFFICE | WorksAtOwnUnit(Role.UNIT_LEADER))
declare("org.post", Words("维护职务", "keep the posts of people"), _OFFICE | AtUnit("unit", Role.UNIT_LEADER))
declare("org.hand_over", Words("交接职务", "hand over a post"), _OFFICE | AtUnit("unit", Role.UNIT_LEADER))
declare("org.charge", Words("维护责任链", "set who answers for the work of a unit"), Holds(Role.CLERK))
declare("org.import", Words("导入单位", "import units"), _OFFICE)
# Creating accounts is the system administrator's, giving them roles the security administrator's: nobody does both.
declare("org.accounts", Words("导入账户", "import accounts"), Holds(Role.SYSTEM_ADMIN))
declare("org.grants", Words("按表授予角色", "grant roles from a sheet"), Holds(Role.SECURITY_ADMIN))
