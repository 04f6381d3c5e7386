"""Sample rows of a pack: one CSV or Excel file a register in `registers/samples/`, named after it, marked as sample."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from anlan.foundation.access.actor import Actor
from anlan.foundation.sheets import staging
from anlan.registers import projection
from anlan.registers.book import book
from anlan.registers.importable import Sheet
from anlan.registers.models import Row
from anlan.registers.sources import PACK_FOLDER, in_order
from anlan.settings import InputError, Words

FOLDER = "samples"
_REASON = "样例数据"


def bring(actor: Actor, pack: Path) -> int:
    """Takes in the sample rows of every register that has none; gives their number.

    Columns are those of the register's sheet; the column of the state is followed. Raises InputError with everything
    that is wrong with the files.
    """
    folder = pack / PACK_FOLDER / FOLDER
    count = 0
    problems: list[Words] = []
    registers = book()
    for code in in_order({code: one.spec for code, one in registers.items()}):
        path = next((p for p in sorted(folder.glob(f"{code}.*")) if p.suffix in (".csv", ".xlsx")), None)
        if path is None or Row.objects.filter(register=registers[code].register).exists():
            continue
        sheet = Sheet(registers[code], None, sample=True).importable()
        try:
            dry, _applied = staging.take(actor, sheet, path.read_bytes(), path.name, reason=_REASON)
        except InputError as error:
            problems += [Words(f"{path.name}：{one.zh}", f"{path.name}: {one.en}") for one in error.problems]
        else:
            count += len(dry.work)
    if problems:
        raise InputError(*problems)
    if count:
        # What these gather from came in after them.
        with transaction.atomic():
            for one in registers.values():
                if any(gather.register != one.code for gather in one.spec.gathers):
                    projection.rebuild(one)
    return count
