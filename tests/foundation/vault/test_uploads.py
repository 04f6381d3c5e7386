"""Uploads are stopped at the limit with an answer people can read, and half a file is no file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from tests import people

from anlan.foundation.access.roles import Role
from anlan.web.urls import urlpatterns as pages

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

MIDDLEWARE = "anlan.foundation.vault.uploads.UploadMiddleware"
seen: list[tuple[str, int]] = []
paths: list[Path] = []


def take(request: HttpRequest) -> HttpResponse:
    """Page that takes files."""
    for file in request.FILES.getlist("file"):
        seen.append((file.name or "", len(file.read())))
        paths.append(Path(file.temporary_file_path()))  # type: ignore[attr-defined]
    return HttpResponse("taken")


urlpatterns = [path("take/", take), *pages]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """A home with a limit of 1 MB, and the middleware where it belongs."""
    settings.ANLAN = replace(django_settings.ANLAN, home=tmp_path, max_file_mb=1)
    seen.clear()
    paths.clear()
    chain = [one for one in django_settings.MIDDLEWARE if one != MIDDLEWARE]
    chain.insert(chain.index("django.middleware.csrf.CsrfViewMiddleware"), MIDDLEWARE)
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=chain):
        yield tmp_path


@pytest.fixture
def browser() -> Client:
    return people.client(people.account(Role.CLERK))


def left(home: Path) -> list[str]:
    return [p.name for p in (home / "vault").rglob("*") if p.is_file()]


def test_a_file_is_written_into_the_home_and_gone_after_the_request(home: Path, browser: Client) -> None:
    answer = browser.post("/take/", {"file": SimpleUploadedFile("a.txt", b"abc")})
    assert answer.status_code == 200
    assert seen == [("a.txt", 3)]
    assert paths[0].parent == home / "vault/incoming"
    assert left(home) == []


def test_the_limit_is_the_last_byte_and_the_answer_says_it(home: Path, browser: Client) -> None:
    assert browser.post("/take/", {"file": SimpleUploadedFile("a.txt", b"a" * 1_000_000)}).status_code == 200
    answer = browser.post("/take/", {"file": SimpleUploadedFile("a.txt", b"a" * 1_000_001)})
    assert answer.status_code == 413
    assert "1 MB" in answer.content.decode()
    assert [size for _, size in seen] == [1_000_000]
    assert left(home) == []


def test_files_of_one_request_count_together(home: Path, browser: Client) -> None:
    halves = [SimpleUploadedFile(f"{n}.txt", b"a" * 600_000) for n in range(2)]
    assert browser.post("/take/", {"file": halves}).status_code == 413
    assert seen == []
    assert left(home) == []


def test_too_large_is_said_also_where_the_token_stands_after_the_file(home: Path) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.account(Role.CLERK), backend="anlan.foundation.access.signin.AccountBackend")
    answer = browser.post("/take/", {"file": SimpleUploadedFile("a.txt", b"a" * 1_000_001), "csrfmiddlewaretoken": "x"})
    assert answer.status_code == 413


def test_a_form_without_its_token_is_still_refused(home: Path) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.account(Role.CLERK), backend="anlan.foundation.access.signin.AccountBackend")
    assert browser.post("/take/", {"file": SimpleUploadedFile("a.txt", b"abc")}).status_code == 403
    assert seen == []
    assert left(home) == []


def body(data: bytes) -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    return head + data + b"\r\n--x--\r\n"


def send(browser: Client, sent: bytes, length: int) -> Any:
    """Sends these bytes under a Content-Length of one's own making."""
    return browser.generic(
        "POST",
        "/take/",
        sent,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(length),
        **cast(Any, {"wsgi.input": io.BytesIO(sent)}),
    )


def test_a_body_that_ends_early_is_no_upload(home: Path, browser: Client) -> None:
    whole = body(b"a" * 300_000)
    # The connection broke after 200 000 bytes of some 300 000.
    answer = send(browser, whole[:200_000], len(whole))
    assert answer.status_code == 400
    assert "没有传完" in answer.content.decode()
    assert seen == []
    assert left(home) == []


def test_a_connection_that_breaks_leaves_no_file_behind(home: Path, browser: Client) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if data := super().read(size):
                return data
            raise OSError("connection reset by peer")

    whole = body(b"a" * 300_000)
    answer = browser.generic(
        "POST",
        "/take/",
        whole,
        content_type="multipart/form-data; boundary=x",
        **cast(Any, {"wsgi.input": Broken(whole[:200_000])}),
    )
    assert answer.status_code == 400
    assert seen == []
    assert left(home) == []


def test_a_body_that_ends_between_two_files_is_no_upload_either(home: Path, browser: Client) -> None:
    one = body(b"a" * 1_000).removesuffix(b"--x--\r\n")
    # The first file came whole, the second not at all.
    answer = send(browser, one + b"--x\r\n", len(one) + len(body(b"a" * 1_000)))
    assert answer.status_code == 400
    assert seen == []
    assert left(home) == []


def test_without_the_middleware_the_page_would_miss_files_without_knowing(home: Path) -> None:
    chain = [one for one in django_settings.MIDDLEWARE if one != MIDDLEWARE]
    with override_settings(MIDDLEWARE=chain):
        client = people.client(people.account(Role.CLERK))
        one = body(b"a" * 1_000).removesuffix(b"--x--\r\n")
        answer = send(client, one + b"--x\r\n", len(one) + len(body(b"a" * 1_000)))
    assert answer.status_code == 200
    assert seen == [("a.txt", 1_000)]


def test_a_content_length_that_is_too_small_takes_no_more_than_it_says(home: Path, browser: Client) -> None:
    whole = body(b"a" * 3_000_000)
    # Says 100 000, sends 3 MB: no byte beyond is read, and what was read has no end.
    answer = send(browser, whole, 100_000)
    assert answer.status_code in (200, 400)
    assert all(size < 100_000 for _, size in seen)
    assert left(home) == []


def test_far_beyond_the_limit_the_rest_is_not_even_read(home: Path, browser: Client) -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            Counting.taken += len(data)
            return data

    whole = body(b"a" * 10_000_000)
    stream = Counting(whole)
    answer = browser.generic(
        "POST", "/take/", whole, content_type="multipart/form-data; boundary=x", **cast(Any, {"wsgi.input": stream})
    )
    assert answer.status_code == 413
    assert answer["Connection"] == "close"
    # 1 MB is the limit and reading goes in pieces of 64 KiB, so the stop comes before 1.2 MB of 10 MB.
    assert Counting.taken < 1_200_000
    assert left(home) == []


def test_a_form_without_files_passes(browser: Client) -> None:
    assert browser.post("/take/", {"a": "1"}).status_code == 200
