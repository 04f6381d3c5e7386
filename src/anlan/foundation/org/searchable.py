"""What of this room can be found from the top bar: units and groups by every name, people by name and post."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.foundation.org import queries
from anlan.foundation.org.models import Group, Person, Unit
from anlan.foundation.search.registry import Found, Source, register


def _unit(unit: Unit) -> Found:
    names = " ".join(alias.name for alias in unit.aliases.all())
    return Found(unit.short_name, reverse("unit", args=[unit.pk]), unit.official_name, f"{names} {unit.code}")


def _group(group: Group) -> Found:
    names = " ".join(alias.name for alias in group.aliases.all())
    return Found(group.name, reverse("group", args=[group.pk]), group.note, names)


def _person(person: Person) -> Found:
    posts = queries.posts_on(timezone.localdate()).filter(person=person)
    return Found(
        person.name, reverse("person", args=[person.pk]), "；".join(f"{post.unit} {post.title}" for post in posts)
    )


register(Source("unit", _("单位"), lambda: Unit.objects.prefetch_related("aliases"), "org.see", _unit))
register(Source("group", _("集合"), lambda: Group.objects.prefetch_related("aliases"), "org.see", _group))
register(Source("person", _("人员"), lambda: Person.objects.all(), "org.see", _person))
