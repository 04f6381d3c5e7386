"""The front hands requests to the pages as WSGI has them, and their answers back, large ones by their file."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from anlan.web.served_bodies import Limits
from anlan.web.served_front import Front

LIMITS = Limits(kept_bytes=1_000_000, read_bytes=4_000_000, all_bytes=9_000_000, silence_s=0.05)
Pages = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Headers:
    """Headers as granian gives them: names in lower case, some more than once."""

    def __init__(self, *rows: tuple[str, str]) -> None:
        self._rows = rows

    def items(self) -> list[tuple[str, str]]:
        return list(self._rows)

    def get(self, name: str) -> str | None:
        return next((value for key, value in self._rows if key == name), None)


class Sender:
    """The other end of one request: what it sends, what it got."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.file = ""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._pieces:
            return self._pieces.pop(0)
        await asyncio.sleep(60)
        return b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, headers

    def response_file(self, status: int, headers: list[tuple[str, str]], file: str) -> None:
        self.status, self.headers, self.file = status, headers, file


def scope(*headers: tuple[str, str], method: str = "GET", path: str = "/", client: str = "127.0.0.1:5") -> Any:
    return SimpleNamespace(
        method=method,
        path=path,
        query_string="q=1",
        server="127.0.0.1:80",
        client=client,
        scheme="https",
        http_version="1.1",
        authority=None,
        headers=Headers(*headers),
    )


def ask(pages: Pages, request: Any, sender: Sender | None = None, folder: Path = Path("/")) -> Sender:
    front = Front(pages, limits=LIMITS, folder=lambda: folder, threads=2)
    sender = sender or Sender()

    async def run() -> None:
        await front.__rsgi__(request, sender)
        front.__rsgi_del__(asyncio.get_running_loop())

    asyncio.run(run())
    return sender


def saying(body: Iterable[bytes], status: str = "200 OK", *headers: tuple[str, str]) -> Pages:
    def pages(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start(status, list(headers))
        return body

    return pages


def test_a_request_comes_as_wsgi_has_it() -> None:
    seen: dict[str, Any] = {}

    def pages(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("200 OK", [])
        return [b""]

    headers = (
        ("host", "anlan.local"),
        ("content-type", "text/plain"),
        ("content-length", "6"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("x_forwarded_for", "9.9.9.9"),
    )
    ask(pages, scope(*headers, method="POST", path="/你", client="[::1]:77"), Sender(b"abc", b"def"))
    assert seen["body"] == b"abcdef"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/你"
    assert (seen["REQUEST_METHOD"], seen["QUERY_STRING"], seen["wsgi.url_scheme"]) == ("POST", "q=1", "https")
    assert (seen["REMOTE_ADDR"], seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("::1", "127.0.0.1", "80")
    assert (seen["HTTP_HOST"], seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("anlan.local", "text/plain", "6")
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    # It would pass for X-Forwarded-For, which a proxy sets.
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_an_answer_goes_back_with_its_headers() -> None:
    got = ask(saying([b"one", b"two"], "201 Created", ("X-A", "1"), ("Set-Cookie", "a"), ("Set-Cookie", "b")), scope())
    assert (got.status, got.body) == (201, b"onetwo")
    assert got.headers == [("x-a", "1"), ("set-cookie", "a"), ("set-cookie", "b")]


@pytest.mark.parametrize(("method", "status"), [("HEAD", "200 OK"), ("GET", "304 Not Modified")])
def test_an_answer_without_a_body_keeps_its_length(method: str, status: str) -> None:
    got = ask(saying([b"body"], status, ("Content-Length", "4")), scope(method=method))
    assert (got.body, got.headers) == (b"", [("content-length", "4")])


def test_a_large_answer_lies_in_a_file_with_its_length(tmp_path: Path) -> None:
    got = ask(
        saying((b"x" * 1_000_000 for _ in range(3)), "200 OK", ("content-length", "wrong")), scope(), None, tmp_path
    )
    assert Path(got.file).parent == tmp_path
    assert Path(got.file).stat().st_size == 3_000_000
    assert got.headers == [("content-length", "3000000")]


def filing(file: Any) -> Pages:
    def pages(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](file, 4_096)
        return wrapped

    return pages


def test_a_large_file_goes_by_its_name_a_small_one_or_a_part_by_its_bytes(tmp_path: Path) -> None:
    large, small = tmp_path / "large", tmp_path / "small"
    large.write_bytes(b"x" * 2_000_000)
    small.write_bytes(b"small")
    assert ask(filing(large.open("rb")), scope(), None, tmp_path).file == str(large)
    assert ask(filing(small.open("rb")), scope(), None, tmp_path).body == b"small"
    assert ask(filing(io.BytesIO(b"none")), scope(), None, tmp_path).body == b"none"
    begun = large.open("rb")
    begun.read(1_000_000)
    # What is left fits into memory, and the file as it lies is not what was meant.
    assert len(ask(filing(begun), scope(), None, tmp_path).body) == 1_000_000


def test_a_file_that_was_replaced_under_its_name_is_not_sent_for_the_one_opened(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old" * 1_000_000)
    opened = path.open("rb")
    path.unlink()
    path.write_bytes(b"new" * 1_000_000)
    got = ask(filing(opened), scope(), None, tmp_path)
    assert Path(got.file) != path
    assert Path(got.file).read_bytes()[:3] == b"old"


def test_what_the_application_opened_is_closed(tmp_path: Path) -> None:
    class Chunks:
        closed = False

        def __iter__(self) -> Any:
            return iter([b"a"])

        def close(self) -> None:
            self.closed = True

    chunks = Chunks()
    ask(saying(chunks), scope())
    assert chunks.closed


def test_a_failure_on_the_way_is_an_answer_too(caplog: pytest.LogCaptureFixture) -> None:
    def pages(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        raise RuntimeError("broken")

    got = ask(pages, scope())
    assert got.status == 500
    assert "服务器出错" in got.body.decode()
    assert "broken" in caplog.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("transfer-encoding", "chunked")], 411),
        ([("content-length", "-1")], 400),
        ([("content-length", "1" * 30)], 400),
        ([("content-length", "10")], 408),
    ],
)
def test_a_body_that_cannot_be_taken_in_is_refused_before_any_page(headers: list[tuple[str, str]], status: int) -> None:
    def pages(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        raise AssertionError("no page is asked")

    got = ask(pages, scope(*headers, method="POST"), Sender(b"abc"))
    assert got.status == status
    assert ("connection", "close") in got.headers


def test_a_body_that_was_not_read_to_its_end_closes_the_connection(tmp_path: Path) -> None:
    request = scope(("content-length", "5000000"), method="POST")
    got = ask(saying([b"too large"], "413 Too Large"), request, Sender(*[b"x" * 500_000] * 10), tmp_path)
    assert (got.status, got.headers) == (413, [("connection", "close")])


def test_senders_who_are_not_done_hold_no_thread(tmp_path: Path) -> None:
    """More of them than there are threads; another's page is answered meanwhile, by a thread that is free."""
    front = Front(saying([b"page"]), limits=LIMITS, folder=lambda: tmp_path, threads=1)
    slow = [Sender(b"a") for _ in range(20)]

    async def run() -> Sender:
        tasks = [
            asyncio.create_task(front.__rsgi__(scope(("content-length", "9"), method="POST"), one)) for one in slow
        ]
        await asyncio.sleep(0)
        other = Sender()
        await front.__rsgi__(scope(), other)
        assert not any(task.done() for task in tasks)
        await asyncio.gather(*tasks)
        return other

    assert asyncio.run(run()).body == b"page"
    assert {one.status for one in slow} == {408}
    assert threading.active_count() < 20
