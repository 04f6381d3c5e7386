"""A register nobody here thought of: one file dropped into a pack, filled by form, sheet, program and command."""

from __future__ import annotations

import json
import re
import shutil
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import people
from tests.house.files import ROOT
from tests.registers import sheets
from tests.registers import signs as small
from tests.registers.spec.specs import SIGNS

from anlan.foundation.access.actor import actor_of, machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.interface import actions as tokens
from anlan.foundation.interface.scopes import known
from anlan.registers import sources
from anlan.registers.book import get
from anlan.registers.installing import bring
from anlan.registers.models import Row

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Pack of the district with the one spec dropped into it."""
    folder = tmp_path / "pack"
    shutil.copytree(ROOT / "packs" / "changjiang", folder)
    (folder / "registers").mkdir(exist_ok=True)
    (folder / "registers" / "river_sign.toml").write_text(SIGNS, encoding="utf-8")
    return folder


@pytest.fixture
def clerk(pack: Path) -> Account:
    """Clerk of the district, once the pack's registers are in force."""
    small.district()
    done = bring(machine("test"), pack)
    assert done.problems == ()
    assert "river_sign" in done.new
    return people.account(Role.CLERK)


@pytest.fixture
def browser(clerk: Account) -> Client:
    return people.client(clerk)


def picture() -> SimpleUploadedFile:
    """Picture of two by two grey points (PNG)."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    lines = zlib.compress(bytes([0, 90, 120, 0, 120, 90]))
    data = b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", lines) + piece(b"IEND", b"")
    return SimpleUploadedFile("牌.png", data, "image/png")


def text(answer: Any) -> str:
    content = answer.getvalue() if answer.streaming else answer.content
    return str(content.decode())


def test_a_spec_in_the_pack_is_a_register_to_fill_by_form_with_a_photo(browser: Client) -> None:
    assert "河长公示牌" in text(browser.get("/registers/"))
    form = text(browser.get("/registers/river_sign/new/"))
    assert "高度（m）" in form
    assert "0.5 到 6 m" in form
    wrong = browser.post("/registers/river_sign/new/", {"number": "CJ-01", "river": "昌江", "height": "250 cm"})
    assert wrong.status_code == 422
    assert "“高度”写的是“250 cm”，单位是“cm”" in text(wrong)
    sent = small.values(town="990101101", condition="good", photos=picture())
    answer = browser.post("/registers/river_sign/new/", sent)
    row = Row.objects.get()
    assert answer.status_code == 302, text(answer)
    assert answer["Location"] == f"/registers/river_sign/{row.pk}/"
    page = text(browser.get(answer["Location"]))
    for part in ("CJ-01 昌江", "2.50", "上渡镇", "完好", "牌.png", "第 1 版", "5.000"):
        assert part in page, part
    photo = re.search(r'href="(/files/[^"]+)"', page)
    assert photo is not None
    stream = browser.get(photo[1])
    assert stream.status_code == 200
    people.finish(stream)
    listed = text(browser.get("/registers/river_sign/?q=昌江&condition=good"))
    assert "CJ-01" in listed
    assert "共 1 条" in listed
    assert "没有符合条件" in text(browser.get("/registers/river_sign/?condition=lost"))


def test_it_is_corrected_deleted_and_restored_on_its_page(browser: Client) -> None:
    browser.post("/registers/river_sign/new/", small.values(town="990101101", condition="good"))
    row = Row.objects.get()
    edit = f"/registers/river_sign/{row.pk}/edit/"
    form = text(browser.get(edit))
    assert 'value="2.50"' in form
    sent = {**small.values(town="990101101", condition="damaged"), "revision": 1, "reason": "现场复核"}
    assert browser.post(edit, sent).status_code == 302
    page = text(browser.get(f"/registers/river_sign/{row.pk}/"))
    assert "<del>完好</del> → <ins>破损</ins>" in page
    assert "理由：现场复核" in page
    stale = browser.post(edit, {**sent, "condition": "lost"})
    assert stale.status_code == 422
    assert "刚被别人改过" in text(stale)
    browser.post(f"/registers/river_sign/{row.pk}/delete/", {"reason": "登记错了"})
    assert not get("river_sign").rows.exists()
    assert "CJ-01" in text(browser.get("/registers/river_sign/deleted/"))
    browser.post(f"/registers/river_sign/{row.pk}/restore/", {"reason": "没有登记错"})
    assert get("river_sign").rows.count() == 1
    browser.post(f"/registers/river_sign/{row.pk}/move/", {"step": "confirm"})
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_a_sheet_with_everything_wrong_is_told_at_once_and_a_good_one_is_taken_in_once(browser: Client) -> None:
    template = browser.get("/register-river_sign/import/template/")
    assert template.status_code == 200
    bad = sheets.book(
        [
            sheets.row("CJ-01", 高度="250 cm"),
            sheets.row("CJ-02", 高度=60),
            sheets.row("CJ-03", 所在乡镇="小渡镇"),
            sheets.row("CJ-04"),
            sheets.row("CJ-04"),
            sheets.row("CJ-06", 最近检查="1899-12-31"),
            sheets.row("CJ-07", 责任河段长="=A1+1"),
            sheets.row("CJ-08"),
            sheets.row("CJ-09"),
        ],
        merge=(8, 1, 9, 1),
    )
    page = text(_upload(browser, bad))
    for part in ("单位是“cm”", "超出范围；应在 0.5 到 6 m", "写的是“小渡镇”", "与第 5 行是同一条", "1899-12-31",
                 "是公式", "合并单元格"):  # fmt: skip
        assert part in page, part
    assert not Row.objects.exists()
    good = sheets.book(
        [sheets.row(f"CJ-{number:02}", 状况="破损" if number % 4 == 0 else "完好") for number in range(1, 9)]
    )
    answer = _upload(browser, good)
    address = answer.request["PATH_INFO"]
    browser.post(address, {"reason": "首次导入"})
    assert get("river_sign").rows.count() == 8
    again = text(_upload(browser, good))
    assert "无变化" in again
    figures = text(browser.get("/registers/river_sign/indicators/"))
    # 6 of 8 are in good condition: 75 %; eight reaches of 12.5 km are 100 km.
    for part in ("75.00", "100.0", "上渡镇"):
        assert part in figures, part
    out = browser.get("/register-river_sign/export/")
    back = _upload(browser, out.getvalue() if out.streaming else out.content)
    assert "无变化" in text(back)
    layer = json.loads(text(browser.get("/registers/river_sign/map.geojson")))
    assert len(layer["features"]) == 8
    assert layer["features"][0]["geometry"]["coordinates"] == [117.2034, 29.2921]
    assert layer["style"]["symbol"] == "square"
    assert "编号" in text(browser.get("/registers/river_sign/help/"))


def _upload(browser: Client, data: bytes) -> Any:
    sent = {"file": SimpleUploadedFile("公示牌.xlsx", data)}
    answer = browser.post("/register-river_sign/import/", sent, follow=True)
    assert answer.status_code == 200, text(answer)
    return answer


def test_a_program_reads_the_schema_and_writes_rows_and_is_told_what_is_wrong(clerk: Account) -> None:
    from django.utils import timezone

    _token, secret = tokens.create(actor_of(clerk), "台账程序", known(), timezone.localdate())
    client, headers = Client(), {"Authorization": f"Bearer {secret}"}

    def call(method: str, address: str, body: Any = None) -> Any:
        answer = client.generic(
            method, f"/api/registers{address}", json.dumps(body) if body is not None else "",
            content_type="application/json", headers=headers,
        )  # fmt: skip
        return answer.status_code, json.loads(answer.content)

    status, about = call("GET", "/river_sign")
    assert status == 200
    assert about["schema"]["properties"]["height"]["anyOf"][0]["x-unit"] == "m"
    status, wrong = call("POST", "/river_sign/rows", {"values": {"number": "CJ-01", "height": 60, "town": "小渡镇"}})
    assert status == 422
    told = " ".join(one["message"] for one in wrong["errors"])
    assert all(part in told for part in ("河流", "小渡镇", "超出范围", "责任单位"))
    status, made = call("POST", "/river_sign/rows", {"values": {**small.values(), "height": 2.35}})
    assert status == 201, made
    assert made["values"]["height"] == "2.35"
    # 12.5 / 2.35 = 5.3191…
    assert made["values"]["per_metre"] == "5.319"
    status, changed = call(
        "PATCH",
        f"/river_sign/rows/{made['id']}",
        {"values": {"condition": "lost"}, "reason": "巡查发现", "revision": 1},
    )
    assert (status, changed["revision"]) == (200, 2)
    status, _refused = call(
        "PATCH", f"/river_sign/rows/{made['id']}", {"values": {"condition": "good"}, "reason": "再改", "revision": 1}
    )
    assert status == 422
    assert call("POST", f"/river_sign/rows/{made['id']}/confirm", {})[1]["state"] == "confirmed"
    assert call("GET", "/river_sign/rows?q=昌江")[1]["count"] == 1
    assert call("GET", f"/river_sign/rows/{made['id']}/history")[1]["count"] == 3
    assert call("GET", "/river_sign/indicators?by=place")[1]["groups"][0]["indicators"]["signs"]["value"] == "1"
    assert call("GET", "/river_sign/indicators?by=river")[0] == 422
    assert len(call("GET", "/river_sign/map")[1]["features"]) == 1
    assert call("GET", "/nothing")[0] == 404


def test_the_catalogue_and_the_pack_are_told_as_json(pack: Path) -> None:
    found = sources.gather(pack)
    assert found.grave == []
    assert found.usable["river_sign"].origin == "pack"


def test_a_spec_that_is_wrong_leaves_the_one_before_in_force(pack: Path, clerk: Account) -> None:
    path = pack / "registers" / "river_sign.toml"
    path.write_text(
        SIGNS.replace("version = 1", "version = 2").replace('"reach / height"', '"reach / heigth"'), "utf-8"
    )
    done = bring(machine("test"), pack)
    assert any("heigth" in one.en for one in done.problems)
    assert get("river_sign").register.version == 1
    assert not get("river_sign").register.retired


def test_a_register_whose_spec_is_gone_is_read_and_filled_no_more(pack: Path, clerk: Account) -> None:
    small.sign(actor_of(clerk))
    (pack / "registers" / "river_sign.toml").unlink()
    assert bring(machine("test"), pack).retired == ("river_sign",)
    browser = people.client(clerk)
    assert "声明已不在地区包里" in text(browser.get("/registers/river_sign/"))
    assert browser.get("/registers/river_sign/new/").status_code == 403


def test_settings_name_the_pack() -> None:
    assert settings.ANLAN.pack
