"""The interface for programs: equal to the command, one shape of error, closed to strangers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests import people
from tests.cli.shell import command

from anlan.foundation.access.roles import Role
from anlan.foundation.calc.installed import registry

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.fixture
def program() -> Client:
    """Program with the session of a clerk."""
    return people.client(people.account(Role.CLERK))


def send(program: Client, id: str, body: object, **more: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
    return program.post(f"/api/calc/{id}", text, content_type="application/json", **more)


def test_every_example_is_answered_as_the_registry_answers(program: Client) -> None:
    for one in registry():
        for example in one.examples:
            inputs = json.loads(json.dumps(dict(example.inputs), default=str))
            response = send(program, one.id, inputs)
            assert response.status_code == 200, one.id
            assert response.json() == json.loads(json.dumps(registry().run(one.id, inputs))), one.id


@pytest.mark.parametrize(
    ("id", "body"),
    [
        ("calc.round", '{"values": [0.15, 0.25], "decimals": 1}'),
        ("calc.round", '[{"values": [0.15], "decimals": 1}, {}, {"values": ["1e400"], "decimals": 1}]'),
        ("calc.round", '{"valuse": [1]}'),
        ("law.deadline", '{"start": "2022-01-28", "days": 10}'),
        ("calc.round", "[]"),
    ],
)
def test_the_answer_is_that_of_the_command(program: Client, id: str, body: str) -> None:
    told = command("calc", id, given=body.encode())
    assert send(program, id, body).json() == json.loads(told.stdout)


def test_the_list_and_the_spec_are_those_of_the_command(program: Client) -> None:
    assert program.get("/api/calc").json() == json.loads(command("calc", "list", "--json").stdout)
    assert program.get("/api/calc/calc.round").json() == json.loads(
        command("calc", "show", "calc.round", "--json").stdout
    )


def test_wrong_input_is_422_and_a_row_of_an_array_answers_for_itself(program: Client) -> None:
    assert send(program, "calc.round", {}).status_code == 422
    response = send(program, "calc.round", [{}, {"values": [0.15], "decimals": 1}])
    assert response.status_code == 200
    first, second = response.json()
    assert first["error"]["code"] == "missing"
    # 0.15 lies half way and 1 is odd: up to 0.2.
    assert second["out"] == ["0.2"]


def test_a_decimal_is_exact_from_end_to_end(program: Client) -> None:
    # As a binary float 2.675 lies below half way and would give 2.67.
    assert send(program, "calc.round", '{"values": [2.675], "decimals": 2}').json()["out"] == ["2.68"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "not_json"),
        ("", 400, "not_json"),
        ("[{}, {]", 400, "not_json"),
        ("[" * 5000, 400, "not_json"),
        (b"\xff\xfe{}", 400, "not_utf8"),
        ("x" * 3_000_000, 413, "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_one_shape(
    program: Client, body: str | bytes, status: int, code: str
) -> None:
    response = send(program, "calc.round", body)
    assert response.status_code == status
    answer = response.json()
    assert set(answer) == {"error", "errors"}
    assert set(answer["error"]) == {"code", "field", "message"}
    assert answer["error"]["code"] == code
    assert answer["errors"] == [answer["error"]]


def test_a_byte_order_mark_is_no_fault(program: Client) -> None:
    assert send(program, "calc.round", b'\xef\xbb\xbf{"values": [1], "decimals": 0}').status_code == 200


def test_an_unknown_calculation_is_404_with_the_nearest_one(program: Client) -> None:
    for response in (program.get("/api/calc/calc.rond"), send(program, "calc.rond", {})):
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "unknown_calculation"
        assert "calc.round" in response.json()["error"]["message"]


def test_messages_come_in_the_language_asked_for(program: Client) -> None:
    zh = send(program, "calc.round", {}).json()["error"]["message"]
    en = send(program, "calc.round", {}, headers={"accept-language": "en"}).json()["error"]["message"]
    assert (zh, en) == ("缺少 values。", "values is missing.")


def test_strangers_get_401_and_no_login_page() -> None:
    for response in (Client().get("/api/calc"), Client().get("/api/calc/calc.round"), send(Client(), "calc.round", {})):
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "not_signed_in"


def test_a_session_alone_does_not_send_data() -> None:
    program = Client(enforce_csrf_checks=True)
    program.force_login(people.account(Role.CLERK), backend="anlan.foundation.access.signin.AccountBackend")
    response = send(program, "calc.round", {"values": [1], "decimals": 0})
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "csrf"
    program.get("/")
    token = program.cookies["csrftoken"].value
    allowed = send(program, "calc.round", {"values": [1], "decimals": 0}, headers={"x-csrftoken": token})
    assert allowed.status_code == 200


def test_the_description_names_every_operation_and_needs_a_login(program: Client) -> None:
    paths = program.get("/api/openapi.json").json()["paths"]
    assert {"/api/calc", "/api/calc/{id}", "/api/plans", "/api/tasks"} <= set(paths)
    assert set(paths["/api/calc/{id}"]) == {"get", "post"}
    assert program.get("/api/docs").status_code == 200
    assert Client().get("/api/openapi.json").status_code == 302
