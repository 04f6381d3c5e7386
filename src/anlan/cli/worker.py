"""`anlan worker`: works on what waits in the background, until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from types import FrameType

from anlan.cli.django import setup
from anlan.settings import InputError, Words

_WRONG = 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "worker",
        help="运行后台程序 / run the background worker",
        description="处理排队的事项、启动定时任务、封存审计日志，直到 Ctrl-C 或 SIGTERM / "
        "do what waits in the queue, start recurring work and seal the journal, until Ctrl-C or SIGTERM",
    )
    parser.add_argument(
        "--threads",
        type=_threads,
        default=2,
        metavar="N",
        help="同时处理几项，1 到 16 / runs at the same time, 1 to 16",
    )


def _threads(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 16:
        raise argparse.ArgumentTypeError(f"{text}: 1–16")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 2 if the settings are wrong, else 0 once it was told to stop. A second signal ends it at once."""
    try:
        setup()
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG
    from anlan.foundation.jobs.worker import run_worker

    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            # What was running is taken back when its lease runs out.
            os._exit(128 + number)
        # In a thread: the signal may have come while this one holds the lock of the event.
        threading.Thread(target=stop.set).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    print(Words("后台程序已启动，按 Ctrl-C 停止", "the worker runs; Ctrl-C stops it").speak(args.lang), file=sys.stderr)
    run_worker(stop, threads=args.threads)
    return 0
