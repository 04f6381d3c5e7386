"""Decoding a connection or a file: bytes in, frames out, good and bad alike."""

from __future__ import annotations

from collections.abc import Iterator

from anlan.monitor.hj212 import fast
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.hj212.framing import Framer
from anlan.monitor.hj212.segment import read


class Decoder:
    """Decodes one stream. The frames are the same however it is split; at most one frame's bytes are held.

    `frames` and `bad` count what was decoded, `stray_bytes` what belongs to no frame.
    """

    def __init__(self) -> None:
        self._framer = Framer()
        self.frames = 0
        self.bad = 0
        self.stray_bytes = 0

    @property
    def held(self) -> int:
        """Bytes that wait for more."""
        return self._framer.held

    @property
    def is_whole(self) -> bool:
        """Whether what waits is a frame that lacks its line end only: after a moment's silence, `finish` gives it."""
        return self._framer.is_whole

    def feed(self, data: bytes) -> list[Frame]:
        """Frames that these bytes complete."""
        return self._decoded(data, last=False)

    def finish(self) -> list[Frame]:
        """What waits, at the end of the stream or after a silence: a frame without line end, or the torso of one."""
        return self._decoded(b"", last=True)

    def _decoded(self, data: bytes, last: bool) -> list[Frame]:
        frames: list[Frame] = []
        framer = self._framer
        buffer, place, offset = framer.begin(data), 0, framer.offset
        find, plain = buffer.find, fast.plain
        while True:
            end = find(b"\r\n", place)
            if end > 0 and not framer.skipped:
                quick = plain(buffer[place:end], offset + place)
                if quick is not None:
                    frames.append(quick)
                    place = end + 2
                    continue
            cut, place = framer.next(buffer, place, last)
            if cut is None:
                break
            frame = read(cut)
            fast.learn(cut, frame)
            self.bad += frame.fault is not None
            self.stray_bytes += cut.skipped
            frames.append(frame)
        framer.keep(buffer, place)
        self.frames += len(frames)
        return frames


def decode(data: bytes) -> list[Frame]:
    """All frames of these bytes.

    >>> [frame.ok for frame in decode(b"##0031ST=91;CN=9014;PW=1;MN=1;CP=&&&&CFC1")]
    [True]
    """
    decoder = Decoder()
    return decoder.feed(data) + decoder.finish()


def decode_chunks(chunks: Iterator[bytes]) -> Iterator[Frame]:
    """Frames of a stream that is read piece by piece, in constant memory."""
    decoder = Decoder()
    for chunk in chunks:
        yield from decoder.feed(chunk)
    yield from decoder.finish()
