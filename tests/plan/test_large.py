"""What is done to a plan measure by measure does not read its document each time: others wait to write meanwhile."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import people
from tests.plan import small

from anlan.foundation.access.roles import Role
from anlan.plan import actions, queries

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

# "6.管护农村设施" swallows all that follows it.
LINES = "".join(f"第{number}处排口由所在乡镇整治并销号。\n" for number in range(2_000))


def test_settling_and_issuing_a_large_plan_read_its_document_a_few_times_only() -> None:
    small.district()
    clerk = people.actor(Role.CLERK)
    plan = actions.receive(clerk, (small.TEXT + LINES).encode(), "大.txt")
    questions = list(queries.questions(plan).filter(closed_at__isnull=True))
    assert len(questions) > 4
    with CaptureQueriesContext(
        connection,
    ) as asked:
        actions.waive(clerk, plan, questions, "按原文执行")
    assert not [query["sql"] for query in asked if '"compiled"' in query["sql"] or '"text"' in query["sql"]]
    with CaptureQueriesContext(connection) as asked:
        assert actions.issue(clerk, plan) == 6
    assert len([query for query in asked if '"compiled"' in query["sql"]]) <= 3
