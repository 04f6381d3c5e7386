"""Headings of a register's sheet: no two of its columns answer to one, whatever the spec calls them."""

from __future__ import annotations

import pytest
from tests.registers import signs as small
from tests.registers.spec.specs import SIGNS

from anlan.foundation.sheets.registry import importable

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def test_a_title_that_reads_like_the_id_of_another_field_gives_way_to_it() -> None:
    small.district()
    # In English the place is called "Height", and a field further down is "height".
    small.put(SIGNS.replace('zh = "所在乡镇", en = "Township"', 'zh = "所在乡镇", en = "Height"'))
    sheet = importable("register-river_sign")
    assert sheet is not None
    columns = {one.key: one for one in sheet.spec.columns}
    assert columns["town"].title.en == "Height (town)"
    assert "height" in columns
