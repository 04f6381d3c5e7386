"""People on bad lines do not keep the others from their pages, nor the server from its end."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from pathlib import Path

from tests.cli.running import Site, site, wait_for

# Ten times the threads of a process.
SLOW = 40
# Less than it took before, when a page waited for the slowest upload.
SOON_S = 2.0


def begin(to: Site, head: str) -> socket.socket:
    """Connection on which somebody has begun to send, and does not go on."""
    made = socket.create_connection(("127.0.0.1", to.port), timeout=30)
    made.sendall(head.encode())
    return made


def upload(size: int) -> str:
    return (
        "POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {size}\r\n\r\n--x\r\n"
    )


def test_pages_come_while_others_send_slowly_and_a_lost_upload_leaves_nothing(tmp_path: Path) -> None:
    with site(tmp_path / "home") as one, contextlib.ExitStack() as stack:
        one.start("--real")
        slow = [stack.enter_context(begin(one, upload(size))) for size in (60_000, 30_000_000) for _ in range(SLOW)]
        for _ in range(SLOW):
            stack.enter_context(begin(one, "GET / HTTP/1.1\r\nHost: "))
            stack.enter_context(begin(one, ""))
        for _ in range(10):
            began = time.monotonic()
            assert one.answer() == 200
            assert time.monotonic() - began < SOON_S
        for each in slow:
            # It is still waited for: no answer, no end.
            each.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                raise AssertionError(each.recv(100))
        # A file on its way in has no name, so that nothing of it is left by whatever death.
        assert list((one.home / "vault" / "incoming").glob("*")) == []
        stack.close()
        assert one.stop(signal.SIGINT) == 0
        wait_for(lambda: not one.programs(), 10)


def test_an_upload_that_is_finished_slowly_is_taken(tmp_path: Path) -> None:
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    end = "\r\n--x--\r\n"
    size = len(head) + 600_000 + len(end)
    with site(tmp_path / "home") as one:
        one.start("--real")
        with begin(one, upload(size).removesuffix("--x\r\n") + head) as sender:
            for _ in range(60):
                sender.sendall(b"a" * 10_000)
                time.sleep(0.01)
            sender.sendall(end.encode())
            # Read to its end, and refused by the page for the token it lacks.
            assert sender.recv(12) == b"HTTP/1.1 403"
