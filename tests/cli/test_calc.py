"""`anlan calc` as it is typed: JSON in, JSON out, exit status, both languages, rows that stream."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import anlan
from anlan.cli import main

NOTICE = '{"start": "2025-05-21", "workdays": 10, "convention": "include_first"}'
TABLE_END = '{"start": "2026-12-25", "workdays": 10}'


class Shell:
    """Runs the command in this process with a given standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *argv: str, given: str | bytes = "") -> tuple[int, str, str]:
        raw = given.encode() if isinstance(given, str) else given
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"))
        status = main(argv)
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.delenv("ANLAN_LANG", raising=False)
    return Shell(monkeypatch, capsys)


def test_the_version_is_told(shell: Shell) -> None:
    assert shell("--version") == (0, f"anlan {anlan.__version__}\n", "")


def test_one_object_in_gives_one_object_out(shell: Shell) -> None:
    status, out, err = shell("calc", "law.deadline", given=NOTICE)
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert (answer["last_day"], answer["workdays"], answer["is_workday"]) == ("2025-06-04", 10, True)
    assert "星期三" in out  # Chinese unescaped


def test_a_negative_verdict_is_a_result(shell: Shell) -> None:
    status, out, _ = shell("calc", "law.consultation", given='{"published": "2022-05-06", "deadline": "2022-04-19"}')
    assert (status, json.loads(out)["error"]) == (0, "deadline_before_publication")


def test_wrong_input_is_told_on_standard_output_with_status_2(shell: Shell) -> None:
    status, out, err = shell("calc", "law.deadline", given='{"start": "2025-13-01", "workday": 10}')
    answer = json.loads(out)
    assert (status, err) == (2, "")
    assert [fault["field"] for fault in answer["errors"]] == ["workday", "start", "natural_days"]
    assert answer["error"]["message"] == '没有名为 "workday" 的输入，是否指 workdays?'


def test_an_array_in_gives_an_array_out_and_every_row_is_answered(shell: Shell) -> None:
    status, out, err = shell("calc", "law.deadline", given=f"[{NOTICE}, {{}}, 3, {TABLE_END}]")
    rows = json.loads(out)
    assert (status, err, len(rows)) == (2, "", 4)
    assert [row.get("last_day", "refused") for row in rows] == ["2025-06-04", "refused", "refused", None]


@pytest.mark.parametrize("given, count", [("[]", 0), (f" [\n{NOTICE}\n]\n", 1)])
def test_an_array_of_sound_rows_ends_well(shell: Shell, given: str, count: int) -> None:
    status, out, err = shell("calc", "law.deadline", given=given)
    assert (status, len(json.loads(out)), err) == (0, count, "")


@pytest.mark.parametrize("given", ["", "{", "{'start': 1}", "nonsense", '{"start": "2025-05-21"} {}'])
def test_malformed_json_is_told_on_standard_error(shell: Shell, given: str) -> None:
    status, out, err = shell("calc", "law.deadline", given=given)
    assert (status, out) == (2, "")
    assert "不是有效的 JSON" in err


def test_an_array_that_breaks_off_still_answers_what_came_before(shell: Shell) -> None:
    status, out, err = shell("calc", "law.deadline", given=f"[{NOTICE}, {NOTICE}, {{")
    assert (status, len(json.loads(out))) == (2, 2)
    assert "第 3 条" in err


def test_text_that_is_not_utf8_is_told(shell: Shell) -> None:
    status, out, err = shell("calc", "law.deadline", given='{"kind": "决策"}'.encode("gb18030"))
    assert (status, out) == (2, "")
    assert "UTF-8" in err


def test_a_byte_order_mark_is_no_hindrance(shell: Shell) -> None:
    assert shell("calc", "law.deadline", given=b"\xef\xbb\xbf" + NOTICE.encode())[0] == 0


def test_nan_is_refused_and_the_other_rows_are_answered(shell: Shell) -> None:
    status, out, _ = shell(
        "calc", "calc.round", given='[{"values": [NaN], "decimals": 1}, {"values": [1], "decimals": 0}]'
    )
    refused, sound = json.loads(out)
    assert (status, refused["error"]["code"], sound["out"]) == (2, "not_finite", ["1"])


def test_figures_are_read_as_printed(shell: Shell) -> None:
    # As binary floats 1.005 lies below and 1.015 below or above their half way marks; as printed both are half way.
    _, out, _ = shell("calc", "calc.round", given='{"values": [1.005, 1.015], "decimals": 2}')
    assert json.loads(out)["out"] == ["1.00", "1.02"]


def test_the_list_names_every_calculation(shell: Shell) -> None:
    status, out, _ = shell("calc", "list")
    assert status == 0
    assert re.search(r"^law\.deadline +法定期限截止日", out, re.MULTILINE)
    rows = json.loads(shell("calc", "list", "--json")[1])
    assert {"calc.round", "law.deadline", "law.consultation"} <= {row["id"] for row in rows}


def test_one_is_shown_with_a_worked_example(shell: Shell) -> None:
    status, out, _ = shell("calc", "show", "law.consultation")
    assert status == 0
    assert '"gap_days": -17' in out
    spec: dict[str, Any] = json.loads(shell("calc", "show", "law.consultation", "--json")[1])
    assert [one["name"] for one in spec["inputs"]] == ["published", "deadline", "kind", "min_workdays"]


@pytest.mark.parametrize(
    "argv, said",
    [
        (("calc", "law.deadlin"), "是否指 law.deadline"),
        (("calc", "show", "xyz"), "见 anlan calc list"),
        (("calc", "show"), "用法"),
        (("calc", "list", "law.deadline"), "用法"),
        (("calc",), "usage"),
        (("nonsense",), "invalid choice"),
        ((), "usage"),
        (("--lang", "fr", "calc", "list"), "invalid choice"),
    ],
)
def test_wrong_usage_is_told_with_status_2(shell: Shell, argv: tuple[str, ...], said: str) -> None:
    status, out, err = shell(*argv)
    assert (status, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("argv", [("--lang", "en", "calc", "list"), ("calc", "list", "--lang", "en")])
def test_english_is_given_when_asked_for(shell: Shell, argv: tuple[str, ...]) -> None:
    assert "Last day of a legal period" in shell(*argv)[1]


def test_the_environment_chooses_the_language_and_the_option_overrides_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLAN_LANG", "en")
    assert "Wednesday" in shell("calc", "law.deadline", given=NOTICE)[1]
    assert "星期三" in shell("calc", "law.deadline", "--lang", "zh", given=NOTICE)[1]
    monkeypatch.setenv("ANLAN_LANG", "fr")
    assert shell("calc", "list")[0] == 2


def command() -> list[str]:
    return [sys.executable, "-c", "import sys; from anlan.cli import main; sys.exit(main())", "calc"]


def test_answers_are_utf8_whatever_the_locale(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*command(), "law.deadline"],
        input=b'{"start": "\\ud800", "workdays": 1}',
        capture_output=True,
        check=False,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert (ran.returncode, ran.stderr) == (2, b"")
    assert "不是日历上的日期" in json.loads(ran.stdout)["error"]["message"]


def test_rows_leave_before_the_last_one_has_come() -> None:
    with subprocess.Popen([*command(), "calc.round"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ran:
        assert ran.stdin is not None
        assert ran.stdout is not None
        stdin = ran.stdin
        answered = threading.Event()

        def feed() -> None:
            # An array without end: only a command that answers as it reads gets an answer out.
            stdin.write(b"[")
            row = b'{"values": [0.25], "decimals": 1},\n' * 1000
            with contextlib.suppress(BrokenPipeError):
                while not answered.is_set():
                    stdin.write(row)

        feeder = threading.Thread(target=feed)
        feeder.start()
        try:
            assert ran.stdout.readline() == b"[\n"
            assert json.loads(ran.stdout.readline().rstrip(b",\n"))["out"] == ["0.2"]
        finally:
            answered.set()
            ran.stdout.close()  # the reader has seen enough
            feeder.join()
            with contextlib.suppress(BrokenPipeError):
                stdin.close()
        assert ran.wait() == 141


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak_bytes(rows: int) -> int:
        file = tmp_path / "rows.json"
        file.write_text("[" + ",".join(['{"values": [0.25], "decimals": 1}'] * rows) + "]")
        # In a process of its own: what this one has allocated before is no matter.
        code = (
            "import sys, tracemalloc; from anlan.cli import main; main(['calc', 'list']); tracemalloc.start(); "
            "main(['calc', 'calc.round']); print(tracemalloc.get_traced_memory()[1], file=sys.stderr)"
        )
        with file.open() as given:
            ran = subprocess.run(
                [sys.executable, "-c", code],
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=True,
            )
        return int(ran.stderr)

    # 20,000 rows are 0.7 MB of text and some 10 MB of objects when they are all held at once.
    assert peak_bytes(20_000) - peak_bytes(4_000) < 300_000
