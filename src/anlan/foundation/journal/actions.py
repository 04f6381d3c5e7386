"""What an auditor does with the journal; each is an entry in it."""

from __future__ import annotations

from collections.abc import Iterator

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.journal import sealing
from anlan.foundation.journal.sealing import Head, Progress, Report

# Faults that are kept with the entry of a verification.
_KEPT = 5


def verify(actor: Actor, anchor: Head | None = None, *, told: Progress | None = None) -> Report:
    """Checks the chain and keeps what came of it."""
    demand(actor, "journal.verify")
    # Before the transaction: on SQLite it would keep everybody from writing for as long as this takes.
    report = sealing.verify(anchor, told=told)
    with acting(actor, "journal.verify") as act:
        act.after = {
            "sound": report.is_sound,
            "blocks": report.blocks,
            "entries": report.entries,
            "unsealed": report.unsealed,
            "head": f"{report.head.number}:{report.head.hash}",
        }
        if anchor is not None:
            act.after |= {"anchor": f"{anchor.number}:{anchor.hash}", "anchor_holds": report.anchor_holds}
        if report.faults:
            act.after["faults"] = [
                f"{fault.kind} {fault.block} {' '.join(map(str, fault.entries))}".strip()
                for fault in report.faults[:_KEPT]
            ]
    return report


def export(actor: Actor) -> Iterator[str]:
    """The journal as lines of JSON, its head first."""
    with acting(actor, "journal.export") as act:
        last = sealing.head()
        act.after = {"head": f"{last.number}:{last.hash}"}
    return sealing.export()
