"""Pages for what went wrong: each says what happened and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import people

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.settings import Words
from anlan.web import errors, urls

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

REFUSED = Refused(Words("没有“下达文稿”的权限", "you may not issue a plan"))
CASES: list[tuple[Callable[[HttpRequest], HttpResponse], int, str, str]] = [
    (lambda r: errors.bad_request(r, SuspiciousOperation()), 400, "请求读不懂", "Request not understood"),
    (lambda r: errors.bad_request(r, RequestDataTooBig()), 413, "提交的内容太大", "Too much was sent"),
    (lambda r: errors.bad_request(r, TooManyFieldsSent()), 413, "提交的内容太大", "Too much was sent"),
    (lambda r: errors.refused(r, REFUSED), 403, "没有“下达文稿”的权限", "you may not issue a plan"),
    (lambda r: errors.refused(r, PermissionDenied()), 403, "没有打开此页的权限", "may not open this page"),
    (lambda r: errors.not_found(r, Http404()), 404, "“/x/”不存在", "“/x/” does not exist"),
    (lambda r: errors.not_found(r, Http404("没有计算“x”。")), 404, "没有计算“x”。", "没有计算“x”。"),
    (lambda r: errors.not_found(r, Http404("No Unit matches the query.")), 404, "“/x/”不存在", "does not exist"),
    (lambda r: errors.csrf_failure(r), 403, "表单已过期", "This form is out of date"),
    (lambda r: errors.broken(r), 500, "系统出错", "Something broke"),
]


@pytest.mark.parametrize(("page", "status", "zh", "en"), CASES)
def test_a_failure_is_told_in_both_languages_with_the_way_out(
    page: Callable[[HttpRequest], HttpResponse], status: int, zh: str, en: str
) -> None:
    for language, told in (("zh-hans", zh), ("en", en)):
        request = RequestFactory().get("/x/")
        request.id = "7f3a"  # type: ignore[attr-defined]
        with translation.override(language):
            response = page(request)
        text = response.content.decode()
        assert response.status_code == status
        assert told in text
        assert "7f3a" in text
        assert '<ul class="error-do"><li>' in text


def test_the_page_of_a_fault_needs_no_database() -> None:
    with CaptureQueriesContext(connections["default"]) as one, CaptureQueriesContext(connections["scratch"]) as other:
        errors.broken(RequestFactory().get("/"))
    assert len(one) + len(other) == 0


def test_a_fault_anywhere_shows_that_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(actor: object) -> None:
        raise RuntimeError("secret words of the machine")

    monkeypatch.setattr("anlan.foundation.screens.counts.shown", explode)
    browser = people.client(people.account(Role.CLERK))
    browser.raise_request_exception = False
    response = browser.get("/")
    assert response.status_code == 500
    assert "系统出错" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_a_missing_page_stands_in_the_frame_for_those_who_are_signed_in() -> None:
    response = people.client(people.account(Role.CLERK)).get("/nowhere/")
    assert response.status_code == 404
    assert "“/nowhere/”不存在" in response.content.decode()
    assert 'class="side"' in response.content.decode()


def test_what_the_address_says_is_escaped() -> None:
    response = people.client(people.account(Role.CLERK)).get("/<script>alert(1)</script>/")
    assert b"<script>alert" not in response.content


def test_a_form_without_its_token_is_told_what_to_do() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.account(Role.CLERK), backend="anlan.foundation.access.signin.AccountBackend")
    response = browser.post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "表单已过期" in response.content.decode()


def test_programs_get_failures_as_json() -> None:
    response = people.client(people.account(Role.CLERK)).get("/api/nowhere")
    assert response.status_code == 404
    body = response.json()
    assert body["error"]["code"] == "http_404"
    assert body["errors"] == [body["error"]]


def test_django_knows_these_pages() -> None:
    for handler in (urls.handler400, urls.handler403, urls.handler404, urls.handler500):
        module, _, name = handler.rpartition(".")
        assert module == "anlan.web.errors"
        assert callable(getattr(errors, name))
