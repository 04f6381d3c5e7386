"""A small district with one of everything, for tests that go through all pages; it grows on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections, reset_queries
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests import people
from tests.house import ledger_world, project_world
from tests.monitor import frames_of_the_field as field_frames
from tests.plan import small
from tests.registers import signs as register_signs

from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import AT_A_UNIT, Role
from anlan.foundation.interface.models import Token
from anlan.foundation.jobs.models import Run, RunState
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices.models import Notice
from anlan.foundation.org.models import Division, Group, Membership, Person, Post, Unit, UnitAlias
from anlan.foundation.screens.models import SavedView
from anlan.foundation.sheets.models import Import
from anlan.foundation.vault.models import Receipt
from anlan.monitor.gateway import taking
from anlan.monitor.gateway.log import StoreLog
from anlan.monitor.models import Device, Sender, Site
from anlan.plan import actions, versions
from anlan.plan.basis import actions as basis
from anlan.plan.basis.models import Basis
from anlan.plan.models import Plan, Question, QuestionKind, Target, Task, TaskDuty
from anlan.plan.progress import actions as progress
from anlan.plan.progress import calling
from anlan.plan.progress.models import Owed, Report, Round
from anlan.plan.progress.values import Values
from anlan.registers import actions as registers

STRANGER, ELSEWHERE = "stranger", "handler_elsewhere"
# Someone without an account, one account of each role, and a handler of a unit that has nothing to do with the task.
_FAR = dt.date(2999, 12, 31)
EVERYBODY = (STRANGER, *(role.value for role in Role), ELSEWHERE)


@dataclass
class World:
    """Accounts by role, and the objects that stand for `<int:…>` in addresses, by the first word of the page."""

    accounts: dict[str, Account]
    objects: dict[str, Any]
    clients: dict[str, Client]
    rows: int = 0
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def client(self, who: str) -> Client:
        """Browser of somebody, which answers with 500 where the product breaks."""
        # One client for all, because each new one would look for all static files again; the cookies are those of
        # `who`, set anew, so that a page that signs out does not take them from the next one.
        self.browser.cookies.clear()
        if who != STRANGER:
            self.browser.cookies.update(self.clients[who].cookies)
        return self.browser

    def address(self, page: Page) -> str:
        """Address of a page with the objects of this world. KeyError names the word that no object stands for."""
        return reverse(page.name, kwargs={name: self.value(page, name) for name in page.parameters})

    def value(self, page: Page, parameter: str) -> Any:
        """What stands for a parameter of the page."""
        word = page.name.replace("_", "-").split(":")[-1].split("-")[0]
        for key in (f"{page.name}:{parameter}", page.name, f"{word}:{parameter}", word):
            if key in self.objects:
                found = self.objects[key]
                return getattr(found, "pk", found)
        raise KeyError(f"tests/house/world.py has no object for {parameter} of the page {page.name}")

    def get(self, who: str, address: str) -> tuple[HttpResponseBase, int]:
        """Answer to somebody, and the number of queries that it took on both stores."""
        # What the test has asked so far would fill the log, which holds 9 000.
        reset_queries()
        with (
            CaptureQueriesContext(connections["default"]) as business,
            CaptureQueriesContext(connections["scratch"]) as scratch,
        ):
            answer = self.client(who).get(address)
        return answer, len(business) + len(scratch)

    def grow(self, rows: int) -> None:
        """Makes the lists longer until each has at least as many rows."""
        for number in range(self.rows, rows):
            self._one_more(number)
        self.rows = max(rows, self.rows)

    def _one_more(self, number: int) -> None:
        unit = people.unit(f"扩充第{number}局")
        group = Group.objects.create(code=f"more{number}", name=f"扩充第{number}组")
        Membership.objects.create(group=group, unit=unit)
        person = Person.objects.create(name=f"扩充{number}")
        Post.objects.create(person=person, unit=unit, title="科员")
        people.account(Role.HANDLER, at=unit)
        site = Site.objects.create(code=f"M{number}", name=f"扩充断面{number}", unit=unit)
        Device.objects.create(mn=f"EE{number:022d}", name=f"扩充数采仪{number}", site=site)
        clerk = actor_of(self.accounts["clerk"])
        actions.receive(clerk, f"青溪区2024年扩充{number}要点\n\n1.做好工作。\n".encode(), f"扩充{number}.txt")
        first: Task = self.objects["task"]
        parts = list(first.duties.all())
        first.pk, first.parent_id = None, self.objects["task"].pk
        first.title = f"扩充任务{number}"
        first.save()
        for part in parts:
            part.pk, part.task = None, first
            part.save()
        self.objects["task"] = Task.objects.get(pk=first.parent_id)
        self._one_more_round(number)
        ledger_world.one_more(clerk, self.objects, number)
        project_world.one_more(clerk, number)
        register_signs.sign(clerk, f"扩充{number}", owner="区生态环境局", town="990101101")
        for account in self.accounts.values():
            Run.objects.create(job="vault.sweep", actor_name="测试", account=account, state=RunState.DONE)
            _past_import(account, number)
            Notice.objects.create(
                account=account,
                code="plan.issued",
                key=f"more{number}",
                args={"plan": "扩充", "reports": 1, "contributions": 1},
            )

    def _one_more_round(self, number: int) -> None:
        first = dt.date(2024, 7, 1) + dt.timedelta(days=number)
        more: Round = Round.objects.create(
            plan=self.objects["plan"], first=first, last=first, due_on=first, opened_by_name="测试"
        )
        owed: Owed = self.objects["owed"]
        for place in (more, self.objects["round"]):
            duty = TaskDuty.objects.filter(task__title=f"扩充任务{number}", unit=owed.unit)[0]
            row = Owed.objects.create(
                round=place, part=owed.part if place is more else duty, task=owed.task, unit=owed.unit, owes=owed.owes
            )
            state = "accepted" if place is more else "approved" if number % 2 else "submitted"
            row.current = Report.objects.create(
                owed=row, state=state, percent=20, narrative="扩充", changed_by_name="测试", direct=bool(number % 3)
            )
            row.accepted = row.current if place is more else None
            row.save()


@dataclass(frozen=True)
class Page:
    """Named address of the product."""

    name: str
    parameters: tuple[str, ...]


def pages() -> Iterator[Page]:
    """Every named address that the resolver knows, in the order of the alphabet."""

    def walk(patterns: list[URLPattern | URLResolver], space: str, above: tuple[str, ...]) -> Iterator[Page]:
        for one in patterns:
            names = (*above, *one.pattern.regex.groupindex)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space, names)
            elif one.name:
                yield Page(f"{space}{one.name}", names)
            else:
                raise AssertionError(f"the address {one.pattern} has no name")

    found = {page.name: page for page in walk(get_resolver().url_patterns, "", ())}
    yield from (found[name] for name in sorted(found))


def _monitored(unit: Unit) -> dict[str, Any]:
    """Site with a device that has sent a frame, and somebody who waits for admission."""
    site = Site.objects.create(code="S1", name="青溪断面", unit=unit)
    device = Device.objects.create(mn="AB00000000000000000000F1", name="青溪数采仪", site=site)
    log = StoreLog()
    known, unknown = (
        field_frames.entries(field_frames.upload()),
        field_frames.entries(field_frames.upload(mn="CD00000000000000000000F2"), known=False),
    )
    log.append([*known, *unknown])
    taking.take([*known, *unknown])
    return {
        "site": site,
        "device": device,
        "sender": Sender.objects.get(mn="CD00000000000000000000F2"),
        "frame": known[0].id,
    }


def _person(account: Account) -> Person:
    assert account.person
    return account.person


def _registers(clerk: Actor, home: Unit) -> dict[str, Any]:
    """A register of signs and one of monthly visits to them, with a row each."""
    Division.objects.get_or_create(code="990101101", defaults={"name": "上渡镇", "kind": "town"})
    register_signs.visits()
    row = register_signs.sign(clerk, owner=home.short_name)
    deleted = register_signs.sign(clerk, "CJ-99", owner=home.short_name)
    registers.delete(clerk, deleted, reason="登记错了")
    return {
        "register:code": "river_sign",
        "register:pk": row,
        "register:id": row,
        "register:step": "confirm",
        "register-missing:code": "sign_visit",
        "api:register-missing:code": "sign_visit",
        "register-restore:pk": deleted,
    }


def _basis(clerk: Actor) -> Basis:
    """A document of a higher authority with two clauses."""
    made = basis.add(clerk, basis.Facts("青江市水环境整治实施方案"))
    text = "青江市水环境整治实施方案\n\n1.排查入河排污口。（责任单位：各区）\n2.新建污水管网。（责任单位：各区）\n"
    basis.take_clauses(clerk, made, text.encode(), "方案.txt")
    return made


def _past_import(account: Account, number: int) -> Import:
    """Record of a file of units that was imported."""
    return Import.objects.create(
        kind="units", action="org.import", account=account, actor_name=account.name, name=f"单位{number}.xlsx", size=1
    )


def build() -> World:
    """The district with an account of each role, an issued plan and a draft."""
    units = small.district()
    home: Unit = units["区生态环境局"]
    accounts = {
        role.value: people.account(role, at=home if role in AT_A_UNIT else None, name=role.value.replace("_", "-"))
        for role in Role
    }
    accounts[ELSEWHERE] = people.account(Role.HANDLER, at=units["区住建局"], name="handler-elsewhere")
    clerk = actor_of(accounts["clerk"])
    issued = actions.receive(clerk, small.TEXT.encode(), "要点.txt")
    row = Question.objects.get(measure__document__plan=issued, kind=QuestionKind.UNIT)
    actions.settle_unit(clerk, row, units["区城管局"])
    rest = list(Question.objects.filter(measure__document__plan=issued, closed_at__isnull=True))
    actions.waive(clerk, issued, rest, "按原文执行")
    actions.issue(clerk, issued, on=dt.date(2024, 3, 1))
    draft = actions.receive(clerk, small.TEXT.replace("2024", "2025").encode(), "明年.txt")
    versions.propose(clerk, issued, small.TEXT.replace("120个", "150个").encode(), "二稿.txt")
    task = Task.objects.filter(plan=issued, duties__unit=home).order_by("order")[0]
    round_ = calling.open_round(clerk, issued, dt.date(2024, 6, 1), dt.date(2024, 6, 30), today=dt.date(2024, 6, 25))
    rows = Owed.objects.filter(round=round_, unit=home, owes="report").order_by("task__order")
    handler = actor_of(accounts["handler"])
    said = Values(percent=40, narrative="已排查72个。")
    report = progress.save_draft(handler, rows[0], said, None)
    progress.submit(handler, report)
    progress.approve(actor_of(accounts["unit_leader"]), report)
    progress.accept(clerk, report)
    late = calling.open_round(clerk, issued, dt.date(2024, 5, 1), dt.date(2024, 5, 31), today=dt.date(2024, 6, 25))
    run = Run.objects.create(job="vault.sweep", actor_name="测试", state=RunState.FAILED)
    receipt = Receipt.objects.filter(object_id=str(issued.pk)).order_by("pk")[0]
    notice = Notice.objects.filter(account=accounts["handler"]).order_by("pk")[0]
    objects: dict[str, Any] = {
        "plan": issued,
        "plan-settle": draft,
        "plan-issue": draft,
        "plan-breakdown:key": issued,
        "plan-breakdown:form": "docx",
        "task": task,
        "round": round_,
        "owed": Owed.objects.get(round=late, part=report.owed.part),
        "report": report,
        "part": report.owed.part,
        "target": Target.objects.filter(measure=task.measure_id)[0],
        "run": run,
        "file": receipt,
        "receipt": receipt,
        "picture:pk": receipt,
        "picture:size": "view",
        "notice": notice,
        "calculation": "water.section",
        "api:shown": "water.section",
        "api:calculated": "water.section",
        "overview-summary:key": issued,
        "overview-summary:month": "2024-06",
        "overview-summary:form": "docx",
        "view": SavedView.objects.create(account=accounts["handler"], path="/tasks/", name="到期", query="due=soon"),
        "token": Token.objects.create(
            account=accounts["handler"], name="测试程序", digest="0" * 64, hint="anlan_0000", expires_on=_FAR
        ),
        "api:plan_issue": draft,
        "measure": task.measure,
        "basis": _basis(clerk),
        "plan-version:number": 2,
        "plan-compare:number": 2,
        "plan-version-decide:number": 2,
        "plan-measure:number": task.measure_id,
        "plan-measure-restructure:number": task.measure_id,
        **_monitored(home),
        "unit": home,
        "group": Group.objects.get(code="xz"),
        "person": _person(accounts["handler"]),
        "post": Post.objects.create(person=_person(accounts["handler"]), unit=home, title="科员"),
        "post-new": _person(accounts["handler"]),
        "name": UnitAlias.objects.create(name="区环保局", unit=home),
        "account": accounts["handler"],
        "import:kind": "units",
        "export:kind": "units",
        "journal": Entry.objects.order_by("pk")[0],
    }
    objects |= _registers(clerk, home)
    objects |= project_world.build(clerk, home, objects["target"])
    objects |= ledger_world.build(clerk, home, units["区城管局"])
    if apps.is_installed("anlan.foundation.sheets"):
        runs = apps.get_app_config("sheets").get_model("ImportRun")._default_manager
        objects["import-run:pk"] = runs.create(kind="units", account=accounts["clerk"].pk, name="单位.xlsx", size=1)
        objects["sheet"] = _past_import(accounts["clerk"], 1)
    assert Plan.objects.count() == 2
    return World(accounts, objects, {who: people.client(account) for who, account in accounts.items()})
