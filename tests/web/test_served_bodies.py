"""Bodies are taken in within limits of size, silence and rate, and nothing of them stays behind."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pytest

from anlan.web.served_bodies import IN_MEMORY, Bodies, GoneError, Limits, RefusedError

ROOMY = Limits(kept_bytes=1_000_000, read_bytes=4_000_000, all_bytes=3_000_000)


class Pieces:
    """Source of these pieces; of a number it is silent for so many seconds."""

    def __init__(self, *pieces: bytes | float) -> None:
        self._pieces = list(pieces)
        self.taken = 0

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while self._pieces:
            piece = self._pieces.pop(0)
            if isinstance(piece, bytes):
                self.taken += len(piece)
                return piece
            await asyncio.sleep(piece)
        return b""


def bodies(folder: Path, limits: Limits = ROOMY) -> Bodies:
    return Bodies(limits, lambda: folder)


def receive(to: Bodies, source: Pieces, length: int) -> bytes:
    async def run() -> bytes:
        async with to.received(source, length) as body:
            return body.read()

    return asyncio.run(run())


@pytest.mark.parametrize("length", [5, IN_MEMORY, IN_MEMORY + 1, 900_000])
def test_a_body_comes_as_it_was_sent(tmp_path: Path, length: int) -> None:
    sent = bytes(number % 251 for number in range(length))
    pieces = [sent[at : at + 65_536] for at in range(0, length, 65_536)]
    assert receive(bodies(tmp_path), Pieces(*pieces), length) == sent
    assert list(tmp_path.iterdir()) == []


def test_of_a_body_somewhat_too_large_the_rest_is_read_and_dropped(tmp_path: Path) -> None:
    source = Pieces(*[b"x" * 100_000] * 20)
    # 20 pieces of 100,000; 1,000,000 are kept.
    assert len(receive(bodies(tmp_path), source, 2_000_000)) == 1_000_000
    assert source.taken == 2_000_000


def test_of_a_body_far_too_large_no_more_is_read_than_is_kept(tmp_path: Path) -> None:
    source = Pieces(*[b"x" * 100_000] * 50)
    assert len(receive(bodies(tmp_path), source, 5_000_000)) == 1_000_000
    assert source.taken == 1_000_000


def refused(to: Bodies, source: Pieces, length: int) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        receive(to, source, length)
    return caught.value


def test_silence_ends_it(tmp_path: Path) -> None:
    limits = Limits(1_000_000, 4_000_000, 3_000_000, silence_s=0.02)
    assert refused(bodies(tmp_path, limits), Pieces(b"abc", 60.0), 10).status == 408


def test_crawling_ends_it_after_the_grace(tmp_path: Path) -> None:
    limits = Limits(1_000_000, 4_000_000, 3_000_000, silence_s=5.0, grace_s=0.05, bytes_per_s=1_000_000)
    crawl: Sequence[bytes | float] = [b"a", 0.01] * 1_000
    source = Pieces(*crawl)
    assert refused(bodies(tmp_path, limits), source, 1_000).status == 408
    # It did not come to its end: 1,000 pieces with 0.01 s each would take 10 s.
    assert source.taken < 100


def test_who_hangs_up_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(GoneError):
        receive(bodies(tmp_path), Pieces(b"abc"), 10)


def test_all_bodies_together_have_a_limit_and_give_their_room_back(tmp_path: Path) -> None:
    to = bodies(tmp_path, Limits(1_000_000, 4_000_000, all_bytes=1_500_000))

    async def run() -> None:
        async with to.received(Pieces(b"x" * 900_000), 900_000):
            with pytest.raises(RefusedError) as caught:
                async with to.received(Pieces(b"x" * 900_000), 900_000):
                    pass
            assert caught.value.status == 503
        async with to.received(Pieces(b"x" * 900_000), 900_000):
            pass

    asyncio.run(run())


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        """File on a disk that is full."""

        def write(self, _data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            """Nothing to close."""

    def full(self: Bodies) -> BinaryIO:
        return Full()  # type: ignore[return-value]

    monkeypatch.setattr(Bodies, "_open", full)
    found = refused(bodies(tmp_path), Pieces(b"x" * 300_000), 300_000)
    assert found.status == 507
    assert "磁盘已满" in found.words.zh


def test_a_folder_that_is_not_there_is_said_too(tmp_path: Path) -> None:
    assert refused(bodies(tmp_path / "none"), Pieces(b"x" * 300_000), 300_000).status == 507
