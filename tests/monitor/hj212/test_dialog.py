"""Who answers what, commands of the host, and tables that hold together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.monitor.hj212.frames import GOOD, HEAD, frame

from anlan.monitor.hj212 import dialog, tables, times
from anlan.monitor.hj212.decode import decode

QN = "20260801085857223"
MN = "5A5A0000000000000000000F"


def asked(cn: str, cp: str = "", flag: int = 5) -> tuple[str, str | None]:
    """Kind of a frame and the CN it is answered with."""
    one = frame(cp, HEAD.replace("2011", cn).replace("Flag=5", f"Flag={flag}"))
    owed = dialog.answer_to(one)
    return dialog.kind(one), owed and owed.cn


@pytest.mark.parametrize(
    "cn, cp, kind, answer",
    [
        ("2011", "", "request", "9011"),
        ("2011", "DataTime=20260801085857;w01018-Rtd=1", "upload", "9014"),
        ("2051", "BeginTime=20260801000000;EndTime=20260801010000", "request", "9011"),
        ("2051", "DataTime=20260801000000;w01018-Avg=1", "upload", "9014"),
        ("1062", "RtdInterval=30", "request", "9011"),
        ("1061", "RtdInterval=30", "upload", "9014"),
        ("1011", "PolId=w01018", "request", "9011"),
        ("1011", "PolId=w01018;SystemTime=20260801085857", "upload", "9014"),
        ("3020", "PolId=w01018;InfoId=i12001", "request", "9011"),
        ("3020", "DataTime=20260801085857;PolId=w01018;i12001-Info=1", "upload", "9014"),
        ("3021", "PolId=w01018;InfoId=i13004;i13004-Info=168.0", "request", "9011"),
        ("1013", "PolId=w01018", "notice", "9013"),
        ("2012", "", "notice", "9013"),
        ("2081", "DataTime=20260801085857;RestartTime=20260801085624", "upload", "9014"),
        ("9021", "", "upload", "9014"),
        ("9014", "", "interaction", None),
        ("9012", "ExeRtn=1", "interaction", None),
    ],
)
def test_what_a_frame_is_and_how_it_is_answered(cn: str, cp: str, kind: str, answer: str | None) -> None:
    assert asked(cn, cp) == (kind, answer)


def test_commands_that_only_the_edition_of_2025_has() -> None:
    assert asked("9015", flag=9) == ("notice", "9013")
    assert asked("2013", "DataTime=20260801085857", flag=9) == ("upload", "9014")
    assert asked("2013", flag=9) == ("request", "9011")


def test_nothing_is_answered_that_wants_none_or_is_damaged() -> None:
    assert asked("2011", "DataTime=20260801085857", flag=4) == ("upload", None)
    (bad,) = decode(GOOD[:-6] + b"0000\r\n")
    assert bad.answer_wanted
    assert dialog.answer(bad) is None
    assert dialog.answer(frame("DataTime=20261301000000")) is None


def test_what_cannot_be_is_answered_only_by_whoever_keeps_it() -> None:
    impossible = frame("DataTime=20260801085857;w01018-Rtd=1e309,w01018-Flag=N")
    assert dialog.answer(impossible) is None
    answer = dialog.answer(impossible, put_aside=True)
    assert answer is not None
    assert answer[6:-6] == (b"QN=20260801085857223;ST=91;CN=9014;PW=123456;MN=5A5A0000000000000000000F;Flag=4;CP=&&&&")
    # Damaged on the way, without a QN, or wanting nothing: never.
    assert dialog.answer(decode(GOOD[:-6] + b"0000\r\n")[0], put_aside=True) is None
    assert dialog.answer(frame("a b=1", HEAD[21:]), put_aside=True) is None
    assert dialog.answer(frame("a b=1", HEAD.replace("Flag=5", "Flag=4")), put_aside=True) is None


def test_the_answer_repeats_qn_and_version() -> None:
    for flag, own in ((5, 4), (9, 8), (7, 4)):
        head = HEAD.replace("Flag=5", f"Flag={flag}" + (";PNUM=2;PNO=2" if flag == 7 else ""))
        sent = dialog.answer(frame(head=head))
        assert sent is not None
        (answer,) = decode(sent)
        assert (answer.ok, answer.oddities) == (True, ())
        assert (answer.st, answer.cn, answer.qn, answer.mn, answer.flag) == ("91", "9014", QN, MN, own)


def test_in_2005_the_answer_has_the_qn_inside_cp() -> None:
    sent = dialog.answer(frame("", HEAD.replace("2011", "1062").replace("Flag=5", "Flag=1")))
    assert sent is not None
    (answer,) = decode(sent)
    assert (answer.qn, answer.flag, answer.fields) == (None, 0, {"QN": QN, "QnRtn": "1"})
    assert dialog.answered_qn(answer) == QN


def test_request_and_result() -> None:
    (request,) = decode(dialog.command("1062", QN, "32", MN, "123456", {"RtdInterval": "30"}))
    refused = dialog.answer(request, 3)
    assert refused is not None
    assert decode(refused)[0].fields == {"QnRtn": "3"}
    (done,) = decode(dialog.result(request))
    assert (done.cn, done.qn, done.fields) == ("9012", QN, {"ExeRtn": "1"})
    assert tables.request_results()["3"].en == "wrong PW"
    assert tables.execution_results()["1"].en == "done"


def test_a_command_the_edition_does_not_have_is_refused() -> None:
    for cn, version in (("1063", 2005), ("1022", 2017), ("2081", 2017), ("9014", 2017), ("0000", 2017)):
        with pytest.raises(dialog.UnknownCommandError):
            dialog.command(cn, QN, "32", MN, "123456", version=version)
    assert decode(dialog.command("1064", QN, "32", MN, "123456", version=2025))[0].flag == 9


def test_tables_hold_together() -> None:
    assert len(tables.factors()) == 63
    assert tables.current_code()["011"] == "w01018"
    assert tables.current_code()["B01"] == "w00000"
    assert len(tables.current_code()) == len([one for one in tables.factors().values() if one.code_2005])
    assert {c.kind for several in tables.commands().values() for c in several} == {
        "request",
        "upload",
        "notice",
        "interaction",
    }
    assert all(cn in tables.commands() for cn in tables.periods())
    assert tables.valid_flags() == {"N"}
    assert set(tables.flags()) == set("NFMSDCTBP")
    state = tables.site_code("i12001")
    assert state is not None
    assert state.values["6"].en == "power failure"
    assert tables.site_code("e10100") is None


def test_one_code_means_another_thing_in_2005() -> None:
    names = {tuple(sorted(one.versions)): one.name.en for one in tables.commands()["3013"]}
    assert names == {(2005,): "operate a device", (2017, 2025): "start cleaning or back-blow"}


def test_units_of_the_table_and_milligrams() -> None:
    factor = tables.factors()
    assert (factor["w20111"].unit, factor["w20111"].total_unit) == ("µg/L", "g")
    # 0.05 µg/L = 0.00005 mg/L; 4 ng/L = 0.000004 mg/L.
    assert factor["w20111"].mg_per_l(Decimal("0.05")) == Decimal("0.00005")
    assert factor["w20089"].mg_per_l(Decimal(4)) == Decimal("0.000004")
    assert factor["w01018"].mg_per_l(Decimal("28.4")) == Decimal("28.4")
    assert factor["w00000"].mg_per_l(Decimal(1)) is None


def test_the_time_of_a_mean_is_the_start_of_its_period() -> None:
    start = dt.datetime(2026, 8, 1, 8, 0, tzinfo=times.BEIJING)
    assert times.period("2061", "20260801080000") == (start, start + dt.timedelta(hours=1))
    assert times.period("2051", "20260801080000", 5) == (start, start + dt.timedelta(minutes=5))
    assert times.period("2031", "20260801000000") == (
        start.replace(hour=0),
        dt.datetime(2026, 8, 2, tzinfo=times.BEIJING),
    )
    assert times.period("2011", "20260801080000") is None
    assert times.period("2061", "20261301080000") is None
    assert times.period("2031", "99991231000000") is None


def test_a_moment_in_another_zone_is_written_as_beijing_time() -> None:
    # 00:58:57 UTC is 08:58:57 in Beijing.
    when = dt.datetime(2026, 8, 1, 0, 58, 57, 223_000, dt.UTC)
    assert times.digits(when, milliseconds=True) == QN
    assert times.moment(QN) == when
    with pytest.raises(ValueError, match="20260230"):
        times.moment("20260230000000")
