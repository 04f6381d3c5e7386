"""`anlan compile` as it is typed: table, JSON, Excel, the decoded text, and what is no text."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.cli.shell import PLAN, Shell, command

from anlan.cli import files, main
from anlan.plan.document import compile_document

UNITS = "简称,全称\n区水务局,清源区水务局\n区住建局,\n区财政局,\n各乡镇,\n区林业局,\n"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Shell:
    for name in ("ANLAN_LANG", "ANLAN_PACK", "ANLAN_MAX_FILE_MB", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return Shell(monkeypatch, capsysbinary)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def compiled(shell: Shell, path: Path | str, *more: str | Path, given: bytes = b"") -> dict[str, Any]:
    status, out, err = shell("compile", path, "--format", "json", *more, given=given)
    assert status == 0, err
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_the_table_shows_measures_with_owners_deadlines_and_targets(shell: Shell, plan: Path) -> None:
    status, out, err = shell("compile", plan)
    lines = [line.strip() for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert lines[0] == "清源区2023年河湖工作要点"
    assert "任务 3 条 · 单位 5 个 · 时限 1 处 · 目标 2 个" in out
    at = lines.index("一、治理污染")
    assert lines[at + 1 : at + 6] == [
        "1     建好泵站",
        "牵头  区水务局",
        "责任  区住建局、各乡镇",
        "配合  区财政局",
        "时限  2023年9月底前（2023-09-30）",
    ]
    # How much of the sentence names the thing that is counted is the compiler's affair.
    assert lines[at + 6].startswith("目标  ")
    assert lines[at + 6].endswith(" 12座")


def test_the_table_ends_with_the_findings_by_severity(shell: Shell, plan: Path) -> None:
    lines = shell("compile", plan)[1].splitlines()
    errors, warnings = lines.index("错误"), lines.index("警告")
    assert errors < warnings
    # Line 3, behind “发布日期: ”, and line 5, behind “请于”: both places of the reversed period.
    assert [line.split()[:2] for line in lines[errors + 1 : warnings] if "N701" in line] == [
        ["3:7", "N701"],
        ["5:3", "N701"],
    ]
    assert any("R201" in line and "3.强化宣传" in line for line in lines[warnings:])


def test_english_screens_have_chinese_only_in_what_the_document_says(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("nothing numbered here\n", encoding="utf-8")
    for argv in (("compile", path), ("compile", path, "--units", tmp_path / "none.csv"), ("compile", tmp_path)):
        _, out, err = shell("--lang", "en", *argv)
        words = (out + err).replace("（", "")
        # The way to number measures is an example of the document's own writing.
        words = "\n".join(line for line in words.splitlines() if "Number them" not in line)
        assert [char for char in words if "\u4e00" <= char <= "\u9fff"] == []


def test_json_stands_alone_on_standard_output_with_the_gold_keys(shell: Shell, plan: Path) -> None:
    status, out, err = shell("compile", plan, "--format", "json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert "建好泵站" in out  # Chinese unescaped
    assert (answer["title"], answer["year"], answer["kind"]) == ("清源区2023年河湖工作要点", 2023, "work_points")
    first = answer["measures"][0]
    assert first["duties"] == {"lead": ["区水务局"], "responsible": ["区住建局", "各乡镇"], "cooperating": ["区财政局"]}
    assert first["deadlines"][0]["date"] == "2023-09-30"
    assert (first["targets"][0]["value"], first["targets"][0]["unit"]) == (12, "座")


def test_offsets_count_in_the_text_that_is_written(shell: Shell, plan: Path, tmp_path: Path) -> None:
    # A byte order mark and Windows line ends are in the file, not in the text.
    plan.write_bytes(b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode())
    out = tmp_path / "decoded.txt"
    answer = compiled(shell, plan, "--text-out", out)
    text = out.read_bytes().decode("utf-8")
    assert text == PLAN
    measure = answer["measures"][0]
    assert text[measure["start"] : measure["end"]] == measure["text"]
    spans = {span["field"]: text[span["start"] : span["end"]] for span in measure["spans"]}
    assert spans["duties.lead[0]"] == "区水务局"
    assert spans["deadlines[0]"] == measure["deadlines"][0]["text"]
    for finding in answer["diagnostics"]:
        line = text[: finding["start"]].count("\n") + 1
        column = finding["start"] - (text.rfind("\n", 0, finding["start"]) + 1) + 1
        assert (finding["line"], finding["column"]) == (line, column)


def test_each_diagnostic_has_the_promised_keys(shell: Shell, plan: Path) -> None:
    answer = compiled(shell, plan)
    assert answer["diagnostics"]
    for finding in answer["diagnostics"]:
        assert finding.keys() >= {"code", "severity", "message", "start", "end", "measure"}
        assert finding["severity"] in {"error", "warning", "info"}
        assert finding["measure"] is None or 0 <= finding["measure"] < len(answer["measures"])


def test_messages_in_json_follow_the_language(shell: Shell, plan: Path) -> None:
    chinese = compiled(shell, plan)["diagnostics"]
    english = compiled(shell, plan, "--lang", "en")["diagnostics"]
    assert [one["code"] for one in chinese] == [one["code"] for one in english]
    assert "opinions are due" in next(one["message"] for one in english if one["code"] == "N701")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_an_office_gives_the_same_plan(shell: Shell, plan: Path, encoding: str) -> None:
    expected = compiled(shell, plan)["measures"]
    plan.write_bytes(PLAN.encode(encoding))
    assert compiled(shell, plan)["measures"] == expected
    assert compiled(shell, "-", given=PLAN.encode(encoding))["measures"] == expected


def test_a_text_of_one_line_compiles(shell: Shell) -> None:
    answer = compiled(shell, "-", given="1.建设泵站3座。（区水务局负责）".encode())
    assert [one["duties"]["responsible"] for one in answer["measures"]] == [["区水务局"]]


def test_a_text_without_measures_is_no_failure_and_says_so(shell: Shell) -> None:
    status, out, _ = shell("compile", "-", given="今天天气很好。".encode())
    assert status == 0
    assert "没有找到任务" in out
    status, out, _ = shell("compile", "-", "--lang", "en", given=b"a fine day")
    assert status == 0
    assert "no measures found" in out


def test_the_year_of_the_command_overrides_that_of_the_text(shell: Shell) -> None:
    given = "1.修好泵站。9月底前完成。（区水务局负责）".encode()
    (deadline,) = compiled(shell, "-", "--year", "2024", given=given)["measures"][0]["deadlines"]
    assert deadline["date"] == "2024-09-30"


def test_units_are_looked_up_in_the_register_that_is_given(shell: Shell, plan: Path, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text(UNITS, encoding="utf-8")
    answer = compiled(shell, plan, "--units", units)
    assert answer["register"] == {"name": "units.csv", "names_printed": 5, "names_known": 5}
    assert "U101" not in {one["code"] for one in answer["diagnostics"]}
    units.write_text(UNITS.replace("区林业局", "区林草局"), encoding="utf-8")
    unknown = [one for one in compiled(shell, plan, "--units", units)["diagnostics"] if one["code"] == "U101"]
    assert ["“区林业局”" in one["message"] for one in unknown] == [True]


def test_the_pack_is_in_force_for_its_own_district_only(shell: Shell, root: Path) -> None:
    ours = compiled(shell, root / "packs/changjiang/plan.txt")["register"]
    assert ours["name"] == "景德镇市昌江区"
    assert ours["names_known"] >= ours["names_printed"] - 1
    # Every district has these two; the document names another one.
    foreign = "清源区2023年要点\n1.修路。（区财政局、区住建局负责）".encode()
    assert compiled(shell, "-", given=foreign)["register"] == {"name": None, "names_printed": 2, "names_known": 2}
    assert "未使用" in shell("compile", "-", given=foreign)[1]
    # This one names the district, and none of its units is a unit of the district.
    passing = "清源县2023年要点\n1.与昌江区合作修路。（县交通局、县公路站负责）".encode()
    assert compiled(shell, "-", given=passing)["register"] == {"name": None, "names_printed": 2, "names_known": 0}


def test_remarks_of_the_reader_go_to_standard_error_and_into_the_json(shell: Shell, plan: Path) -> None:
    misnamed = plan.rename(plan.with_suffix(".pdf"))
    status, out, err = shell("compile", misnamed, "--format", "json")
    assert status == 0
    assert [one["code"] for one in json.loads(out)["remarks"]] == ["named_otherwise"]
    assert err.startswith(f"{misnamed}：")


def test_the_form_follows_the_suffix_of_the_output(shell: Shell, plan: Path, tmp_path: Path) -> None:
    for name, start in {"a.json": b"{\n", "a.xlsx": b"PK\x03\x04", "a.txt": "清源区".encode()}.items():
        assert shell("compile", plan, "-o", tmp_path / name) == (0, "", "")
        assert (tmp_path / name).read_bytes().startswith(start)


def test_a_workbook_leaves_as_bytes_where_standard_output_is_no_terminal(shell: Shell, plan: Path) -> None:
    status, out, err = shell.bytes("compile", plan, "--format", "xlsx")
    assert (status, out[:4], err) == (0, b"PK\x03\x04", "")


def test_a_workbook_is_not_thrown_at_a_terminal(shell: Shell, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    status, out, err = shell.bytes("compile", plan, "--format", "xlsx")
    assert (status, out) == (2, b"")
    assert "-o" in err


def broken(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    """Files that give no text, by what is wrong with them, each with a word of its message."""
    files: dict[str, tuple[bytes, str]] = {
        "random": (random.Random(7).randbytes(5000), "不是可识别的文本"),
        "empty": (b"", "空的"),
        "classified": ("机密★1年\n1.修路。（区交通局负责）".encode(), "国家秘密"),
        "cut short": (b"PK\x03\x04" + b"\x00" * 40, "压缩包"),
    }
    found = {}
    for name, (data, said) in files.items():
        (tmp_path / name).write_bytes(data)
        found[name] = (tmp_path / name, said)
    found["missing"] = (tmp_path / "nowhere.txt", "没有这个文件")
    found["folder"] = (tmp_path, "文件夹")
    found["below a file"] = (tmp_path / "random" / "x", "不是文件夹")
    return found


@pytest.mark.parametrize("name", ["random", "empty", "classified", "cut short", "missing", "folder", "below a file"])
def test_what_gives_no_text_ends_with_status_2_and_a_message(shell: Shell, tmp_path: Path, name: str) -> None:
    path, said = broken(tmp_path)[name]
    out_file = tmp_path / "text.out"
    status, out, err = shell("compile", path, "--text-out", out_file)
    assert (status, out) == (2, "")
    assert said in err
    assert str(path) in err
    assert not out_file.exists()
    assert shell("compile", path, "--lang", "en")[2].isascii() or name == "classified"


def test_a_file_without_permission_is_told(shell: Shell, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    # The tests may run as root, whom no mode of a file keeps out.
    def refuse(path: Path, *more: Any, **named: Any) -> Any:
        if path == plan:
            raise PermissionError(13, "Permission denied")
        return opened(path, *more, **named)

    monkeypatch.setattr(Path, "open", refuse)
    assert shell("compile", plan) == (2, "", f"无法读取 {plan}：没有权限\n")


def test_standard_input_that_is_closed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["compile", "-"]) == 2
    assert "标准输入已关闭" in capsysbinary.readouterr().err.decode()


def test_a_file_above_the_limit_is_told_with_the_limit(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLAN_MAX_FILE_MB", "1")
    path = tmp_path / "large.txt"
    path.write_bytes(b"a" * 1_000_001)
    status, _, err = shell("compile", path)
    assert status == 2
    assert "1 MB" in err
    assert "ANLAN_MAX_FILE_MB" in err


def test_the_document_itself_is_never_overwritten(shell: Shell, plan: Path) -> None:
    for option in ("-o", "--text-out"):
        status, _, err = shell("compile", plan, option, plan)
        assert status == 2
        assert "不能覆盖" in err
    assert plan.read_text(encoding="utf-8") == PLAN


def test_an_output_that_cannot_be_written_is_told(shell: Shell, plan: Path, tmp_path: Path) -> None:
    status, _, err = shell("compile", plan, "-o", tmp_path / "no" / "a.json")
    assert status == 2
    assert "无法写入" in err


@pytest.mark.parametrize("year", ["0", "1948", "20233", "二〇二三", "２０２３", "-1", ""])
def test_a_year_that_is_none_is_refused(shell: Shell, plan: Path, year: str) -> None:
    assert shell("compile", plan, f"--year={year}")[0] == 2


def test_a_register_that_is_none_is_told(shell: Shell, plan: Path, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("甲,乙\n1,2\n", encoding="utf-8")
    status, out, err = shell("compile", plan, "--units", units)
    assert (status, out) == (2, "")
    assert "找不到表头" in err


@pytest.mark.parametrize("name, value", [("ANLAN_PACK", "atlantis"), ("ANLAN_MAX_FILE_MB", "much"), ("ANLAN_X", "1")])
def test_a_wrong_setting_is_told(
    shell: Shell, plan: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    status, out, err = shell("compile", plan)
    assert (status, out) == (2, "")
    assert value in err or name in err


def test_long_work_is_told_to_a_person(shell: Shell, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.0)
    slow = compile_document
    started = threading.Event()

    def wait(*args: Any, **options: Any) -> Any:
        started.wait(5)
        return slow(*args, **options)

    class Terminal:
        """Standard error of a person, which wakes the compiler as soon as something is said."""

        said = ""

        def write(self, text: str) -> int:
            self.said += text
            started.set()
            return len(text)

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("anlan.cli.files.compile_document", wait)
    monkeypatch.setattr(sys, "stderr", terminal)
    status, _, _ = shell("compile", plan)
    assert status == 0
    assert "正在解析" in terminal.said


def test_the_table_has_no_colour_when_it_is_piped(plan: Path) -> None:
    ran = command("compile", plan, NO_COLOR="1")
    assert ran.returncode == 0
    assert b"\x1b" not in ran.stdout
    assert ran.stdout.startswith("清源区2023年".encode())


def test_what_is_written_is_utf8_whatever_the_locale(plan: Path) -> None:
    ran = command("compile", plan, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "治理污染" in ran.stdout.decode()


def test_a_file_whose_name_is_no_utf8_is_told_and_not_stumbled_over(tmp_path: Path) -> None:
    ran = command("compile", b"\xd6\xd0.txt".decode("utf-8", "surrogateescape"), cwd=tmp_path)
    assert ran.returncode == 2
    assert "没有这个文件" in ran.stderr.decode()


def test_a_reader_that_has_seen_enough_is_no_failure_of_ours(plan: Path) -> None:
    anlan = Path(sys.executable).with_name("anlan")
    with subprocess.Popen([anlan, "compile", plan, "--format", "json"], stdout=subprocess.PIPE, stderr=-1) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        said = ran.stderr.read()
        assert ran.wait() in (0, 141)
    assert b"Traceback" not in said
