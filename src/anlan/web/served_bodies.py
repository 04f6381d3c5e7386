"""Bodies of requests on their way in: taken in by the event loop, however slowly they come, before a thread is spent.

A small one lies in memory, a larger one in a file without a name. Limits of size, silence and rate end what would
never come to its end; the places that slow senders take are connections, of which there are many.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from anlan.settings import Words

IN_MEMORY = 262_144


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of senders.

    Of one body `kept_bytes` are kept, of all bodies at one time `all_bytes`. One of up to `read_bytes` is read to its
    end, because a browser shows an answer only after it could send all of its request. After `grace_s` a body must
    have come at `bytes_per_s` on average, slower than the slowest phone network; a sender who is silent for
    `silence_s` is taken for gone.
    """

    kept_bytes: int
    read_bytes: int
    all_bytes: int
    silence_s: float = 20.0
    grace_s: float = 60.0
    bytes_per_s: int = 2_000


class Source(Protocol):
    """Whatever gives the pieces of a body: granian's protocol of one request."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces; an empty one, or none any more, after the last."""
        ...


class RefusedError(Exception):
    """Body that is not taken in: the status of the answer, and what it says."""

    def __init__(self, status: int, words: Words) -> None:
        super().__init__(words.en)
        self.status = status
        self.words = words


class GoneError(Exception):
    """The sender hung up: there is nobody to answer."""


def _too_slow() -> RefusedError:
    return RefusedError(
        408,
        Words(
            "内容传得太慢，已中断：请检查网络后再试",
            "what you sent came too slowly and was cut off: check the network and try again",
        ),
    )


class Bodies:
    """Takes in the bodies of one process, the large ones into the folder that `folder` gives."""

    def __init__(self, limits: Limits, folder: Callable[[], Path]) -> None:
        self._limits = limits
        self._folder = folder
        self._kept = 0

    @asynccontextmanager
    async def received(self, source: Source, length: int) -> AsyncIterator[BinaryIO]:
        """The body of `length` bytes, from its beginning; what is beyond the limit of one body is dropped.

        Raises RefusedError if it does not come in time or cannot be kept, GoneError if it breaks off.
        """
        file: BinaryIO = io.BytesIO() if length <= IN_MEMORY else self._open()
        kept = 0
        try:
            async for whole in self._pieces(source, length):
                piece = whole[: self._limits.kept_bytes - kept]
                if self._kept + len(piece) > self._limits.all_bytes:
                    raise RefusedError(
                        503,
                        Words(
                            "同时上传的内容太多，请过几分钟再试",
                            "too much is being uploaded at the same time: try again in a few minutes",
                        ),
                    )
                self._kept += len(piece)
                kept += len(piece)
                self._write(file, piece)
            file.seek(0)
            yield file
        finally:
            self._kept -= kept
            file.close()

    async def _pieces(self, source: Source, length: int) -> AsyncIterator[bytes]:
        wanted = length if length <= self._limits.read_bytes else min(length, self._limits.kept_bytes)
        loop = asyncio.get_running_loop()
        begun, got = loop.time(), 0
        pieces = aiter(source)
        while got < wanted:
            try:
                # After a time-out nothing more may be asked of the source: it would wait for the piece given up.
                async with asyncio.timeout(self._limits.silence_s):
                    piece = await pieces.__anext__()
            except TimeoutError:
                raise _too_slow() from None
            except StopAsyncIteration:
                raise GoneError from None
            if not piece:
                raise GoneError
            got += len(piece)
            passed = loop.time() - begun
            if got < wanted and passed > self._limits.grace_s and got < passed * self._limits.bytes_per_s:
                raise _too_slow()
            yield piece

    def _open(self) -> BinaryIO:
        try:
            return cast(BinaryIO, tempfile.TemporaryFile(dir=self._folder()))
        except OSError as error:
            raise _no_room() from error

    def _write(self, file: BinaryIO, piece: bytes) -> None:
        try:
            file.write(piece)
        except OSError as error:
            raise _no_room() from error


def _no_room() -> RefusedError:
    return RefusedError(
        507,
        Words(
            "服务器磁盘已满，没有收下：请告诉系统管理员",
            "the server's disk is full, so this was not taken in: tell the system administrator",
        ),
    )
