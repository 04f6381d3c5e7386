"""Everything that the reference says was seen in real frames, by its name: each survives, and is named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.monitor.hj212.frames import GOOD, HEAD, OTHER, VALUES, frame, names

from anlan.monitor.hj212.crc import modbus_crc
from anlan.monitor.hj212.decode import Decoder, decode
from anlan.monitor.hj212.encode import enclose

W = "DataTime=20260801085857;"


def no_qn_no_flag() -> None:
    one = frame(head=HEAD[21:].replace("Flag=5;", ""))
    assert (one.ok, one.version, one.qn, one.answer_wanted) == (True, 2005, None, False)
    assert {"no_qn", "no_flag"} <= set(names(one))


def other_order() -> None:
    late_qn = frame(head=HEAD[21:].replace("CN=2011;", "CN=2011;QN=20260801085857223;"))
    assert (late_qn.ok, late_qn.qn) == (True, "20260801085857223")
    turned = frame(head=HEAD.replace("Flag=5", "Flag=7;PNO=1;PNUM=2"))
    assert (turned.ok, turned.pnum, turned.pno) == (True, 2, 1)
    assert "field_order" in names(late_qn)
    assert "field_order" in names(turned)


def flag_in_capitals() -> None:
    one = frame(head=HEAD.replace("Flag", "FLAG"))
    assert (one.ok, one.flag, names(one)) == (True, 5, ["field_case"])


def crc_in_lower_case() -> None:
    (one,) = decode(b"##0037ST=32;CN=2011;PW=123456;MN=A3;CP=&&&&8f81\r\n")
    assert one.ok
    assert "crc_lower_case" in names(one)


def long_segment() -> None:
    one = frame(W + "i11001-Info=//" + "a" * 5000 + "//")
    assert (one.ok, names(one)) == (True, ["long_segment"])


def milliseconds() -> None:
    one = frame("DataTime=20260801085857123;w01018-Rtd=1,w01018-Flag=N")
    assert (one.ok, one.fields["DataTime"], names(one)) == (True, "20260801085857123", ["milliseconds"])


def comma_between_times() -> None:
    one = frame("BeginTime=20260801000000,EndTime=20260802000000", HEAD.replace("2011", "2031"))
    assert (one.ok, names(one)) == (True, ["comma_between_items"])
    assert one.fields == {"BeginTime": "20260801000000", "EndTime": "20260802000000"}


def semicolon_within_an_item() -> None:
    one = frame(W + "w01001-Rtd=0;w01001-Flag=N")
    assert (one.ok, names(one), one.values) == (True, ["item_split"], {"w01001": {"Rtd": "0", "Flag": "N"}})


def placeholders() -> None:
    one = frame(W + "w01018-Rtd=-99.0,w01018-Flag=D;w21003-Rtd=-0.04,w21003-Flag=N")
    assert (one.ok, names(one)) == (True, ["placeholder", "negative_value"])


def modbus() -> None:
    segment = GOOD[6:-6]
    bad, good = decode(GOOD[:-6] + b"%04X\r\n" % modbus_crc(segment) + GOOD)
    assert (bad.ok, good.ok) == (False, True)
    assert bad.fault is not None
    assert bad.fault.code == "crc"
    assert "（发送方用了 MODBUS 的 CRC16）" in bad.fault.reason().zh
    assert "the sender used plain MODBUS CRC16" in bad.fault.reason().en


def empty_password() -> None:
    one = frame(head=HEAD.replace("123456", ""))
    assert (one.ok, one.pw, names(one)) == (True, "", ["empty_pw"])


def version_before_its_time() -> None:
    one = frame(VALUES.replace("2026", "2021"), HEAD.replace("=2026", "=2021").replace("Flag=5", "Flag=8"))
    assert (one.ok, one.version, names(one)) == (True, 2025, ["version_before_issue"])


def vendors_own() -> None:
    for st in ("T1", "101"):
        one = frame(head=HEAD.replace("ST=32", f"ST={st}"))
        assert (one.ok, one.st, names(one)) == (True, st, ["vendor_system"])
    # 27 was a vendor's own before 2017 gave it out.
    assert frame(head=HEAD.replace("ST=32", "ST=27")).ok
    for cn in ("9021", "2082"):
        one = frame(head=HEAD.replace("CN=2011", f"CN={cn}"))
        assert (one.ok, one.cn, names(one)) == (True, cn, ["vendor_command"])
    one = frame(W + "w0102-Rtd=1.234,w0102-Flag=N")
    assert (one.ok, names(one)) == (True, ["vendor_factor"])


def several_in_a_read_and_one_over_several() -> None:
    decoder = Decoder()
    assert [one.ok for one in decoder.feed(GOOD + OTHER + GOOD)] == [True] * 3
    assert [one.ok for byte in GOOD for one in decoder.feed(bytes([byte]))] == [True]
    first, second = decode(GOOD[:-2] + b"\n" + OTHER)
    assert (first.ok, second.ok, names(first)) == (True, True, ["line_end"])


# By the words of the reference, so that none is left out and a new one is missed.
SEEN: dict[str, Callable[[], None]] = {
    "no QN, no Flag (2005 style upload)": no_qn_no_flag,
    "QN placed after CN, or PNO before PNUM": other_order,
    "FLAG in capitals": flag_in_capitals,
    "CRC in lower case": crc_in_lower_case,
    "data segment above 1024 bytes": long_segment,
    "DataTime with 17 digits (milliseconds)": milliseconds,
    "BeginTime and EndTime split by a comma instead of ; (two examples in the 2017 annex C itself)": comma_between_times,
    "one item split by ; where it should be , (w01001-Rtd=0;w01001-Flag=N)": semicolon_within_an_item,
    "negative or -99 as a placeholder for no value": placeholders,
    "sender used plain MODBUS CRC16 (one published frame): must be refused, and the log may name the cause": modbus,
    "PW empty": empty_password,
    "Flag=8 in a frame of 2021, before version 2 existed: the version bits are not proof of the text followed": (
        version_before_its_time
    ),
    "vendor ST (27, T1, 101), vendor CN (9021, 2082) and vendor factor codes": vendors_own,
    "two or more frames in one TCP read; one frame over several reads; line end LF only": (
        several_in_a_read_and_one_over_several
    ),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_was_seen_in_the_field_is_survived_and_named(name: str) -> None:
    SEEN[name]()


def test_nothing_that_the_reference_has_is_left_out(shared: Path) -> None:
    table = tomllib.loads((shared / "reference/hj212.toml").read_text(encoding="utf-8"))
    assert list(SEEN) == table["wild"]["items"]


def test_samples_of_2025_close_the_last_item() -> None:
    one = decode(enclose(f"{HEAD.replace('2011', '9011').replace('Flag=5', 'Flag=8')}CP=&&QnRtn=1;&&".encode()))[0]
    assert (one.ok, one.fields, names(one)) == (True, {"QnRtn": "1"}, ["separator_at_end"])
