"""Saving the view of a list, and deleting it."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import Resolver404, resolve

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.screens.models import SavedView
from anlan.settings import InputError, Words

MOST = 30
# What belongs to one visit and not to the view.
_PASSING = ("page", "export")


def save_view(actor: Actor, path: str, name: str, query: str) -> SavedView:
    """Keeps the search, filters and order of a list; a name the account uses there already is put on the new view.

    Raises InputError with everything that is wrong: no name, nothing narrowed or sorted, an address that is no page of
    ours, more than 30 views of one list.
    """
    given = QueryDict(query, mutable=True)
    for passing in _PASSING:
        given.pop(passing, None)
    kept = given.urlencode()
    called = " ".join(name.replace("\0", "").split())
    problems = []
    if not called:
        problems.append(Words("请给视图起个名字", "give the view a name"))
    if len(called) > 40:
        problems.append(
            Words(f"视图名有 {len(called)} 个字，最多 40 个", f"the name has {len(called)} characters, 40 at most")
        )
    if not kept:
        problems.append(
            Words(
                "现在没有搜索、筛选或排序，不必保存",
                "nothing is searched, filtered or sorted: there is nothing to save",
            )
        )
    if len(kept) > 1000:
        problems.append(Words("筛选条件太长，保存不下", "the conditions are too long to be saved"))
    if not _is_page(path):
        problems.append(Words(f"“{path[:60]}”不是本系统的页面", f"{path[:60]} is no page of this system"))
    with acting(actor, "view.save") as act:
        if actor.account_id is None:
            problems.append(Words("没有登录的账户", "no account is signed in"))
        if problems or actor.account_id is None:
            raise InputError(*problems)
        mine = SavedView.objects.filter(account_id=actor.account_id, path=path)
        if mine.exclude(name=called).count() >= MOST:
            raise InputError(
                Words(f"这个列表已有 {MOST} 个视图，请先删掉不用的", f"this list has {MOST} views: delete one first")
            )
        view, _ = SavedView.objects.update_or_create(
            account_id=actor.account_id, path=path, name=called, defaults={"query": kept}
        )
        act.obj = view
        act.after = {"path": path, "query": kept}
    return view


def drop_view(actor: Actor, view: SavedView) -> None:
    """Deletes a view. It is a convenience and no record; the journal keeps what it was."""
    with acting(actor, "view.drop", view) as act:
        act.before = {"path": view.path, "name": view.name, "query": view.query}
        SavedView.objects.filter(pk=view.pk).delete()


def _is_page(path: str) -> bool:
    if not path.startswith("/") or path.startswith("//") or len(path) > 200:
        return False
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
