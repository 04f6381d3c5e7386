"""Speed of the HJ 212 decoder on one core: frames a second, decoded and checked.

    python -m benchmarks.hj212 [--seconds S]

Three streams: real-time frames of 8 factors (about 350 bytes), the mixed field of the simulator, and the same with a
fifth of the frames spoilt. Each is fed in reads of 64 KiB; the best of several passes counts, since others use the
machine as well; time is that of the processor. Every pass is checked to have found just the good frames there are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from anlan.monitor.hj212.crc import crc
from anlan.monitor.hj212.decode import Decoder
from anlan.monitor.hj212.encode import enclose
from anlan.monitor.hj212.field.loggers import Field
from anlan.monitor.hj212.framing import Framer

_READ = 1 << 16
_CODES = ("w00000", "w01001", "w01010", "w01012", "w01018", "w21001", "w21003", "w21011")


def realtime(count: int) -> bytes:
    """Frames of one logger, each with another time and other values."""
    frames = []
    for n in range(count):
        day, second = 1 + n // 86400, n % 86400
        when = f"202608{day:02d}{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"
        values = ";".join(
            f"{code}-Rtd={n * (place + 3) % 9973 / 100:.2f},{code}-Flag=N" for place, code in enumerate(_CODES)
        )
        head = f"QN={when}{n % 1000:03d};ST=32;CN=2011;PW=123456;MN=5A5A0000000000000000000F;Flag=5;"
        frames.append(enclose(f"{head}CP=&&DataTime={when};{values}&&".encode()))
    return b"".join(frames)


def field(bad: float) -> tuple[bytes, int]:
    """Bytes of a simulated field, and how many of its frames are to be taken."""
    sent = list(Field(50, 100.0, seed=212, bad=bad).sendings(100))
    return b"".join(one.data for one in sent), sum(not one.fault for one in sent)


def passes(stream: bytes, good: int, seconds: float) -> tuple[float, int]:
    """Seconds of the best pass over the stream, and its number of frames."""
    best, frames, until = float("inf"), 0, time.perf_counter() + seconds
    while best == float("inf") or time.perf_counter() < until:
        decoder = Decoder()
        begun = time.process_time()
        for place in range(0, len(stream), _READ):
            decoder.feed(stream[place : place + _READ])
        best = min(best, time.process_time() - begun)
        decoder.finish()
        frames = decoder.frames
        if frames - decoder.bad != good:
            raise AssertionError(f"{frames - decoder.bad} good frames instead of {good}")
    return best, frames


def step(call: Callable[[], object], frames: int) -> float:
    """Microseconds a frame of one step, best of seven."""
    times = []
    for _ in range(7):
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return min(times) / frames * 1e6


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each stream")
    seconds = parser.parse_args().seconds
    streams = {
        "real-time, 8 factors": (realtime(20_000), 20_000),
        "field": field(0.0),
        "field, 20 % spoilt": field(0.2),
    }
    print("| stream | bytes a frame | frames/s | MB/s |\n|---|---|---|---|")
    for name, (stream, good) in streams.items():
        best, frames = passes(stream, good, seconds)
        print(f"| {name} | {len(stream) / frames:.0f} | {frames / best:,.0f} | {len(stream) / best / 1e6:.1f} |")
    stream = streams["real-time, 8 factors"][0]
    cuts = list(Framer().feed(stream))
    framing = step(lambda: [None for _ in Framer().feed(stream)], len(cuts))
    checksum = step(lambda: [crc(cut.segment) for cut in cuts], len(cuts))
    print(f"\nframing {framing:.1f} µs a frame, CRC {checksum:.1f} µs")


if __name__ == "__main__":
    main()
