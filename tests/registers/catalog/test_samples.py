"""The sample rows of the pack: all of them come in, and the figures over them agree with each other."""

from __future__ import annotations

from collections import Counter

import pytest

from anlan import packs
from anlan.foundation.access.actor import machine
from anlan.plan import pack
from anlan.registers import figures, sampling
from anlan.registers.book import book
from anlan.registers.installing import bring
from anlan.registers.models import Row
from anlan.registers.sources import PACK_FOLDER
from anlan.web.install import district

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

FOLDER = packs.find("changjiang")


def samples() -> dict[str, int]:
    """Rows of each sample file, its heading not counted."""
    assert FOLDER is not None
    files = (FOLDER / PACK_FOLDER / sampling.FOLDER).glob("*.csv")
    return {one.stem: one.read_text(encoding="utf-8").count("\n") - 1 for one in files}


def test_all_sample_rows_come_in_and_no_figure_over_them_contradicts_another() -> None:
    assert FOLDER is not None
    given = pack.load("changjiang")
    district.bring_divisions(given.divisions)
    district.bring_units(given.organs, sample=True)
    assert bring(machine("test"), FOLDER).problems == ()
    assert sampling.bring(machine("test"), FOLDER) == sum(samples().values())
    there = Counter(Row.objects.values_list("register__code", flat=True))
    assert dict(there) == samples()
    assert Row.objects.filter(sample=False).count() == 0
    for code in samples():
        installed = book()[code]
        wrong = figures.broken(installed, installed.rows, "en")
        assert wrong == [], f"{code}: {wrong}"
