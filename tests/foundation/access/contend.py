"""Two at once do what only one of them may; as a program on a store of its own, where it prints what came of it.

Each pair meets between the question and the change, if nothing keeps them apart. The tests' SQLite lies in memory,
where connections lock each other out as they never do in a file.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import django

# As long as the first of a pair waits for the second one, which comes only if it is not kept away.
MEET_S = 1.0
COUNTERS, EACH = 4, 10


def together(*steps: Callable[[], object]) -> list[object]:
    """Runs the steps side by side; what each gave, or the error that refused it."""
    from django.core.exceptions import PermissionDenied
    from django.db import connections

    from anlan.settings import InputError

    results: list[object] = [None] * len(steps)

    def run(place: int) -> None:
        try:
            results[place] = steps[place]()
        except (InputError, PermissionDenied) as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def meeting(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, after which two callers wait for each other a little."""
    barrier = threading.Barrier(2)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        finally:
            with contextlib.suppress(threading.BrokenBarrierError):
                barrier.wait(MEET_S)

    return wrapped


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """Takes the guards away: neither transactions nor locked rows."""
    from django.db.models import QuerySet

    from anlan.foundation.access import acting, signin

    nothing = SimpleNamespace(atomic=contextlib.nullcontext)
    with (
        mock.patch.object(acting, "transaction", nothing),
        mock.patch.object(signin, "transaction", nothing),
        mock.patch.object(QuerySet, "select_for_update", lambda self, *args, **kwargs: self),
    ):
        yield


def run() -> dict[str, int]:
    """What is left of each pair: roles of one person, administrators, uses of one code; and a count from all sides."""
    from django.contrib.auth.hashers import check_password
    from django.db.models.signals import pre_save
    from django.utils import timezone
    from tests import people

    from anlan.foundation.access import actions, signin
    from anlan.foundation.access.actor import actor_of, machine
    from anlan.foundation.access.models import Account, Grant, PostCount
    from anlan.foundation.access.roles import Role

    found = {}
    wang = people.account()
    other = Account.objects.create(name="wang-2", person=wang.person, password="!")
    meet = meeting(lambda **kwargs: None)
    pre_save.connect(meet, sender=Grant)
    together(
        lambda: actions.grant(machine("test"), wang, Role.CLERK),
        lambda: actions.grant(machine("test"), other, Role.AUDIT_ADMIN),
    )
    pre_save.disconnect(meet, sender=Grant)
    found["roles"] = Grant.objects.filter(account__person=wang.person).count()

    first, second = people.account(Role.SYSTEM_ADMIN), people.account(Role.SYSTEM_ADMIN)
    people.account(Role.SECURITY_ADMIN)
    with mock.patch.object(actions, "_keep_one", meeting(actions._keep_one)):
        together(
            lambda: actions.close(actor_of(first), second, reason="理由"),
            lambda: actions.close(actor_of(second), first, reason="理由"),
        )
    found["administrators"] = Account.objects.filter(grants__role=Role.SYSTEM_ADMIN, is_active=True).count()

    code = actions.issue_reset_code(machine("test"), wang)
    with mock.patch.object(signin, "check_password", meeting(check_password)):
        uses = together(*[lambda: signin._spend_code(Account.objects.get(pk=wang.pk), code, None)] * 2)
    found["uses"] = uses.count(True)

    # Noon: the minute does not end in between.
    noon = timezone.now().replace(hour=12, minute=0, second=0)
    with mock.patch("anlan.foundation.access.models.timezone.now", return_value=noon):
        together(*[lambda: [PostCount.add(account=1) for _ in range(EACH)]] * COUNTERS)
    found["counted"] = PostCount.objects.get(account=1).count
    return found


def main() -> int:
    """Makes the tables, runs it with and without the guards and tells what came of it."""
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    for store in ("default", "scratch"):
        call_command("migrate", verbosity=0, database=store)
    if sys.argv[1:] == ["unguarded"]:
        with unguarded():
            print(json.dumps(run()))
    else:
        print(json.dumps(run()))
    connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
