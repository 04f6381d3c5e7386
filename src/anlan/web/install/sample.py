"""Sample data: the pack's district, one account for each role, a plan received and issued.

Each step is one transaction that also leaves its mark in the journal. A step that was cut off is done at the next
start, one that is marked is never done again: what people changed since stays as they left it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone, translation

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor, machine
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import AT_A_UNIT, Role
from anlan.foundation.journal.models import Entry
from anlan.foundation.org.models import Person, Unit
from anlan.ledger import sampling as ledgers
from anlan.plan import actions
from anlan.plan.binding import sample as bindings
from anlan.plan.models import Document, Plan, PlanState
from anlan.plan.pack import Pack
from anlan.plan.progress import sample as progress
from anlan.registers import sampling as registers
from anlan.settings import InputError, Words
from anlan.web.install import district

ACTION = "installation.sample"
PASSWORD_FILE = "sample-password"
_LONG_AGO = dt.date(2020, 1, 1)
# Login names; those of roles at a unit get the code of the unit behind them.
_NAMES = {
    Role.CLERK: "clerk",
    Role.HANDLER: "handler",
    Role.UNIT_LEADER: "leader",
    Role.VERIFIER: "verifier",
    Role.LEADER: "leader",
    Role.SYSTEM_ADMIN: "system",
    Role.SECURITY_ADMIN: "security",
    Role.AUDIT_ADMIN: "audit",
}
# The unit whose people sign in: plans give it most to do everywhere along the river.
_BUSY = "生态环境"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Plan to receive: its bytes, its name, its year if the text does not say it."""

    data: bytes
    name: str
    year: int | None


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """Sample account as the start prints it."""

    name: str
    role: Role
    person: str
    unit: str


def is_sample() -> bool:
    """Whether this installation has been given sample data."""
    return Entry.objects.filter(action=ACTION).exists()


def is_empty() -> bool:
    """Whether nobody has an account yet and no sample data were begun."""
    return not Account.objects.exists() and not is_sample()


def password(home: Path) -> str:
    """Password of all sample accounts, made once for each installation: a printed one would open them all."""
    path = home / PASSWORD_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if text := path.read_text(encoding="ascii").strip():
            return text
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
    made = "Anlan-" + "-".join(f"{secrets.randbelow(10_000):04}" for _ in range(2))
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made + "\n")
    return made


def seed(given: Pack, home: Path, plan: PlanFile | None = None) -> list[Words]:
    """Brings in what is missing of the sample data; gives what the user should know of the plan.

    `plan` replaces the pack's. Raises InputError if it gives no text.
    """
    actor = machine("sample")
    _once(actor, "divisions", lambda: district.bring_divisions(given.divisions))
    _once(actor, "units", lambda: district.bring_units(given.organs, sample=True))
    _once(actor, "accounts", lambda: _bring_accounts(password(home)))
    if plan is None:
        plan = PlanFile(given.plan.path.read_bytes(), given.plan.path.name, given.plan.year)
    told: list[Words] = []
    try:
        _once(actor, "registers", lambda: registers.bring(actor, given.folder))
    except InputError as error:
        # Rows of a register that do not fit keep nobody from starting.
        told += error.problems
    try:
        _once(actor, "ledgers", lambda: ledgers.bring(actor, given.folder))
    except InputError as error:
        told += error.problems
    return [*told, *_bring_plan(actor, plan, given.folder)]


def accounts() -> list[SampleAccount]:
    """Sample accounts that can still sign in, in the order of their making."""
    rows = Grant.objects.filter(account__sample=True, account__is_active=True).select_related("account__person", "unit")
    return [
        SampleAccount(
            row.account.name,
            Role(row.role),
            row.account.person.name if row.account.person else "",
            row.unit.short_name if row.unit else "",
        )
        for row in rows.order_by("account_id", "pk")
    ]


def _is_done(step: str) -> bool:
    return Entry.objects.filter(action=ACTION, details__contains=f'"step":"{step}"').exists()


def _once(actor: Actor, step: str, work: Callable[[], int]) -> None:
    if _is_done(step):
        return
    with acting(actor, ACTION) as act:
        act.after = {"step": step, "count": work()}


def _bring_accounts(secret: str) -> int:
    unit = Unit.objects.filter(short_name__contains=_BUSY).first() or Unit.objects.order_by("pk").first()
    # All have the same password, and a hash takes its time.
    hashed = make_password(secret)
    for role, name in _NAMES.items():
        at = unit if role in AT_A_UNIT else None
        account = Account(name=f"{name}-{at.code}" if at else name, password=hashed, sample=True)
        # Names are data: in Chinese whatever language the messages have.
        with translation.override("zh-hans"):
            account.person = Person.objects.create(name=f"示例{role.label}", sample=True)
        account.save()
        Grant.objects.create(account=account, role=role, unit=at, since=_LONG_AGO)
    return len(_NAMES)


def _bring_plan(actor: Actor, file: PlanFile, folder: Path) -> list[Words]:
    digest = hashlib.sha256(file.data).hexdigest()
    step = f"plan {digest}"
    if _is_done(step):
        return []
    document = Document.objects.filter(sha256=digest).select_related("plan").order_by("pk").last()
    if document is None:
        plan = actions.receive(actor, file.data, file.name, year=file.year, sample=True)
    else:
        plan = document.plan
    said = _issue(actor, plan)
    plan.refresh_from_db()
    _once(actor, f"reports {digest}", lambda: progress.bring(plan, timezone.localdate()))
    # Each binding is an action of its own; run again, what is bound stays as it is.
    said += bindings.bring(actor, plan, folder)[1]
    _once(actor, step, lambda: plan.pk)
    return said


def _issue(actor: Actor, plan: Plan) -> list[Words]:
    if plan.state != PlanState.DRAFT or not plan.sample:
        return []
    today = timezone.localdate()
    # In the year it is of, the plan goes out now; an older one went out in spring, as such plans do.
    day = dt.date(plan.year, 5, 10) if plan.year and plan.year < today.year else today
    try:
        actions.issue_sample(actor, plan, on=day)
    except InputError as error:
        return [
            Words(
                f"《{plan}》已收入，还没有下达：{problem.zh}",
                f"{plan} was received, and is not issued yet: {problem.en}",
            )
            for problem in error.problems
        ]
    return []
