"""The simulated field: the same seed, the same bytes; every damage is what it says; loggers answer and send again."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from tests.monitor.hj212.frames import GOOD

from anlan.monitor.hj212 import dialog, times
from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.field.damage import DAMAGES, Damage
from anlan.monitor.hj212.field.loggers import Field, Logger, Temper
from anlan.monitor.hj212.frame import Frame

QN = "20260801000500999"


def code(frame: Frame) -> str:
    return frame.fault.code if frame.fault else ""


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, same, other = (
        b"".join(sending.data for sending in Field(7, 3.5, seed, bad=0.3).sendings(120)) for seed in (1, 1, 2)
    )
    assert first == same != other


def test_the_field_sends_as_many_messages_as_asked_in_order_of_time() -> None:
    sent = list(Field(3, 2.0).sendings(100))
    # Loggers 0 to 2 neither split nor repeat: 2 messages a second for 100 s, give or take one a logger.
    assert abs(len(sent) - 200) <= 3
    assert [one.at for one in sent] == sorted(one.at for one in sent)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_every_damage_is_found_as_what_it_is(damage: Damage) -> None:
    for seed in range(50):
        (one,) = decode(damage.spoil(GOOD, random.Random(seed)))
        assert code(one) == damage.fault
        assert one.ok is (damage.fault == "")


def test_a_spoilt_stream_decodes_to_just_the_faults_that_were_made() -> None:
    sent = list(Field(14, 7.0, seed=3, bad=0.3).sendings(300))
    frames = decode(b"".join(one.data for one in sent))
    assert [code(frame) for frame in frames] == [one.fault for one in sent]
    assert Counter(one.fault for one in sent).keys() == {"", "crc", "length", "format"}


def test_without_damage_every_frame_is_taken_and_all_tempers_show() -> None:
    field = Field(len(Temper), 7.0)
    assert [logger.temper for logger in field.loggers] == list(Temper)
    sent = list(field.sendings(700))
    frames = decode(b"".join(one.data for one in sent))
    assert all(frame.ok for frame in frames)
    assert {frame.version for frame in frames} == {2005, 2017, 2025}
    assert {one.what for one in sent} == {"data", "part", "backfill", "resend"}


def test_after_an_outage_what_was_missed_is_sent_with_its_own_times() -> None:
    outages = Logger(site=list(Temper).index(Temper.OUTAGES), every_s=10, seed=1)
    # The link fails from second 240 to 300: six messages wait and follow with the first one after it.
    before, during, after = outages.due(239.9), outages.due(299.9), outages.due(309.9)
    assert len(before) == 24
    assert during == []
    assert [one.what for one in after] == ["backfill"] * 6 + ["data"]
    times_told = [decode(one.data)[0].fields["DataTime"] for one in after if decode(one.data)[0].cn == "2011"]
    assert times_told == sorted(times_told)
    assert times_told[0] < "20260801000500"


def test_a_drifting_clock_is_wrong_until_it_is_set() -> None:
    logger = Logger(site=1, every_s=10, seed=1)
    assert logger.temper is Temper.DRIFTING
    (one,) = decode(logger.due(9.9)[0].data)
    # A quarter of an hour ahead of 00:00.
    assert one.fields["DataTime"].startswith("202608010015")
    command = dialog.command("1012", QN, "32", logger.mn, "123456", {"SystemTime": "20260801000010"})
    answers = [decode(sending.data)[0] for sending in logger.receive(command, 10.0)]
    assert [(answer.cn, answer.qn) for answer in answers] == [("9011", QN), ("9012", QN)]
    (after,) = decode(logger.due(19.9)[0].data)
    assert after.fields["DataTime"] < "20260801000020"


def test_without_an_answer_a_frame_is_sent_three_times_more_with_its_qn() -> None:
    logger = Logger(site=0, every_s=1000, seed=1, waits=True)
    first = logger.next_at
    (sent,) = logger.due(first)
    again = [sending for step in range(1, 8) for sending in logger.due(first + 10 * step)]
    assert [one.what for one in again] == ["resend"] * 3
    assert {one.data for one in again} == {sent.data}


def test_an_answer_ends_the_waiting() -> None:
    logger = Logger(site=0, every_s=1000, seed=1, waits=True)
    first = logger.next_at
    (sent,) = logger.due(first)
    answer = dialog.answer(decode(sent.data)[0])
    assert answer is not None
    assert logger.receive(answer, first + 1) == []
    assert logger.due(first + 60) == []


def test_history_is_sent_when_it_is_asked_for() -> None:
    logger = Logger(site=0, every_s=60, seed=1)
    # Messages 5, 10, 15 … are means of ten minutes; those of a whole hour are asked for.
    logger.due(7200)
    asked = {"BeginTime": "20260801000000", "EndTime": "20260801010000"}
    replies = [
        decode(s.data)[0] for s in logger.receive(dialog.command("2051", QN, "32", logger.mn, "123456", asked), 7200)
    ]
    assert [reply.cn for reply in (replies[0], replies[-1])] == ["9011", "9012"]
    data = replies[1:-1]
    assert data
    assert {reply.cn for reply in data} == {"2051"}
    for reply in data:
        assert "20260801000000" <= reply.fields["DataTime"] <= "20260801010000"
        assert times.starts_period("2051", reply.fields["DataTime"])


@pytest.mark.parametrize(
    "cn, begin, end, expected",
    [
        # Ten minutes: 22:00 to 23:50 are 12 periods; the one of 00:00 is not over at 00:00:30.
        ("2051", "20260801220000", "20260802000000", 12),
        ("2061", "20260801000000", "20260801230000", 24),
        # 31 days back from 2 August 00:00:30: the days from 3 July to 1 August.
        ("2031", "20260101000000", "20260802000000", 30),
        ("2061", "20260803000000", "20260804000000", 0),
    ],
)
def test_every_kind_of_history_is_answered_with_the_periods_that_are_over(
    cn: str, begin: str, end: str, expected: int
) -> None:
    logger = Logger(site=0, every_s=60, seed=1)
    asked = {"BeginTime": begin, "EndTime": end}
    replies = [
        decode(s.data)[0] for s in logger.receive(dialog.command(cn, QN, "32", logger.mn, "123456", asked), 86_430.0)
    ]
    assert replies[0].fields["QnRtn"] == "1"
    assert replies[-1].fields["ExeRtn"] == "1"
    told = [reply.fields["DataTime"] for reply in replies[1:-1]]
    assert (len(told), told) == (expected, sorted(set(told)))
    assert all(reply.cn == cn and times.starts_period(cn, reply.fields["DataTime"]) for reply in replies[1:-1])
    assert all(reply.values["w01018"].keys() >= {"Min", "Avg", "Max"} for reply in replies[1:-1])


def test_a_day_is_sent_once_it_is_over_and_is_the_same_when_asked_for() -> None:
    logger = Logger(site=0, every_s=600, seed=1)
    days = [frame for one in logger.due(2 * 86_400 - 1) if (frame := decode(one.data)[0]).cn == "2031"]
    assert [frame.fields["DataTime"] for frame in days] == ["20260801000000"]
    asked = {"BeginTime": "20260801000000", "EndTime": "20260801000000"}
    command = dialog.command("2031", QN, "32", logger.mn, "123456", asked)
    _, again, _ = (decode(one.data)[0] for one in logger.receive(command, 2 * 86_400.0))
    assert again.values == days[0].values


def test_commands_for_another_device_and_unknown_ones_change_nothing() -> None:
    logger = Logger(site=0, every_s=60, seed=1)
    other = dialog.command("2012", QN, "32", "5A5A", "123456")
    assert logger.receive(other, 1.0) == []
    (answer,) = logger.receive(dialog.command("3015", QN, "32", logger.mn, "123456"), 1.0)
    assert decode(answer.data)[0].fields == {"QnRtn": "8"}
