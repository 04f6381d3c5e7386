"""The workbook of each round as a sheet that can be exported and imported: code `round-12` for round 12."""

from __future__ import annotations

import re

from anlan.foundation.sheets.registry import Importable, register_maker
from anlan.plan.progress import piece_taking
from anlan.plan.progress.models import Round

_CODE = re.compile(r"round-(\d{1,15})")


def _made(code: str) -> Importable | None:
    found = _CODE.fullmatch(code)
    round_ = Round.objects.filter(pk=int(found[1]), void=False).select_related("plan").first() if found else None
    return None if round_ is None else piece_taking.importable(round_)


register_maker(_made, "report.take")
