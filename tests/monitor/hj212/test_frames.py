"""What frames say: heads, fields, values, codes, and the frames found in public material."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.monitor.hj212.frames import GOOD, HEAD, frame, names

from anlan.monitor.hj212.decode import decode

ANNEX_A = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
# Shapes seen in the field, with made-up devices. Lengths and checksums were computed by another program.
OWN = (
    b"##0114ST=32;CN=2051;PW=123456;MN=12000000000001;CP=&&DataTime=20150430135800;B01-Avg=900.88,B01-Cou=54.05;011-Avg=99.9&&06C0\r\n",
    b"##0081QN=20181111151745000;ST=21;CN=2011;PW=123456;MN=SIM000000000000001;Flag=5;CP=&&&&7200\r\n",
)


def test_the_example_of_the_standard() -> None:
    (one,) = decode(ANNEX_A)
    assert (one.ok, one.version, one.st, one.cn, one.pw, one.flag) == (True, 2017, "32", "1062", "100000", 5)
    assert (one.qn, one.mn) == ("20160801085857223", "010000A8900016F000169DC0")
    assert (one.fields, one.values, one.answer_wanted, one.oddities) == ({"RtdInterval": "30"}, {}, True, ())


def test_values_are_texts_by_factor_and_item() -> None:
    one = frame("DataTime=20260801085800;w01018-Min=20.10,w01018-Avg=21,w01018-Flag=N;w01010-Avg=-0.5,w01010-Flag=T")
    assert one.values == {
        "w01018": {"Min": "20.10", "Avg": "21", "Flag": "N"},
        "w01010": {"Avg": "-0.5", "Flag": "T"},
    }
    assert one.fields == {"DataTime": "20260801085800"}


def test_what_is_no_measurement_of_a_factor_is_a_field() -> None:
    one = frame("DataTime=20260801085857;SB1-RS=1;w01018-SN=010000A8900016F000169DC1;i12001-Info=1;e10101-Rtd=2.5")
    assert one.fields == {
        "DataTime": "20260801085857",
        "SB1-RS": "1",
        "w01018-SN": "010000A8900016F000169DC1",
        "i12001-Info": "1",
    }
    assert one.values == {"e10101": {"Rtd": "2.5"}}
    assert one.ok
    assert names(one) == []


@pytest.mark.parametrize(
    "flag, version, wanted",
    [
        ("0", 2005, False),
        ("1", 2005, True),
        ("4", 2017, False),
        ("5", 2017, True),
        ("8", 2025, False),
        ("9", 2025, True),
    ],
)
def test_the_version_is_read_from_flag(flag: str, version: int, wanted: bool) -> None:
    one = frame(head=HEAD.replace("Flag=5", f"Flag={flag}"))
    assert (one.version, one.answer_wanted, one.flag) == (version, wanted, int(flag))


def test_codes_of_2005_become_current_ones() -> None:
    (one, other) = decode(b"".join(OWN))
    assert one.ok
    assert one.values == {"w00000": {"Avg": "900.88", "Cou": "54.05"}, "w01018": {"Avg": "99.9"}}
    assert (one.version, one.flag, one.qn) == (2005, None, None)
    assert names(one) == ["no_qn", "no_flag", "old_code"]
    assert (other.ok, other.fields, other.values) == (True, {}, {})


def test_a_part_says_which_it_is() -> None:
    one = frame(head=HEAD.replace("Flag=5", "Flag=7;PNUM=2;PNO=1"))
    assert (one.ok, one.is_part, one.pnum, one.pno) == (True, True, 2, 1)


def test_chinese_text_is_read_in_both_encodings() -> None:
    cp = "DataTime=20260801085857;i11001-Info=//更换试剂;完成//"
    assert frame(cp).fields["i11001-Info"] == "//更换试剂;完成//"
    assert names(frame(cp)) == []
    assert frame(cp, encoding="gbk").fields["i11001-Info"] == "//更换试剂;完成//"
    assert names(frame(cp, encoding="gbk")) == ["gbk_text"]


def test_frames_from_public_material_decode_as_they_are_marked(shared: Path) -> None:
    lines = (shared / "reference/hj212-frames.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert len(rows) > 40
    wrong = []
    for verdict, note, text in rows:
        found = decode(text.encode() + b"\r\n")
        expected = {"I": "length" if note.startswith("length") else "crc"}.get(verdict[0])
        if len(found) != 1 or (found[0].fault.code if found[0].fault else None) != expected:
            wrong.append((verdict, note))
        elif found[0].fault:
            right = re.search(r"should be ([0-9A-F]{4})", note)
            reason = found[0].fault.reason().en
            if right and f"should be {right[1]}" not in reason:
                wrong.append((note, reason))
            if "MODBUS" in note and "MODBUS" not in reason:
                wrong.append((note, reason))
    assert wrong == []


def test_all_frames_of_public_material_decode_in_one_stream(shared: Path) -> None:
    lines = (shared / "reference/hj212-frames.txt").read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[2] for line in lines if line and not line.startswith("#")]
    found = decode("".join(text + "\r\n" for text in texts).encode())
    assert [one.raw.decode() for one in found] == texts


def test_a_frame_decoded_twice_says_the_same() -> None:
    # The second time its head and its layout are known already.
    first, second = decode(GOOD), decode(GOOD)
    assert (first[0].values, first[0].fields, first[0].mn) == (second[0].values, second[0].fields, second[0].mn)
    assert first[0].values is not second[0].values
