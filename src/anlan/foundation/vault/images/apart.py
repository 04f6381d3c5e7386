"""Reads pictures in a process of its own: what a hostile file does to the reader, it does to that process only.

The child bounds its memory and is killed when one picture takes too long. Both sides speak lines of JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from anlan.foundation.vault.images.examining import Picture, examine
from anlan.foundation.vault.images.faults import TOLD, PictureError

# Seconds for one picture; one of 200 million pixels takes three on a small server.
SECONDS: Final = 30.0
# Address space of the child in bytes. A picture of 60 million pixels needs half of it.
MEMORY: Final = 2_000_000_000
# An answer holds two small copies of the picture; a child that says more has lost its mind.
_LONGEST: Final = 16_000_000


class Apart:
    """Reader in a process of its own, for as many pictures as are asked for: `with Apart() as apart: apart.examine(…)`.

    A process that was killed or died is started anew for the next picture.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def examine(self, path: Path) -> Picture:
        """Looks at a picture. PictureError also where it took too much time or memory."""
        child = self._child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(json.dumps(os.fspath(path)).encode() + b"\n")
            answer = json.loads(self._awaited(child.stdout.fileno()))
            if "fault" not in answer:
                return Picture.of_plain(answer)
        except (OSError, EOFError, KeyError, TypeError, ValueError) as error:
            # Killed by its bounds, or no longer itself.
            self._end()
            raise PictureError("too_heavy") from error
        raise PictureError(answer["fault"] if answer["fault"] in TOLD else "damaged")

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "anlan.foundation.vault.images.apart", str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Every thread of the numerical library reserves address space.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            bufsize=0,
        )
        return self._child

    def _awaited(self, pipe: int) -> bytes:
        """One line of the child. TimeoutError when nothing more comes for too long, EOFError when it is dead."""
        found = bytearray()
        while not found.endswith(b"\n"):
            if not select.select([pipe], [], [], self._seconds)[0]:
                raise TimeoutError
            piece = os.read(pipe, 1 << 20)
            if not piece or len(found) > _LONGEST:
                raise EOFError
            found += piece
        return bytes(found)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()


def _serve() -> None:
    """The child: paths in, pictures out, one a line."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # Nothing is written but the pipe.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for line in sys.stdin:
        try:
            answer = examine(Path(json.loads(line))).plain()
        except PictureError as error:
            answer = {"fault": error.code}
        except FileNotFoundError:
            answer = {"fault": "missing"}
        except MemoryError:
            answer = {"fault": "too_heavy"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
