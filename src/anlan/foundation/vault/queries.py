"""Reads: receipts of an object, and whether the vault still is what its rows say."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import BinaryIO

from django.db import models

from anlan.foundation.vault import storing
from anlan.foundation.vault.models import File, Receipt


def of(obj: models.Model) -> models.QuerySet[Receipt]:
    """Receipts of the files that belong to an object, the latest first."""
    return Receipt.objects.filter(kind=obj._meta.label_lower, object_id=str(obj.pk)).select_related("file")


def open_file(file: File) -> BinaryIO:
    """The file's bytes. FileNotFoundError if it is missing."""
    return storing.path_of(file.sha256).open("rb")


@dataclass(frozen=True, slots=True)
class Fault:
    """File whose row is not true any more: `state` is missing or changed; `names` are those it was uploaded with."""

    sha256: str
    state: str
    names: tuple[str, ...]
    received_at: dt.datetime
    found: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of recomputing every hash. `orphans` have no row, `unfinished` never came to their place."""

    files: int
    size: int
    faults: tuple[Fault, ...]
    orphans: tuple[str, ...]
    unfinished: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every row has its file as received. Orphans do no harm."""
        return not self.faults


def verify() -> Verification:
    """Recomputes the hashes of all files."""
    # Before the rows are read: a file that comes in meanwhile is then no orphan.
    lying = list(storing.placed())
    faults, known, size = [], set(), 0
    for file in File.objects.order_by("sha256").prefetch_related("receipts"):
        known.add(file.sha256)
        size += file.size
        state, found = _state(file)
        if state:
            names = tuple(dict.fromkeys(receipt.name for receipt in file.receipts.all()))
            faults.append(Fault(file.sha256, state, names, file.received_at, found))
    return Verification(
        files=len(known),
        size=size,
        faults=tuple(faults),
        orphans=tuple(sha256 for sha256 in lying if sha256 not in known),
        unfinished=tuple(sorted(path.name for path in storing.incoming().iterdir())),
    )


def _state(file: File) -> tuple[str, str]:
    try:
        with open_file(file) as stream:
            found = storing.sums(stream)
    except FileNotFoundError:
        return "missing", ""
    if found == storing.Sums(file.size, file.sha256, file.sm3):
        return "", ""
    return "changed", found.sha256


def sweep(older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Removes what killed processes left on its way in; gives the number of files."""
    removed = 0
    for path in storing.incoming().iterdir():
        try:
            if path.stat().st_mtime < time.time() - older_than.total_seconds():
                path.unlink()
                removed += 1
        except FileNotFoundError:
            # Came to its place, or was swept by another worker, in between.
            continue
    return removed
