"""Lists: what the address asks for, what is shown, and that no address breaks them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe
from tests import people
from tests.foundation.screens.rows import COLUMNS, listing, names, twelve

from anlan.foundation.org.models import Unit, UnitAlias
from anlan.foundation.screens.listing import Column, Filter
from anlan.foundation.screens.marks import light

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def shown(address: str = "/", **changes: object) -> str:
    return render_to_string("screens/listing.html", {"listing": listing(address, **changes)})


def test_rows_come_in_the_order_of_the_default_column() -> None:
    twelve()
    assert names(listing()) == ["乙10", "乙11"] + [f"甲{n:02}" for n in range(8)]


def test_the_second_page_holds_the_rest() -> None:
    twelve()
    second = listing("/?page=2")
    assert names(second) == ["甲08", "甲09"]
    assert (second.total, second.page.paginator.num_pages) == (12, 2)


def test_a_header_sorts_and_turns_the_order_round() -> None:
    twelve()
    down = listing("/?sort=-short_name")
    assert names(down)[0] == "甲09"
    first = down.headings[0]
    assert (first.order, first.url) == ("descending", "/?sort=short_name")
    assert listing().headings[0].url == "/?sort=-short_name"
    assert listing().headings[2].url == ""


def test_the_header_says_the_order_to_screen_readers() -> None:
    twelve()
    assert shown().count('aria-sort="ascending"') == 1
    assert shown("/?sort=-kind").count('aria-sort="descending"') == 1


def test_rows_with_the_same_value_stand_on_one_page_only() -> None:
    twelve()
    pages = [names(listing(f"/?sort=kind&page={page}", per_page=5)) for page in (1, 2, 3)]
    assert sorted(name for page in pages for name in page) == sorted(unit.short_name for unit in Unit.objects.all())


def test_a_filter_narrows_and_its_chip_names_the_choice() -> None:
    twelve()
    one = listing("/?kind=township")
    assert names(one) == ["乙10", "乙11"]
    (chip,) = one.chips
    assert (chip.label, chip.clear) == ("乡镇街道", "/")
    assert [link.text for link in chip.links if link.current] == ["乡镇街道"]


def test_each_word_of_a_search_must_stand_in_the_row() -> None:
    twelve()
    assert names(listing("/?q=甲 03")) == ["甲03"]
    assert names(listing("/?q=甲 乙")) == []


def test_a_search_over_a_related_table_doubles_no_row() -> None:
    unit = people.unit("区水利局")
    for alias in ("水利一", "水利二"):
        UnitAlias.objects.create(name=alias, unit=unit)
    assert names(listing("/?q=水利")) == ["区水利局"]


def test_the_state_is_carried_from_link_to_link() -> None:
    twelve()
    one = listing("/?kind=department&q=甲&sort=-short_name&tab=x", per_page=3)
    assert one.next_url == "/?kind=department&q=%E7%94%B2&sort=-short_name&tab=x&page=2"
    assert one.clear_url == "/?sort=-short_name&tab=x"
    assert one.kept == [("kind", "department"), ("sort", "-short_name"), ("tab", "x")]


@pytest.mark.parametrize(
    ("address", "notice"),
    [
        ("/?kind=moon", "“类别”里没有“moon”这一项，没有按它筛选。"),
        ("/?sort=password", "不能按“password”排序。"),
        ("/?sort=note", "不能按“note”排序。"),
        ("/?page=99", "没有第 99 页，这里是最后一页（第 2 页）。"),
        ("/?page=0", "没有“第 0 页”，这里是第 1 页。"),
        ("/?page=-1", "没有“第 -1 页”，这里是第 1 页。"),
        ("/?page=二", "没有“第 二 页”，这里是第 1 页。"),
        ("/?page=" + "9" * 40, "没有“第 99999999999999999999 页”，这里是第 1 页。"),
        ("/?q=" + "甲" * 300, "搜索词太长，只用了前 200 个字。"),
    ],
)
def test_what_the_address_asks_for_and_is_not_there_is_said(address: str, notice: str) -> None:
    twelve()
    page = shown(address)
    assert notice in page
    assert 'role="alert"' in page


@pytest.mark.parametrize("address", ["/?q=%00", "/?kind=%00", "/?sort=%00&page=%00", "/?q=%25_%27%22", "/?q=%FF%FE"])
def test_no_address_breaks_a_list(address: str) -> None:
    twelve()
    assert 'id="listing"' in shown(address)


def test_what_is_typed_is_escaped() -> None:
    people.unit("<b>局")
    page = shown("/?q=<script>&kind=<i>")
    assert "<script>" not in page
    assert "<i>" not in page
    assert "<b>局" not in shown()


def test_numbers_stand_right_with_their_unit_in_the_header() -> None:
    people.unit("局")
    page = shown()
    assert "序号（号）" in page
    assert 'class="cell-number"' in page


def test_long_text_has_the_whole_of_it_on_hover() -> None:
    unit = people.unit("局")
    unit.note = "很长的说明" * 20
    unit.save()
    assert f'title="{unit.note}"' in shown()


def test_dates_lights_links_and_safe_html_are_shown_as_such() -> None:
    people.unit("局")
    columns = [
        COLUMNS[0],
        Column[Unit]("day", "日期", value=lambda unit: dt.date(2022, 9, 30), kind="date"),
        Column[Unit]("light", "亮灯", value=lambda unit: light("red"), kind="state"),
        Column[Unit]("html", "网页", value=lambda unit: mark_safe("<em>好</em>")),
        Column[Unit]("state", "状态", value=lambda unit: "已下达", kind="state"),
        Column[Unit]("none", "空", value=lambda unit: None),
    ]
    page = shown(columns=columns)
    assert "2022-09-30" in page
    assert "sign-red" in page
    assert "红灯" in page
    assert "<em>好</em>" in page
    assert "sign-neutral" in page
    assert 'href="/unit/' in page
    assert "None" not in page


def test_an_empty_list_says_what_would_be_here_and_offers_the_first_step() -> None:
    page = shown(empty=("这里是各单位。", "/new/", "新增单位"))
    assert "这里是各单位。" in page
    assert 'href="/new/"' in page
    assert "<table" not in page


def test_a_search_without_a_find_offers_to_clear_it() -> None:
    twelve()
    page = shown("/?q=没有的")
    assert "没有符合条件的记录" in page
    assert 'href="/"' in page


def test_a_list_without_export_has_no_link_to_it() -> None:
    twelve()
    assert "export=xlsx" in shown()
    assert "export=xlsx" not in shown(export="")
    assert not listing("/?export=xlsx", export="").wants_export


def test_a_page_costs_two_queries_however_many_rows_it_shows() -> None:
    twelve()
    for per_page in (1, 12):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown(per_page=per_page)
        assert len(queries) == 2


def test_a_column_or_filter_that_cannot_work_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="kind 'money'"):
        Column[Unit]("a", "甲", kind="money")
    with pytest.raises(ValueError, match="taken"):
        Filter[Unit]("page", "页", list, lambda rows, value: rows)
