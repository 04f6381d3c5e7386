"""What the sample plan rests on: collected, one document corrected, its clauses taken in and mapped."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.walkthrough.browser import PHONE, WIDE
from tests.walkthrough.conftest import Open

HIGHER = """推进长江经济带发展实施方案（样例{mark}）

1.减轻农业面源污染，化肥、农药继续减量，畜禽粪污综合利用。（责任单位：各县区）
2.管好护好湿地，推进小微湿地保护与利用。（责任单位：各县区）
3.推进船舶岸电使用，开展码头改造。（责任单位：各县区）
"""


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_clauses_of_a_higher_plan_find_their_measures(open_window: Open, size: tuple[int, int]) -> None:
    clerk = open_window("clerk", size)
    page = clerk.page
    key = clerk.site.rows("SELECT id FROM plan_plan WHERE sample AND state = 'issued' ORDER BY id LIMIT 1")[0][0]
    clerk.go(f"/plans/{key}/basis/")
    collect = page.locator(".page-actions form button")
    if collect.count():
        collect.click()
        page.wait_for_load_state()
    clerk.look("plan-basis")
    clerk.go("/basis/")
    clerk.look("bases")
    clerk.go("/basis/new/")
    page.locator("input[name=title]").fill(f"推进长江经济带发展实施方案{size[0]}")
    page.locator("input[name=number]").fill(f"样发〔2022〕{size[0]}号")
    page.locator("select[name=level]").select_option("province")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/basis/\d+/$"))
    page.locator("textarea[name=text]").fill(HIGHER.format(mark=size[0]))
    page.locator("details form button[type=submit]").last.click()
    page.wait_for_load_state()
    # The measures of the sample plan: other plans may have come in.
    clerk.go(f"{page.url.split('?')[0].removeprefix(clerk.site.address)}?plan={key}")
    rows = page.locator(".compare-row")
    expect(rows).to_have_count(3)
    first = rows.first.locator("input[name=pair]").first
    first.check()
    rows.first.get_by_role("button").first.click()
    page.wait_for_load_state()
    expect(page.locator(".compare-row").first.locator(".mapped")).to_have_count(1)
    page.locator(".compare-row").nth(2).locator("summary").click()
    page.locator(".compare-row").nth(2).locator("input[name=reason]").fill("本区没有码头")
    page.locator(".compare-row").nth(2).locator("details button").click()
    page.wait_for_load_state()
    clerk.look("basis")
    address = page.url.split("?")[0].removeprefix(clerk.site.address)
    clerk.go(f"{address}?open=1")
    expect(page.locator(".compare-row")).to_have_count(1)
    switch = page.locator("form[action*='i18n'] button, form[action*=language] button").first
    switch.click()
    page.wait_for_load_state()
    for path in (address, "/basis/", f"/plans/{key}/basis/"):
        clerk.go(path)
        clerk.look(f"english{re.sub('[^a-z]+', '-', path)}")
    page.locator("form[action*='i18n'] button, form[action*=language] button").first.click()
