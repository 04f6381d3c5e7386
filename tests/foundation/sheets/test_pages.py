"""The pages of an import, with the units and the accounts as the sheets."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.urls import reverse
from tests import people

from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org.models import Unit
from anlan.foundation.sheets.models import ImportRun
from anlan.foundation.sheets.reading import read

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

GOOD = "编码,简称,类别\nlyj,区林业局,区直\ncgj,区城管局,区直\n"
BAD = "编码,简称,类别\nlyj,,部委\ncgj,区城管局,区直\n"


def file(content: str, name: str = "单位.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_file_is_shown_row_by_row_and_written_only_once_it_is_published() -> None:
    browser = people.client(people.account(Role.CLERK))
    assert browser.get(reverse("import", args=["units"])).status_code == 200
    answer = browser.post(reverse("import", args=["units"]), {"file": file(GOOD)})
    where = answer["Location"]
    page = text(browser.get(where))
    assert "区林业局" in page
    assert "2 行" in page
    assert not Unit.objects.exists()
    # Without a reason nothing is written.
    assert browser.post(where, {"reason": ""}).status_code == 422
    assert not Unit.objects.exists()
    answer = browser.post(where, {"reason": "初次导入"}, follow=True)
    assert "已写入 2 条：新增 2，变更 0。" in text(answer)
    assert Unit.objects.count() == 2
    assert "已发布" in text(browser.get(where))


def test_all_errors_stand_on_the_page_and_nothing_can_be_published() -> None:
    browser = people.client(people.account(Role.CLERK))
    where = browser.post(reverse("import", args=["units"]), {"file": file(BAD)})["Location"]
    page = text(browser.get(where, {"state": "error"}))
    assert "第 2 行“简称”：不能为空；请填写" in page
    assert "第 2 行“类别”写的是“部委”" in page
    assert 'name="reason"' not in page
    answer = browser.get(where, {"export": "xlsx"})
    assert isinstance(answer, FileResponse)
    assert read(answer.getvalue(), "a.xlsx")[0].rows[1][1][1] == "有误"
    browser.post(where, {"reason": "硬来"})
    assert not Unit.objects.exists()


def test_a_file_that_is_no_sheet_is_refused_beside_its_field() -> None:
    browser = people.client(people.account(Role.CLERK))
    answer = browser.post(reverse("import", args=["units"]), {"file": SimpleUploadedFile("a.xlsx", b"\x00\x01")})
    assert answer.status_code == 422
    assert "a.xlsx：不是表格文件" in text(answer)
    assert browser.post(reverse("import", args=["units"])).status_code == 422


def test_a_file_without_header_is_shown_with_its_fault() -> None:
    browser = people.client(people.account(Role.CLERK))
    where = browser.post(reverse("import", args=["units"]), {"file": file("一,二\n三,四\n")})["Location"]
    assert "没有找到表头" in text(browser.get(where))


def test_the_dry_run_of_one_is_not_shown_to_another() -> None:
    where = people.client(people.account(Role.CLERK)).post(reverse("import", args=["units"]), {"file": file(GOOD)})[
        "Location"
    ]
    assert people.client(people.account(Role.CLERK)).get(where).status_code == 404


def test_whoever_may_not_import_is_refused_on_every_page_and_journalled() -> None:
    run = people.client(people.account(Role.CLERK)).post(reverse("import", args=["units"]), {"file": file(GOOD)})[
        "Location"
    ]
    browser = people.client(people.account(Role.HANDLER))
    for where in (reverse("import", args=["units"]), reverse("import-template", args=["units"]), run):
        assert browser.get(where).status_code == 403
    assert Entry.objects.filter(action="org.import", outcome=Outcome.REFUSED).count() == 3
    # Everybody may see the units, and so take them along.
    assert browser.get(reverse("export", args=["units"])).status_code == 200
    assert browser.get(reverse("export", args=["accounts"])).status_code == 403


def test_template_and_export_are_files_that_the_import_reads() -> None:
    people.unit("区水利局")
    browser = people.client(people.account(Role.CLERK))
    template = browser.get(reverse("import-template", args=["units"]))
    assert read(template.content, "a.xlsx")[0].rows[0][1][1] == "简称 *"
    export = browser.get(reverse("export", args=["units"]))
    assert "attachment" in export["Content-Disposition"]
    upload = io.BytesIO(export.content)
    upload.name = "单位.xlsx"
    where = browser.post(reverse("import", args=["units"]), {"file": upload})["Location"]
    assert "与系统里的数据完全一致，不需要写入" in text(browser.get(where))


def test_an_unknown_sheet_is_not_found() -> None:
    assert people.client(people.account(Role.CLERK)).get("/nothing/import/").status_code == 404


def test_one_time_codes_are_shown_once_and_can_be_saved_from_that_page_only() -> None:
    people.unit("区水利局")
    browser = people.client(people.account(Role.SYSTEM_ADMIN))
    content = "登录名,姓名,单位,职务\nzhang,张某,区水利局,科员\n"
    where = browser.post(reverse("import", args=["accounts"]), {"file": file(content, "账户.csv")})["Location"]
    answer = browser.post(where, {"reason": "开通账户"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    table = answer.context["table"]
    code = table["rows"][0][3]
    assert code in text(answer)
    assert Account.objects.filter(name="zhang").exists()
    # Looking again shows no code, and nothing keeps it.
    assert code not in text(browser.get(where))
    saved = browser.post(reverse("import-secrets", args=["accounts"]), {"packed": answer.context["packed"]})
    assert read(saved.content, "a.xlsx")[0].rows[1][1] == ["zhang", "张某", "区水利局", code]
    assert browser.post(reverse("import-secrets", args=["accounts"]), {"packed": "x"}).status_code == 404
    other = people.client(people.account(Role.SYSTEM_ADMIN))
    assert (
        other.post(reverse("import-secrets", args=["accounts"]), {"packed": answer.context["packed"]}).status_code
        == 404
    )
    assert code not in str(list(ImportRun.objects.values()))
