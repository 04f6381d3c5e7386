"""`anlan lint` as it is typed: one finding a line, at its place, for editors, scripts and people."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.shell import PLAN, Shell, command

LINE = re.compile(r"(?P<file>[^:]+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*) (?P<code>[A-Z]\d{3}) (?P<message>.+)")
# PLAN with the dates the right way round: it has warnings, and no error.
ORDERLY = PLAN.replace("2023年4月19日前反馈", "2023年5月30日前反馈")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Shell:
    for name in ("ANLAN_LANG", "ANLAN_PACK", "ANLAN_MAX_FILE_MB"):
        monkeypatch.delenv(name, raising=False)
    return Shell(monkeypatch, capsysbinary)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "orderly.txt").write_text(ORDERLY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_every_line_is_file_line_column_code_message(shell: Shell) -> None:
    status, out, err = shell("lint", "plan.txt")
    found = [LINE.fullmatch(line) for line in out.splitlines()]
    assert (status, err) == (1, "")
    assert found
    assert all(found)
    places = [(int(one["line"]), int(one["column"])) for one in found if one]
    assert places == sorted(places)
    assert {one["file"] for one in found if one} == {"plan.txt"}


@pytest.mark.usefixtures("folder")
def test_line_and_column_point_at_the_first_character(shell: Shell) -> None:
    # “请于” are columns 1 and 2 of line 5, the date begins in column 3; a Chinese character counts one.
    (line,) = [line for line in shell("lint", "plan.txt")[1].splitlines() if line.startswith("plan.txt:5:")]
    assert line.startswith("plan.txt:5:3 N701 错误: ")
    assert "2023-04-19" in line
    assert "2023-05-06" in line


@pytest.mark.usefixtures("folder")
def test_columns_count_characters_beyond_the_basic_plane_once(shell: Shell) -> None:
    # 𠮷 is one code point, two code units of UTF-16 and four bytes of UTF-8: the bracket is the fourth character.
    _, out, _ = shell("lint", "-", given="1.修𠮷)路。（区水务局负责）".encode())
    assert "-:1:5 W505 " in out


@pytest.mark.usefixtures("folder")
def test_only_errors_make_it_fail(shell: Shell) -> None:
    status, out, _ = shell("lint", "orderly.txt")
    assert status == 0
    assert "警告: " in out
    assert "错误: " not in out


@pytest.mark.usefixtures("folder")
def test_english_is_given_when_asked_for(shell: Shell) -> None:
    out = shell("lint", "plan.txt", "--lang", "en")[1]
    assert "plan.txt:5:3 N701 error: opinions are due" in out


@pytest.mark.usefixtures("folder")
def test_a_file_that_gives_no_text_does_not_stop_the_others(shell: Shell, folder: Path) -> None:
    (folder / "secret.txt").write_text("秘密★\n1.修路。", encoding="utf-8")
    status, out, err = shell("lint", "nowhere.txt", "plan.txt", "secret.txt", "orderly.txt")
    assert status == 2
    assert {line.split(":")[0] for line in out.splitlines()} == {"plan.txt", "orderly.txt"}
    assert "nowhere.txt" in err
    assert "secret.txt" in err


@pytest.mark.usefixtures("folder")
def test_one_file_with_errors_among_several_makes_it_fail(shell: Shell) -> None:
    assert shell("lint", "plan.txt", "orderly.txt")[0] == 1
    assert shell("lint", "orderly.txt", "orderly.txt")[0] == 0


@pytest.mark.usefixtures("folder")
def test_json_lists_the_findings_of_all_files(shell: Shell) -> None:
    status, out, _ = shell("lint", "plan.txt", "orderly.txt", "--format", "json")
    rows = json.loads(out)
    assert status == 1
    assert {row["file"] for row in rows} == {"plan.txt", "orderly.txt"}
    text = shell("lint", "plan.txt", "orderly.txt")[1].splitlines()
    assert [f"{row['file']}:{row['line']}:{row['column']} {row['code']}" for row in rows] == [
        " ".join(line.split(" ")[:2]) for line in text
    ]


@pytest.mark.usefixtures("folder")
def test_the_register_and_the_year_reach_the_checks(shell: Shell, folder: Path) -> None:
    units = folder / "units.csv"
    units.write_text("简称\n区水务局\n区住建局\n区财政局\n各乡镇\n", encoding="utf-8")
    unknown = [line for line in shell("lint", "orderly.txt", "--units", units)[1].splitlines() if " U101 " in line]
    assert ["区林业局" in line for line in unknown] == [True]
    dateless = "工作要点\n1.修建泵站。9月底前新建泵站3座。（区水务局负责）".encode()
    assert " D306 " in shell("lint", "-", given=dateless)[1]
    assert " D306 " not in shell("lint", "-", "--year", "2023", given=dateless)[1]


def test_nothing_to_find_prints_nothing(shell: Shell) -> None:
    # In each an owner who leads, a date with its year, a figure with its unit.
    measure = "{}.修建{}。2023年{}月底前新建{}座。（牵头单位：区水务局）\n"
    given = "某区2023年工作要点\n" + measure.format(1, "泵站", 9, "泵站3") + measure.format(2, "闸门", 8, "闸门5")
    assert shell("lint", "-", given=given.encode()) == (0, "", "")


@pytest.mark.parametrize("given", [b"", b"\x00\x01\x02\xff" * 500])
def test_what_is_no_text_ends_with_status_2(shell: Shell, given: bytes) -> None:
    status, out, err = shell("lint", "-", given=given)
    assert (status, out) == (2, "")
    assert err.startswith("-：")


def test_a_file_is_needed(shell: Shell) -> None:
    assert shell("lint")[0] == 2


def test_the_installed_command_lints_standard_input() -> None:
    ran = command("lint", "-", given=PLAN.encode("gb18030"))
    assert ran.returncode == 1
    assert "-:5:3 N701 " in ran.stdout.decode()
