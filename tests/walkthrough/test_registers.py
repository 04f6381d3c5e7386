"""A register nobody here thought of: its spec dropped into a pack, the product started, filled in a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.registers import sheets
from tests.registers.spec.specs import SIGNS
from tests.walkthrough import installation
from tests.walkthrough.browser import PHONE, WIDE, Visitor
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import ROOT, Installation
from tests.walkthrough.people import Accounts

OFFICE, TOWN = "区生态环境局", "鲇鱼山镇"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Installation whose pack declares the signs of river chiefs."""
    folder = tmp_path_factory.mktemp("district")
    pack = folder / "pack"
    shutil.copytree(ROOT / "packs" / "changjiang", pack)
    (pack / "registers" / "river_sign.toml").write_text(SIGNS, encoding="utf-8")
    made = installation.found(folder)
    made.environ["ANLAN_PACK"] = f"{pack}/"
    made.start()
    try:
        yield made
    finally:
        made.stop()


def _clerk(open_window: Open, at: Installation, size: tuple[int, int] = WIDE) -> Visitor:
    visitor = open_window(size=size, at=at)
    Accounts.of(at).sign_in(visitor, "clerk")
    return visitor


def test_it_is_filled_by_form_and_by_sheet_and_stands_in_list_and_figures(
    open_window: Open, district: Installation, tmp_path: Path
) -> None:
    clerk = _clerk(open_window, district)
    page = clerk.page
    clerk.go("/registers/")
    clerk.look("registers")
    page.get_by_role("link", name="河长公示牌").click()
    page.get_by_role("link", name="登记", exact=True).first.click()
    page.fill("#id_number", "CJ-01")
    page.fill("#id_height", "250 cm")
    page.get_by_role("button", name="保存").click()
    # Everything at once: three fields that are empty, and the unit of the height.
    errors = page.locator(".form-errors li")
    expect(errors).to_have_count(4)
    expect(errors.filter(has_text="换算后是 2.5")).to_have_count(1)
    page.fill("#id_height", "2.5")
    page.fill("#id_river", "昌江")
    page.select_option("#id_town", label=TOWN)
    page.fill("#id_owner", OFFICE)
    page.fill("#id_reach", "12.5")
    page.select_option("#id_condition", "good")
    page.fill("#id_checked_on", "2022-05-06")
    clerk.look("register-form")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r"/registers/river_sign/\d+/$"))
    expect(page.locator("main")).to_contain_text("第 1 版")
    clerk.look("register-row")

    rows = [sheets.row(f"CJ-{n:02}", 所在乡镇=TOWN, 责任单位=OFFICE) for n in range(2, 6)]
    bad, good = tmp_path / "bad.xlsx", tmp_path / "good.xlsx"
    bad.write_bytes(
        sheets.book(
            [*rows, sheets.row("CJ-02", 所在乡镇="小渡镇", 责任单位=OFFICE), sheets.row("CJ-09", 最近检查="1899-12-31")]
        )
    )
    good.write_bytes(sheets.book(rows))
    clerk.go("/registers/river_sign/")
    page.get_by_role("link", name="导入", exact=True).click()
    page.set_input_files("input[type=file]", str(bad))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/import/\d+/"))
    for told in ("小渡镇", "与第 2 行是同一条", "1899-12-31"):
        expect(page.locator("main")).to_contain_text(told)
    clerk.go("/register-river_sign/import/")
    page.set_input_files("input[type=file]", str(good))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/import/\d+/"))
    page.fill("textarea[name=reason]", "首次导入")
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/registers/river_sign/$"))
    expect(page.locator(".listing-total")).to_contain_text("共 5 条")
    clerk.look("register-list")
    clerk.go("/registers/river_sign/indicators/")
    # Five signs of 12.5 km, all of them in good condition.
    for told in ("62.5", "100.00"):
        expect(page.locator(".register-figures")).to_contain_text(told)
    clerk.look("register-indicators")
    clerk.go("/registers/river_sign/help/")
    clerk.look("register-help")


@pytest.mark.parametrize(
    "path", ["", "outfall/", "outfall/indicators/", "sewage_facility_month/missing/", "outfall/new/"]
)
def test_the_pages_fit_a_phone(open_window: Open, district: Installation, path: str) -> None:
    clerk = _clerk(open_window, district, PHONE)
    clerk.go(f"/registers/{path}")
    clerk.look(f"register-phone-{path.strip('/').replace('/', '-') or 'all'}")
