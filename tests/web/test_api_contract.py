"""The interface keeps its own description: calls that the description allows, and many that it does not."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance
from tests.house import world as small_world
from tests.house.world import World

from anlan.foundation.access import middleware
from anlan.foundation.access.actor import actor_of
from anlan.foundation.interface import actions, authority
from anlan.foundation.interface.scopes import known
from anlan.web.api import api
from anlan.web.wsgi import application

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

EXAMPLES = 25
SHAPE = {"error", "errors"}


@pytest.fixture
def world() -> World:
    return small_world.build()


def _token(world: World, who: str) -> str:
    _, secret = actions.create(actor_of(world.accounts[who]), "契约测试", known(), timezone.localdate())
    return secret


def _closing(environ: Any, start: Any) -> list[bytes]:
    # As a server does, which ends the request and with it the files that were sent; but the connection to the store,
    # which PostgreSQL would end with it, is the test's.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        answer = application(environ, start)
        body = b"".join(answer)
        answer.close()
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
    return [body]


@pytest.mark.parametrize("who", ["clerk", "handler", "audit_admin"])
def test_whatever_is_sent_gets_an_answer_of_the_described_shape(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (middleware, authority):
        monkeypatch.setattr(module, "POSTS_PER_MINUTE", 10**9)
    headers = {"Authorization": f"Bearer {_token(world, who)}"}
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = _closing
    found: list[Any] = list(schema.get_all_operations())
    operations = [one.ok() for one in found]
    assert len(operations) > 10
    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
            if answer.status_code >= 400 and answer.status_code not in (404, 405):
                assert set(answer.json()) == SHAPE, answer.text

        check()


def test_every_operation_says_who_may_call_it_in_two_languages() -> None:
    described = api.get_openapi_schema()
    for address, methods in described["paths"].items():
        for method, told in methods.items():
            assert " / " in told["summary"], (method, address)
            assert told.get("description"), (method, address)
            # Every operation is closed to strangers.
            assert told["security"], (method, address)
