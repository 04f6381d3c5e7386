"""What the navigation holds, in the order of the office's work. An entry shows only to those who may use it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may


@dataclass(frozen=True, slots=True)
class Entry:
    """Page in the navigation. `permission` is the code that lets one see it, "" for everyone who is signed in."""

    group: str | Promise
    url: str
    title: str | Promise
    icon: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Entry as one account sees it; `current` where the page open now lies in it."""

    title: str
    address: str
    icon: str
    current: bool


_PLANS = _("工作要点")
_LEDGER = _("问题")
_MONITOR = _("监测")
_REGISTERS = _("台账")
_SYSTEM = _("系统")

ENTRIES = (
    Entry("", "home", _("首页"), "home"),
    Entry(_PLANS, "overview", _("总览"), "layout-dashboard", "overview.see"),
    Entry(_PLANS, "plans", _("文稿"), "file-text", "plan.see"),
    Entry(_PLANS, "tasks", _("任务"), "list-check", "task.see"),
    Entry(_PLANS, "progress", _("进展"), "report", "round.see"),
    Entry(_PLANS, "targets", _("目标"), "target", "task.see"),
    Entry(_PLANS, "bases", _("依据"), "book", "basis.see"),
    Entry(_REGISTERS, "registers", _("台账"), "notebook", "registers.see"),
    Entry(_REGISTERS, "projects", _("项目库"), "building-community", "registers.see"),
    Entry(_REGISTERS, "registers-missing", _("缺报"), "clock-exclamation", "registers.see"),
    Entry(_LEDGER, "problems", _("问题"), "alert-triangle", "ledger.see"),
    Entry(_LEDGER, "ledger-review", _("归并"), "stack-2", "ledger.join"),
    Entry(_LEDGER, "intakes", _("收入台账"), "table-import", "ledger.take"),
    Entry(_MONITOR, "devices", _("设备"), "activity", "monitor.see"),
    Entry(_MONITOR, "sites", _("点位"), "map-pin", "monitor.see"),
    Entry(_MONITOR, "frames", _("报文"), "message", "monitor.see"),
    Entry(_SYSTEM, "units", _("单位"), "building", "org.see"),
    Entry(_SYSTEM, "groups", _("集合"), "stack-2", "org.see"),
    Entry(_SYSTEM, "people", _("人员"), "users", "org.see"),
    Entry(_SYSTEM, "accounts", _("账户"), "user-circle", "access.see"),
    Entry(_SYSTEM, "journal", _("审计"), "history", "journal.see"),
    Entry(_SYSTEM, "sheets", _("导入记录"), "table-import", "sheets.see"),
    Entry(_SYSTEM, "runs", _("后台处理"), "progress", "jobs.see"),
    Entry(_SYSTEM, "calculations", _("计算"), "calculator"),
)

# On a phone, the first four of these that the account may use.
MOST_USED = (
    "home",
    "tasks",
    "progress",
    "plans",
    "registers",
    "accounts",
    "journal",
    "units",
    "runs",
    "people",
    "calculations",
)


def groups(allowed: Iterable[tuple[Entry, Shown]]) -> list[tuple[str, list[Shown]]]:
    """Groups of the navigation, from the entries that somebody may use."""
    found: dict[str, list[Shown]] = {}
    for entry, shown in allowed:
        found.setdefault(str(entry.group), []).append(shown)
    return list(found.items())


def most_used(allowed: Iterable[tuple[Entry, Shown]]) -> list[Shown]:
    """The four entries of the bar at the bottom of a phone, from those that somebody may use."""
    found = {entry.url: shown for entry, shown in allowed}
    return [found[url] for url in MOST_USED if url in found][:4]


def address(url: str) -> str:
    """Address of an entry, "" while its page is not there."""
    return _address(url, get_script_prefix())


@functools.cache
def _address(url: str, prefix: str) -> str:
    """Remembered: every page asks for all of them, and the addresses of a process never change."""
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""


def allowed(actor: Actor, path: str) -> Iterator[tuple[Entry, Shown]]:
    """Entries that `actor` may use, as the page at `path` shows them."""
    for entry in ENTRIES:
        where = address(entry.url)
        if where and (not entry.permission or _may(actor, entry.permission)):
            current = path == where or (where != "/" and path.startswith(where))
            yield entry, Shown(str(entry.title), where, entry.icon, current)


def _may(actor: Actor, code: str) -> bool:
    try:
        return may(actor, code)
    except KeyError:
        # Nobody declared it: the page cannot be opened by anyone.
        return False
