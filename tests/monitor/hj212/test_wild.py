"""Odd frames of real senders are taken and named; frames that cannot be are kept apart with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.monitor.hj212.frames import GOOD, HEAD, VALUES, frame, names

from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.encode import enclose
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.hj212.oddities import ODDITIES


def said(head: str) -> Frame:
    return frame(head=head)


def bytes_of(data: bytes) -> Frame:
    (one,) = decode(data)
    return one


W = "DataTime=20260801085857;"
CASES: dict[str, list[Frame]] = {
    "line_end": [bytes_of(GOOD[:-2] + b"\n"), bytes_of(GOOD[:-2] + b"\r"), bytes_of(GOOD[:-2])],
    "skipped_bytes": [bytes_of(b"abc" + GOOD)],
    "crc_lower_case": [bytes_of(b"##0037ST=32;CN=2011;PW=123456;MN=A3;CP=&&&&8f81\r\n")],
    "long_segment": [frame(W + "i11001-Info=//" + "a" * 1000 + "//")],
    "gbk_text": [frame(W + "i11001-Info=//试剂//", encoding="gbk")],
    "no_qn": [said(HEAD[21:])],
    "odd_qn": [said(HEAD.replace("20260801085857223", "1617936069734"))],
    "no_flag": [said(HEAD.replace("Flag=5;", ""))],
    "field_order": [
        said(f"{HEAD[21:35]}{HEAD[:21]}{HEAD[35:]}"),
        said(HEAD.replace("Flag=5", "Flag=7;PNO=1;PNUM=2")),
    ],
    "field_case": [said(HEAD.replace("Flag", "FLAG"))],
    "extra_field": [said(HEAD + "RF=1;")],
    "repeated_field": [said(HEAD + "ST=32;")],
    "empty_pw": [said(HEAD.replace("123456", ""))],
    "odd_pw": [said(HEAD.replace("123456", "1234")), said(HEAD.replace("PW=123456;", ""))],
    "no_mn": [frame("", "ST=91;CN=9014;PW=123456;Flag=4;")],
    "part_bit": [said(HEAD + "PNUM=2;PNO=1;")],
    "unknown_version": [said(HEAD.replace("Flag=5", "Flag=12"))],
    "version_before_issue": [
        frame(VALUES.replace("2026", "2021"), HEAD.replace("=2026", "=2021").replace("Flag=5", "Flag=8"))
    ],
    "vendor_system": [said(HEAD.replace("ST=32", f"ST={st}")) for st in ("T1", "101")],
    "vendor_command": [said(HEAD.replace("CN=2011", f"CN={cn}")) for cn in ("9021", "2082")],
    "command_of_other_version": [frame("", HEAD.replace("CN=2011", "CN=9015"))],
    "vendor_factor": [frame(W + "w0102-Rtd=1.234")],
    "old_code": [frame(W + "011-Rtd=28", HEAD.replace("Flag=5", "Flag=1"))],
    "old_code_in_new_version": [frame(W + "011-Rtd=28")],
    "separator_at_end": [frame("QnRtn=1;", HEAD.replace("2011", "9011").replace("Flag=5", "Flag=8"))],
    "empty_item": [frame(W + ";w01018-Rtd=1")],
    "comma_between_items": [
        frame("BeginTime=20160801000000,EndTime=20160801000000", HEAD.replace("2011", "2031")),
        frame(W + "w01018-Rtd=1,w21003-Rtd=2"),
    ],
    "item_split": [frame(W + "w01001-Rtd=0;w01001-Flag=N")],
    "repeated_item": [frame(W + "w00000-Avg=66.09,w00000-Avg=19796346.00")],
    "milliseconds": [frame("DataTime=20260801085857123;w01018-Rtd=1")],
    "not_start_of_period": [
        frame("DataTime=20260801085900;w01018-Avg=1", HEAD.replace("2011", "2061")),
        frame("DataTime=20260801080000;w01018-Avg=1", HEAD.replace("2011", "2031")),
        frame("DataTime=20260801080001;w01018-Avg=1", HEAD.replace("2011", "2051")),
    ],
    "placeholder": [frame(W + f"w01018-Rtd={text}") for text in ("-99", "-99.000000", "-9999")],
    "negative_value": [frame(W + "w01018-Rtd=-0.041")],
    "empty_value": [frame(W + "w01018-Rtd=,w01018-Flag=D")],
    "exponent": [frame(W + "w01018-Rtd=2.5e1")],
    "unknown_flag": [frame(W + "w01018-Rtd=1,w01018-Flag=n"), frame(W + "w01018-Rtd=1,w01018-Flag=")],
    "answer_wants_answer": [frame("ExeRtn=2", HEAD.replace("2011", "9012"))],
}


@pytest.mark.parametrize("code", ODDITIES)
def test_what_is_odd_is_taken_and_named(code: str) -> None:
    for one in CASES[code]:
        assert (one.ok, code in names(one)) == (True, True), one


def test_a_frame_by_the_book_is_odd_in_nothing() -> None:
    assert (frame().ok, frame().oddities) == (True, ())


def test_odd_frames_keep_their_values() -> None:
    assert frame(W + "w01001-Rtd=0;w01001-Flag=N").values == {"w01001": {"Rtd": "0", "Flag": "N"}}
    assert frame("BeginTime=20160801000000,EndTime=20160802000000").fields == {
        "BeginTime": "20160801000000",
        "EndTime": "20160802000000",
    }
    # Of two values for one item the first is taken, the second is told.
    assert CASES["repeated_item"][0].values == {"w00000": {"Avg": "66.09"}}
    assert CASES["repeated_item"][0].oddities[0].what == "w00000-Avg"


def test_every_oddity_is_told_in_both_languages_and_has_a_heading(root: Path) -> None:
    text = (root / "docs/hj212.md").read_text(encoding="utf-8")
    assert [code for code in ODDITIES if f"\n### `{code}`\n" not in text] == []
    one = CASES["placeholder"][0].oddities[0].words()
    assert (one.zh, one.en) == (
        "以 -99 之类代替缺失值：w01018-Rtd=-99",
        "-99 or the like in place of a missing value: w01018-Rtd=-99",
    )


@pytest.mark.parametrize(
    "value",
    ["NaN", "nan", "inf", "-Infinity", "1e309", "-1e309", "1e15", "9" * 16, "9" * 400, "0x1F", "1_000", "1,5", "--",
     ".", "１", "1.2.3", " 7", "N"],
)  # fmt: skip
def test_a_value_that_cannot_be_puts_its_frame_aside(value: str) -> None:
    one = frame(W + f"w01018-Rtd={value},w01018-Flag=N;w21003-Rtd=1.6,w21003-Flag=N")
    assert one.fault is not None
    assert one.fault.code == "format"
    assert "w21003" in one.values


@pytest.mark.parametrize("value", ["0", "7.", ".5", "007.10", "7.15293021684183", "+3", "123456789012345"])
def test_a_plain_number_is_taken_as_sent(value: str) -> None:
    one = frame(W + f"w01018-Rtd={value}")
    assert (one.ok, one.values["w01018"]["Rtd"]) == (True, value)


@pytest.mark.parametrize(
    "time",
    ["20261301000000", "20260230000000", "20260229000000", "20260801240000", "20260801006000", "20260801000060",
     "00000000000000", "2026080108585", "202608010858571", "2026-08-01", "", "2026080108585７", "20260801 85857"],
)  # fmt: skip
def test_a_time_that_cannot_be_puts_its_frame_aside(time: str) -> None:
    for cp in (f"DataTime={time}", f"{W}w01018-SampleTime={time},w01018-Rtd=1", f"SystemTime={time}"):
        one = frame(cp)
        assert one.fault is not None
        assert one.fault.code == "format"


def test_the_29th_of_february_of_a_leap_year_can_be() -> None:
    assert frame("DataTime=20280229235959").ok


@pytest.mark.parametrize(
    "head, reason",
    [
        (HEAD.replace("QN=202608", "QN=202613"), "is not a time"),
        (HEAD.replace("ST=32;", ""), "no ST"),
        (HEAD.replace("CN=2011;", ""), "no CN"),
        (HEAD.replace("CN=2011", "CN=20x1"), "CN=20x1"),
        (HEAD.replace("MN=5A5A0000000000000000000F;", ""), "no MN"),
        (HEAD.replace("Flag=5", "Flag=256"), "must be 0 to 255"),
        (HEAD.replace("Flag=5", "Flag=x"), "must be 0 to 255"),
        (HEAD.replace("Flag=5", "Flag=7"), "PNUM and PNO are missing"),
        (HEAD.replace("Flag=5", "Flag=7;PNUM=2;PNO=3"), "PNO=3 must be 1 to 2"),
        (HEAD.replace("Flag=5", "Flag=7;PNUM=0;PNO=1"), "PNUM=0 must be"),
        (HEAD.replace("PW=", "PW"), "is not a field"),
        (HEAD.replace("MN=5A", "MN=\x07"), "is not a field"),
    ],
)
def test_a_head_that_cannot_be_puts_its_frame_aside(head: str, reason: str) -> None:
    one = said(head)
    assert one.fault is not None
    assert one.fault.code == "format"
    assert reason in one.fault.reason().en


@pytest.mark.parametrize(
    "cp", ["w01018-Rtd", "DataTime", "=5", "a b=1", "w01018-Rtd-x=1", "DataTime=20260801085857;=5"]
)
def test_an_item_without_name_or_value_puts_its_frame_aside(cp: str) -> None:
    one = frame(cp)
    assert one.fault is not None
    assert one.fault.code == "format"


@pytest.mark.parametrize(
    "segment", [b"", b"QN=1", b"ST=32;CN=2011;MN=A;CP=&&", b"ST=32;CN=2011;MN=A;CP=&&a=1&&x", b"&&"]
)
def test_a_segment_that_is_none_is_a_fault_of_format(segment: bytes) -> None:
    one, good = decode(enclose(segment) + GOOD)
    assert one.fault is not None
    assert (one.fault.code, good.ok) == ("format", True)
