"""The front of a web process: a request takes a thread once all of it is there, and gives it back before the answer
travels.

Browsers on bad lines, and whoever means harm, send and read as slowly as they like, and threads are few: each has its
connections to the stores.
"""

from __future__ import annotations

import asyncio
import logging
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from anlan.settings import Words
from anlan.web.served_bodies import Bodies, GoneError, Limits, RefusedError, Source

_log = logging.getLogger(__name__)

_Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_Headers = list[tuple[str, str]]
# Answers up to this size are sent from memory.
_IN_MEMORY = 1_048_576
# A file that is sent is opened within moments; after that its name can go.
_OPENED_WITHIN_S = 60.0


class Sender(Source, Protocol):
    """Granian's protocol of one request: gives the body, takes one answer."""

    def response_bytes(self, status: int, headers: _Headers, body: bytes) -> None:
        """Sends this."""
        ...

    def response_empty(self, status: int, headers: _Headers) -> None:
        """Sends headers alone."""
        ...

    def response_file(self, status: int, headers: _Headers, file: str) -> None:
        """Sends the file of this path."""
        ...


@dataclass(slots=True)
class _Answer:
    """All of an answer: bytes, or a file by its path; `is_passing` if the file was made for this answer alone."""

    status: int
    headers: _Headers
    body: bytes = b""
    path: str = ""
    is_passing: bool = False


class _File:
    """Stands for `wsgi.file_wrapper`: keeps the file, so that it need not pass through Python."""

    def __init__(self, file: BinaryIO, block: int = 65_536) -> None:
        self.file = file
        self._block = block

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self._block), b"")

    @property
    def path(self) -> str:
        """Where it lies, if it has a name and is read from its beginning; else empty."""
        name = getattr(self.file, "name", None)
        if not isinstance(name, str):
            return ""
        try:
            there = os.stat(name)
            is_whole = stat.S_ISREG(there.st_mode) and self.file.tell() == 0
            return name if is_whole and os.path.samestat(there, os.fstat(self.file.fileno())) else ""
        except OSError:
            return ""

    def close(self) -> None:
        """Closes the file, and with it the response it belongs to."""
        self.file.close()


class Front:
    """Application for granian's RSGI interface, made of one for WSGI, of which `threads` requests run at one time."""

    def __init__(self, application: _Application, *, limits: Limits, folder: Callable[[], Path], threads: int) -> None:
        self._application = application
        self._limits = limits
        self._folder = folder
        self._bodies = Bodies(limits, folder)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __rsgi__(self, scope: Any, sender: Sender) -> None:
        """Answers one request."""
        try:
            answer = await self._answered(scope, sender)
        except GoneError:
            return
        except RefusedError as refusal:
            answer = _said(refusal.status, refusal.words)
        if answer.path:
            sender.response_file(answer.status, answer.headers, answer.path)
            if answer.is_passing:
                loop = asyncio.get_running_loop()
                loop.call_later(_OPENED_WITHIN_S, Path(answer.path).unlink, True)
        elif answer.body:
            sender.response_bytes(answer.status, answer.headers, answer.body)
        else:
            sender.response_empty(answer.status, answer.headers)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The end of the process: what runs is finished, what waits is not begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _answered(self, scope: Any, sender: Sender) -> _Answer:
        loop = asyncio.get_running_loop()
        length = _length(scope.headers)
        if not length:
            return await loop.run_in_executor(self._pool, self._run, scope, BytesIO(), 0)
        async with self._bodies.received(sender, length) as body:
            answer = await loop.run_in_executor(self._pool, self._run, scope, body, length)
        if length > self._limits.read_bytes:
            # What was not read would be taken for the next request.
            answer.headers = [*_without(answer.headers, "connection"), ("connection", "close")]
        return answer

    def _run(self, scope: Any, body: BinaryIO, length: int) -> _Answer:
        """What the application answers; runs in a thread."""
        answer: list[_Answer] = []

        def start(status: str, headers: _Headers, exc_info: object = None) -> None:
            answer.append(_Answer(int(status[:3]), [(name.lower(), value) for name, value in headers]))

        try:
            chunks = self._application(_environ(scope, body, length), start)
            try:
                self._take(chunks, answer[-1], scope.method)
            finally:
                if close := getattr(chunks, "close", None):
                    close()
        except Exception:  # noqa: BLE001 - whatever it is, it is logged and answered
            # Django answers errors of pages itself; this is one on the way there or back.
            _log.exception("%s %s", scope.method, scope.path)
            return _said(500, Words("服务器出错，请稍后再试", "the server failed: try again later"))
        return answer[-1]

    def _take(self, chunks: Iterable[bytes], answer: _Answer, method: str) -> None:
        """Takes in the body of the answer."""
        if method == "HEAD" or answer.status in (204, 304):
            return
        if isinstance(chunks, _File) and (path := chunks.path) and os.path.getsize(path) > _IN_MEMORY:
            answer.path = path
            return
        collected = bytearray()
        rest = iter(chunks)
        for chunk in rest:
            collected += chunk
            if len(collected) > _IN_MEMORY:
                break
        else:
            answer.body = bytes(collected)
            return
        with tempfile.NamedTemporaryFile(dir=self._folder(), suffix=".answer", delete=False) as file:
            answer.path, answer.is_passing = file.name, True
            file.write(collected)
            file.writelines(rest)
            answer.headers = [*_without(answer.headers, "content-length"), ("content-length", str(file.tell()))]


def _length(headers: Any) -> int:
    """Length of the body by its headers; RefusedError of a body that does not say it."""
    given = headers.get("content-length")
    if given is None:
        if headers.get("transfer-encoding") is None:
            return 0
        raise RefusedError(411, Words("请求没有写明内容的长度", "the request does not say the length of its body"))
    if not given.isascii() or not given.isdecimal() or len(given) > 18:
        raise RefusedError(400, Words("请求的内容长度不对", "the length of the request's body is wrong"))
    return int(given)


def _environ(scope: Any, body: BinaryIO, length: int) -> dict[str, Any]:
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # Bytes of an address travel in WSGI as the characters of Latin-1.
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(length) if length else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _File,
    }
    if scope.authority is not None:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        # A name with "_" would pass for the one with "-".
        if "_" in name or name in ("content-length", "transfer-encoding"):
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        if key in environ and key != "HTTP_HOST":
            value = environ[key] + ("; " if name == "cookie" else ",") + value
        environ[key] = value
    return environ


def _without(headers: _Headers, name: str) -> _Headers:
    return [one for one in headers if one[0] != name]


def _said(status: int, words: Words) -> _Answer:
    """Plain answer of the front itself, before which nothing of the body, or not all, was read."""
    headers = [
        ("content-type", "text/plain; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("connection", "close"),
    ]
    if status == 503:
        headers.append(("retry-after", "120"))
    return _Answer(status, headers, f"{words.zh}\n{words.en}\n".encode())
