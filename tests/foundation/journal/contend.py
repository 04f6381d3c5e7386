"""Writers and sealers at once; as a program on a store of its own, where it prints what verifying finds.

The tests' SQLite lies in memory, where connections lock each other out as they never do in a file.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from unittest import mock

import django

WRITERS, SEALERS, TRANSACTIONS, EACH = 4, 2, 25, 2


def run() -> None:
    """Starts them all and waits until the last has ended."""
    from django.db import connections, transaction

    from anlan.foundation.access.actor import machine
    from anlan.foundation.journal import sealing
    from anlan.foundation.journal.models import Outcome
    from anlan.foundation.journal.writing import write

    stop = threading.Event()

    def writer() -> None:
        try:
            for _ in range(TRANSACTIONS):
                with transaction.atomic():
                    for n in range(EACH):
                        write(machine("test"), "test.done", Outcome.DONE, details={"n": n})
                # Who waits for a lock of SQLite looks again after some milliseconds.
                time.sleep(0.01)
        finally:
            connections.close_all()

    def sealer() -> None:
        try:
            sealing.run_sealer(stop)
        finally:
            connections.close_all()

    with mock.patch.object(sealing, "_EVERY_SECONDS", 0.005):
        sealers = [threading.Thread(target=sealer) for _ in range(SEALERS)]
        writers = [threading.Thread(target=writer) for _ in range(WRITERS)]
        for thread in sealers + writers:
            thread.start()
        for thread in writers:
            thread.join()
        stop.set()
        for thread in sealers:
            thread.join()


def main() -> int:
    """Makes the tables, runs it and tells the report."""
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from anlan.foundation.journal.sealing import verify

    call_command("migrate", verbosity=0)
    run()
    report = verify()
    print(json.dumps([report.is_sound, report.entries, report.unsealed, report.blocks]))
    connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
