"""The three administrators are apart from each other and from all business: by rule, and as they would try it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from tests import people
from tests.plan import small

from anlan.foundation.access import actions
from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import ADMINISTRATORS, BUSINESS, Role
from anlan.foundation.access.rules import PERMISSIONS, may, visible
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org.models import Person
from anlan.plan import actions as plans
from anlan.plan.models import Plan, Task
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

# Rooms of administration by the first word of their codes, with the roles of business that share them. What is not
# here is business, so a new room is held to the strict rule until somebody decides otherwise.
ADMINISTRATION = {
    "access": frozenset[Role](),
    "journal": frozenset[Role](),
    "installation": frozenset[Role](),
    "jobs": frozenset[Role](),
    "token": frozenset[Role](),
    # The office keeps the register of units and people, and a unit leader the posts of the own unit.
    "org": frozenset({Role.CLERK, Role.UNIT_LEADER}),
    # What became of notices sent out is for who runs the server; each reads only the own notices.
    "notices": frozenset[Role](),
    # Administrators import units, people and accounts; of the sheets of business they see none (OfOpenSheets).
    "sheets": frozenset({Role.CLERK, Role.HANDLER, Role.UNIT_LEADER}),
}
# What each account may with what is its own, whatever its roles.
PERSONAL = frozenset(code for code, one in PERMISSIONS.items() if not one.rule.roles())
KEEPERS = {
    "access": ADMINISTRATORS,
    "journal": frozenset({Role.AUDIT_ADMIN}),
    "jobs": frozenset({Role.SYSTEM_ADMIN}),
    # Whoever makes a token sees and takes back his own; these see all, and the first takes any back.
    "token": frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
    "org": frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
    "notices": frozenset({Role.SYSTEM_ADMIN}),
    "sheets": frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
}


def room(code: str) -> str:
    return code.partition(".")[0]


@pytest.mark.parametrize("code", sorted(PERMISSIONS))
def test_no_permission_of_business_names_an_administrator_nor_one_of_administration_a_role_of_business(
    code: str,
) -> None:
    named = PERMISSIONS[code].rule.roles()
    if room(code) in ADMINISTRATION:
        assert named & BUSINESS <= ADMINISTRATION[room(code)]
        assert named & ADMINISTRATORS <= KEEPERS.get(room(code), frozenset())
    else:
        assert not named & ADMINISTRATORS


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_may_nothing_of_business_but_what_is_his_own(role: Role) -> None:
    actor = people.actor(role)
    allowed = {code for code in PERMISSIONS if room(code) not in ADMINISTRATION and may(actor, code)}
    assert allowed <= PERSONAL
    assert not {"plan", "task"} & {room(code) for code in allowed}


def test_what_everybody_may_is_a_short_list_that_somebody_has_looked_at() -> None:
    assert sorted(code for code in PERSONAL if room(code) != "installation") == [
        "access.change_password",
        "jobs.enqueue",
        # The public objects through the server, and the server begins a watch.
        "ledger.object",
        "ledger.watch",
        # These three only the server itself may.
        "monitor.admit_unknown",
        "monitor.simulate",
        "notices.mail",
        "notices.read",
        "notices.read_all",
        "notices.see",
        "org.see",
        "registers.install",
        "token.create",
        "vault.attach",
        # What the server reads of pictures.
        "vault.compare",
        "vault.examine",
        "vault.receive",
        # A file is seen by whoever may see what it is evidence of.
        "vault.see",
        "view.drop",
        "view.save",
        "view.see",
    ]


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_receives_sees_and_issues_no_plan(role: Role) -> None:
    small.district()
    plan = plans.receive(people.actor(Role.CLERK), small.TEXT.encode(), "要点.txt")
    actor = people.actor(role)
    steps: dict[str, Callable[[], object]] = {
        "plan.receive": lambda: plans.receive(actor, "青溪区2026年要点\n\n1.做好工作。\n".encode(), "另一.txt"),
        "plan.issue": lambda: plans.issue(actor, plan),
    }
    for code, step in steps.items():
        with pytest.raises(Refused):
            step()
        assert Entry.objects.filter(action=code, outcome=Outcome.REFUSED, actor=actor.account_id).count() == 1
    assert not visible(actor, "plan.see", Plan.objects.all()).exists()
    assert not visible(actor, "task.see", Task.objects.all()).exists()


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_s_browser_opens_no_page_of_business(role: Role) -> None:
    browser = people.client(people.account(role))
    assert [browser.get(reverse(name)).status_code for name in ("plans", "tasks")] == [403, 403]


def refused(actor: Actor, code: str, step: Callable[[], object]) -> None:
    with pytest.raises(Refused):
        step()
    assert Entry.objects.filter(action=code, outcome=Outcome.REFUSED, actor=actor.account_id).exists()


def test_the_system_administrator_gives_nobody_a_role_and_takes_none() -> None:
    actor, other = people.actor(Role.SYSTEM_ADMIN), people.account(Role.CLERK)
    refused(actor, "access.grant", lambda: actions.grant(actor, other, Role.LEADER))
    refused(actor, "access.revoke", lambda: actions.revoke(actor, other.grants.get(), reason="理由"))


def test_the_security_administrator_opens_closes_and_renames_nobody_and_issues_no_code() -> None:
    actor, other = people.actor(Role.SECURITY_ADMIN), people.account(Role.CLERK)
    person = Person.objects.create(name="李四")
    refused(actor, "access.create_account", lambda: actions.create_account(actor, name="li", person=person))
    refused(actor, "access.close", lambda: actions.close(actor, other, reason="理由"))
    refused(actor, "access.reopen", lambda: actions.reopen(actor, other))
    refused(actor, "access.rename", lambda: actions.rename(actor, other, name="li"))
    refused(actor, "access.issue_reset_code", lambda: actions.issue_reset_code(actor, other))


def test_the_audit_administrator_changes_nothing_alone_and_only_he_reads_the_journal() -> None:
    actor = people.actor(Role.AUDIT_ADMIN)
    changes = {code for code in PERMISSIONS if room(code) in ADMINISTRATION} - PERSONAL
    assert {code for code in changes if may(actor, code)} == {
        # What the system administrator issues for another administrator; never alone (test_confirming.py).
        "access.confirm_reset_code",
        "access.see",
        # The own runs.
        "jobs.see",
        "journal.export",
        "journal.see",
        "journal.verify",
        # The own tokens; those of others he only sees.
        "token.revoke",
        "token.see",
    }
    for role in set(Role) - {Role.AUDIT_ADMIN}:
        assert not may(people.actor(role), "journal.see"), role


def test_the_system_administrator_makes_no_administrator_by_opening_an_account() -> None:
    made, _code = actions.create_account(
        people.actor(Role.SYSTEM_ADMIN), name="new", person=Person.objects.create(name="李四")
    )
    assert not made.grants.exists()


def test_two_administrators_in_one_person_are_found_over_all_his_accounts_even_closed_ones() -> None:
    system = people.account(Role.SYSTEM_ADMIN)
    Account.objects.filter(pk=system.pk).update(is_active=False)
    other = Account.objects.create(name="second", person=system.person, password="!")
    with pytest.raises(InputError, match="excludes system_admin"):
        actions.grant(people.actor(Role.SECURITY_ADMIN), other, Role.SECURITY_ADMIN)
    assert Grant.objects.filter(account=other).count() == 0


def test_there_is_no_account_above_all_others() -> None:
    # No superuser and no staff: whoever looks for a role that may everything finds none.
    fields = {field.name for field in Account._meta.get_fields()}
    assert not fields & {"is_superuser", "is_staff", "user_permissions", "groups"}
    assert issubclass(Account, AbstractBaseUser)
    for role in Role:
        assert not all(may(people.actor(role), code) for code in PERMISSIONS)
