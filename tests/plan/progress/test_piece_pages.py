"""The pages and the commands by which sheets of a round go out and come back, as every role finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress import workbook
from tests.plan.progress.district import District

from anlan.cli import main
from anlan.foundation.access.roles import Role
from anlan.foundation.sheets.models import ImportRun
from anlan.plan.progress import actions
from anlan.plan.progress.models import Report, Round

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
HOME, OTHER = "区生态环境局", "区住建局"
PERCENT, SAID = "完成进度（%）", "进展情况"


@pytest.fixture
def district() -> District:
    return small.in_order(small.build())


@pytest.fixture
def round_(district: District) -> Round:
    return small.called(district)


def browser(district: District, who: str) -> Client:
    return people.client(district.accounts[who])


def downloaded(client: Client, round_: Round) -> bytes:
    answer = client.get(f"/round-{round_.pk}/export/")
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def filled(data: bytes, sheet: str, task: str, values: dict[str, Any]) -> bytes:
    table = workbook.tables(data)[sheet]
    return workbook.edited(data, {sheet: {workbook.place(table, key, task): value for key, value in values.items()}})


def sent(client: Client, round_: Round, data: bytes, name: str = "收回.xlsx") -> HttpResponse:
    answer: HttpResponse = client.post(
        f"/round-{round_.pk}/import/", {"file": SimpleUploadedFile(name, data)}, follow=True
    )  # type: ignore[assignment]
    return answer


def test_the_office_downloads_fills_looks_writes_and_accepts(district: District, round_: Round) -> None:
    client = browser(district, "clerk")
    page = client.get(f"/progress/rounds/{round_.pk}/").content.decode()
    assert f"/round-{round_.pk}/export/" in page
    assert f"/round-{round_.pk}/import/" in page
    data = filled(downloaded(client, round_), HOME, "排查", {PERCENT: 40, SAID: "已排查。"})
    data = filled(data, OTHER, "管网", {PERCENT: 140, SAID: "好。"})
    looked = sent(client, round_, data).content.decode()
    assert f"工作表“{OTHER}”第 3 行“完成进度（%）”写的是“140”" in looked
    assert "有误的行这次不写入，不影响其他行" in looked
    assert "写入不等于采纳" in looked
    assert "写入 1 行" in looked
    # What there is to do stands in front of the rows that nobody filled in.
    assert looked.index("140") < looked.index("管护农村设施")
    assert not Report.objects.exists()
    run = ImportRun.objects.get()
    written = client.post(f"/round-{round_.pk}/import/{run.pk}/", {"reason": "单位报来的"}, follow=True)
    # There is still something to be mended: the report of the import stays open.
    assert "有误的行没有写入" in written.content.decode()
    report = Report.objects.get()
    assert (report.state, report.percent) == ("approved", 40)
    again = sent(client, round_, filled(data, OTHER, "管网", {PERCENT: 14}))
    assert "写入 1 行" in again.content.decode()
    done = client.post(
        f"/round-{round_.pk}/import/{ImportRun.objects.latest('pk').pk}/", {"reason": "更正"}, follow=True
    )
    assert done.redirect_chain[-1][0] == f"/progress/rounds/{round_.pk}/"
    assert "没有要写入的" in sent(client, round_, filled(data, OTHER, "管网", {PERCENT: 14})).content.decode()


def test_a_handler_finds_his_sheet_where_he_finds_his_work(district: District, round_: Round) -> None:
    client = browser(district, "handler")
    assert f"/round-{round_.pk}/import/" in client.get("/progress/").content.decode()
    assert f"/round-{round_.pk}/import/" in client.get(f"/progress/rounds/{round_.pk}/").content.decode()
    page = client.get(f"/round-{round_.pk}/import/").content.decode()
    assert "下载填报表" in page
    assert "灰色的列是系统填的" in page
    data = filled(downloaded(client, round_), HOME, "排查", {PERCENT: 40, SAID: "已排查。"})
    assert "写入后即提交" in sent(client, round_, data).content.decode()
    client.post(f"/round-{round_.pk}/import/{ImportRun.objects.get().pk}/", {"reason": "本单位填报"})
    assert Report.objects.get().state == "submitted"


def test_the_page_speaks_english(district: District, round_: Round) -> None:
    client = browser(district, "clerk")
    client.post("/language/", {"language": "en", "next": "/"})
    data = filled(downloaded(browser(district, "clerk"), round_), HOME, "排查", {PERCENT: 140, SAID: "好。"})
    page = sent(client, round_, data).content.decode()
    assert f"sheet “{HOME}”, row 3, “Percent done” says “140”: is no whole number from 0 to 100" in page
    assert "Rows with errors are left out" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("handler", 200),
        ("elsewhere", 200),
        ("leader", 403),
        ("boss", 403),
        ("verifier", 403),
        ("system", 403),
        ("security", 403),
        ("audit", 403),
    ],
)
def test_only_the_office_and_handlers_of_units_of_the_round_get_at_its_sheets(
    district: District, round_: Round, who: str, status: int
) -> None:
    client = browser(district, who)
    data = downloaded(browser(district, "clerk"), round_)
    assert client.get(f"/round-{round_.pk}/export/").status_code == status
    assert client.get(f"/round-{round_.pk}/import/").status_code == status
    assert sent(client, round_, data).status_code == status
    link = f"/round-{round_.pk}/import/"
    page = client.get(f"/progress/rounds/{round_.pk}/")
    assert (page.status_code == 200 and link in page.content.decode()) == (status == 200)


def test_a_handler_of_a_unit_that_owes_nothing_and_a_stranger_without_a_name_are_refused(
    district: District, round_: Round
) -> None:
    stranger = people.client(people.account(Role.HANDLER, at=people.unit("别的局")))
    for address in (f"/round-{round_.pk}/import/", f"/round-{round_.pk}/export/"):
        assert stranger.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert browser(district, "clerk").get("/round-999999/import/").status_code == 404
    assert browser(district, "clerk").get(f"/round-{round_.pk}/import/template/").status_code == 404


def test_what_the_office_began_to_enter_is_not_written_over_a_revision_it_has_not_seen(
    district: District, round_: Round
) -> None:
    clerk, owed = district.actor("clerk"), district.owed("3", OTHER)
    first = actions.enter(clerk, owed, small.told(30), "电话")
    actions.accept(clerk, first)
    client = browser(district, "clerk")
    page = client.get(f"/progress/owed/{owed.pk}/?as=office").content.decode()
    assert f'name="lock" value="{first.lock}"' in page
    assert 'name="revision" value="1"' in page
    actions.accept(clerk, actions.enter(clerk, owed, small.told(35), "来函"))
    typed = {"lock": first.lock, "revision": 1, "percent": 99, "narrative": "旧页面。", "remark": "电话"}
    answer = client.post(f"/progress/owed/{owed.pk}/?as=office", typed)
    assert answer.status_code == 409
    assert Report.objects.filter(owed=owed).latest("revision").percent == 35


def test_a_unit_s_draft_is_not_shown_to_the_office_that_collides_with_it(district: District, round_: Round) -> None:
    owed = district.owed("1")
    actions.save_draft(district.actor("handler"), owed, small.told(77, "还没报的草稿"), None)
    typed = {"lock": "", "percent": 50, "narrative": "电话里说的。", "remark": "电话"}
    answer = browser(district, "clerk").post(f"/progress/owed/{owed.pk}/?as=office", typed)
    assert answer.status_code == 409
    assert "还没报的草稿" not in answer.content.decode()
    assert "对方的草稿还没有报送，内容不显示" in answer.content.decode()


# At the console


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["progress", *arguments])
    out = capsys.readouterr()
    return status, out.out, out.err


def test_sheets_are_written_and_taken_in_from_the_console(
    district: District, round_: Round, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "填报表.xlsx"
    assert run(capsys, "sheet", str(round_.pk), "-o", str(path), "--unit", HOME, "--unit", OTHER)[0] == 0
    data = path.read_bytes()
    assert list(workbook.tables(data)) == [HOME, OTHER]
    data = filled(data, HOME, "排查", {PERCENT: 40, SAID: "已排查。"})
    path.write_bytes(filled(data, OTHER, "管网", {PERCENT: 140, SAID: "好。"}))
    # Looking is what happens unless it is told to write.
    status, out, err = run(capsys, "take", str(path))
    assert status == 2
    assert f"{HOME}\t3\t完成进度（%）\t\t40" in out
    assert "可写入 1 行，有误 1 行，没有变化 0 行" in out
    assert f"工作表“{OTHER}”第 3 行“完成进度（%）”写的是“140”" in err
    assert not Report.objects.exists()
    status, out, err = run(capsys, "take", str(path), "--write")
    assert (status, Report.objects.count()) == (2, 0)
    assert "--reason" in err
    path.write_bytes(filled(data, OTHER, "管网", {PERCENT: 14, SAID: "好。"}))
    status, out, _err = run(capsys, "take", str(path), "--write", "--reason", "单位报来")
    assert (status, Report.objects.count()) == (0, 2)
    assert "已写入 2 行，有误 0 行" in out
    status, out, _err = run(capsys, "take", str(path), "--write", "--reason", "单位报来")
    assert (status, Report.objects.count()) == (0, 2)
    assert "已写入 0 行，有误 0 行，没有变化 2 行" in out


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["sheet", "999", "-o", "x.xlsx"], "没有编号为 999 的一期"),
        (["sheet", "1", "-o", "x.csv"], "只能写 .xlsx 文件"),
        (["take", "absent.xlsx"], "absent.xlsx"),
    ],
)
def test_the_console_says_what_is_wrong(
    district: District, arguments: list[str], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _out, err = run(capsys, *arguments)
    assert status == 2
    assert wrong in err


def test_a_file_without_our_numbers_is_of_no_round(
    district: District, round_: Round, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "别的.xlsx"
    path.write_bytes(workbook.rewritten({"表": [["编号", "任务"], ["1", "2"]]}))
    status, _out, err = run(capsys, "take", str(path))
    assert status == 2
    assert "没有找到填报表的编号" in err
    status, _out, err = run(capsys, "sheet", str(round_.pk), "-o", str(path), "--unit", "没有的局")
    assert status == 2
    assert "“没有的局”在这一期没有应报的事项" in err
