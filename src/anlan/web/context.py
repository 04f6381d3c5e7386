"""What every page's frame needs; each part is worked out only if the page shows it."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import get_language

from anlan.foundation.access.actor import NOBODY, Actor
from anlan.foundation.notices import queries as notices
from anlan.foundation.org.models import Unit
from anlan.plan.models import Plan
from anlan.web import navigation


class Shell:
    """Frame of one page for one account. At most two queries."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._full_path = request.get_full_path()
        self._actor: Actor = getattr(request, "actor", NOBODY)

    @cached_property
    def _allowed(self) -> list[tuple[navigation.Entry, navigation.Shown]]:
        return list(navigation.allowed(self._actor, self._path))

    @cached_property
    def groups(self) -> list[tuple[str, list[navigation.Shown]]]:
        """Navigation at the left."""
        return navigation.groups(self._allowed)

    @cached_property
    def most_used(self) -> list[navigation.Shown]:
        """Bar at the bottom of a phone."""
        return navigation.most_used(self._allowed)

    @property
    def search_address(self) -> str:
        """Where the search of the top bar is answered, "" while it is not there."""
        return navigation.address("search")

    @cached_property
    def unread(self) -> int:
        """To-dos of the account."""
        return notices.unread(self._actor)

    @property
    def unread_address(self) -> str:
        """Page of the to-dos."""
        return navigation.address("notices")

    @cached_property
    def sample(self) -> bool:
        """Whether samples stand among the data. One query, of two small tables, and always the same one."""
        tables = [connection.ops.quote_name(model._meta.db_table) for model in (Unit, Plan)]
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE sample)" for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 WHERE {there}")
            return cursor.fetchone() is not None

    @property
    def other_language(self) -> tuple[str, str]:
        """Code and own name of the language that the switch leads to."""
        languages = dict(settings.LANGUAGES)
        code = "zh-hans" if (get_language() or "").startswith("en") else "en"
        return code, str(languages[code])

    @property
    def here(self) -> str:
        """This page, to come back to."""
        return self._full_path


def shell(request: HttpRequest) -> dict[str, object]:
    """Actor and frame of the page."""
    return {"actor": getattr(request, "actor", None), "shell": Shell(request)}
