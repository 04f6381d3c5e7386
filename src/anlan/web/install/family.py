"""Child programs of one start: all of them run, or none. What ends by itself is started again."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anlan.settings import Words

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
# So many deaths within so many seconds are no accident.
_DEATHS, _WITHIN_S = 3, 60.0
# Time to finish what is under way after SIGTERM.
_GRACE_S = 20.0
_LARGEST_OUTPUT = 10_000_000
_TRIM_EVERY_S = 60.0


class GivenUpError(Exception):
    """A program died again and again. `words` say which, with the last it printed."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def die_with(parent: int) -> None:
    """Lets the kernel end this process when its parent `parent` goes, by whatever death (Linux)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            # It went before the kernel was asked.
            os._exit(1)


@dataclass(eq=False)
class Child:
    """Program of the family: what runs, where its output goes, when it died lately."""

    name: str
    command: Sequence[str]
    output: Path
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=_DEATHS))
    process: subprocess.Popen[bytes] | None = None

    def start(self, environ: Mapping[str, str], keep: int) -> None:
        """Starts it in a process group of its own, so that whatever it started can be ended with it."""
        parent = os.getpid()
        descriptor = os.open(self.output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self.process = subprocess.Popen(
                self.command,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=subprocess.STDOUT,
                process_group=0,
                # The lock of the folder stays with each child until it is gone.
                pass_fds=(keep,),
                preexec_fn=lambda: die_with(parent),
            )
        finally:
            os.close(descriptor)

    def trim(self) -> None:
        """Begins its output anew when it has grown large; what was there is kept once."""
        with contextlib.suppress(FileNotFoundError):
            if self.output.stat().st_size > _LARGEST_OUTPUT:
                shutil.copyfile(self.output, self.output.with_suffix(".1.out"))
                # The program holds the file open and goes on at its end.
                os.truncate(self.output, 0)

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the program; SIGKILL to all that it started as well."""
        if self.process is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                self.process.send_signal(number)
        except ProcessLookupError:
            pass

    def last_words(self, lines: int = 15) -> str:
        """End of its output."""
        try:
            text = self.output.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


class Family:
    """Starts the children, keeps them running, stops them all. `keep` is a descriptor that they hold open."""

    def __init__(self, children: Sequence[Child], environ: Mapping[str, str], keep: int) -> None:
        self._children = children
        self._environ = environ
        self._keep = keep
        self._stopping = False

    def ask_to_stop(self, *_: object) -> None:
        """Handler of signals: `watch` returns soon."""
        self._stopping = True

    @property
    def is_stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stopping

    def start(self) -> None:
        """Starts all children."""
        for child in self._children:
            child.start(self._environ, self._keep)

    def watch(self, until: Callable[[], bool] | None = None, deadline: float | None = None) -> bool:
        """Keeps all running until told to stop (False), `until` is true (True) or the deadline is over (False).

        Raises GivenUpError if one dies again and again.
        """
        trim_at = time.monotonic()
        while not self._stopping:
            for child in self._children:
                self._see_to(child)
            if time.monotonic() > trim_at:
                trim_at = time.monotonic() + _TRIM_EVERY_S
                for child in self._children:
                    child.trim()
            if until is not None and until():
                return True
            if deadline is not None and time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return False

    def _see_to(self, child: Child) -> None:
        if child.process is None or child.process.poll() is None:
            return
        status = child.process.returncode
        # What it had started must not outlive it: the next one needs the port.
        child.signal(signal.SIGKILL)
        now = time.monotonic()
        child.deaths.append(now)
        if len(child.deaths) == _DEATHS and now - child.deaths[0] < _WITHIN_S:
            raise GivenUpError(
                Words(
                    f"{child.name} 连续退出 {_DEATHS} 次（状态 {status}），已全部停止。最后的输出"
                    f"（{child.output}）：\n{child.last_words()}",
                    f"{child.name} ended {_DEATHS} times in a row (status {status}), so everything was stopped. Its "
                    f"last words ({child.output}):\n{child.last_words()}",
                )
            )
        child.start(self._environ, self._keep)

    def stop(self) -> None:
        """Stops all children: gently first, and what is left after a while at once."""
        for child in reversed(self._children):
            child.signal(signal.SIGTERM)
        end = time.monotonic() + _GRACE_S
        for child in self._children:
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
                child.process.wait()
            child.signal(signal.SIGKILL)
