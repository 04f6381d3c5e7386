"""Messages in parts: cut into frames and merged again, in whatever order they come; resends are told from news."""

from __future__ import annotations

import itertools

import pytest
from tests.monitor.hj212.frames import GOOD, HEAD, frame

from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.encode import Message, TooLongError, enclose
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.hj212.parts import Parts, Repeats, Sending

VALUES = {f"w{n:05d}": {"Min": "1.25", "Avg": "2.5", "Max": "5", "Flag": "N"} for n in range(20001, 20041)}
MESSAGE = Message("32", "2061", "A1", flag=5, fields={"DataTime": "20260801080000", "i12001-Info": "1"}, values=VALUES)


def parts(message: Message = MESSAGE, longest: int | None = None) -> list[Frame]:
    return decode(b"".join(message.parts((f"20260801085857{n:03d}" for n in itertools.count()), longest)))


def test_a_short_message_is_one_frame() -> None:
    (one,) = parts(Message("32", "2061", "A1", flag=5, fields={"DataTime": "20260801080000"}))
    assert (one.flag, one.pnum, one.ok) == (5, None, True)


def test_a_long_message_is_cut_between_items_and_every_part_is_by_the_book() -> None:
    sent = parts()
    # w20001-Min=1.25,w20001-Avg=2.5,w20001-Max=5,w20001-Flag=N; is 58 bytes, the head about 140: 15 of 40 a part.
    assert len(sent) == 3
    assert [(one.ok, one.flag, one.pnum, one.pno) for one in sent] == [
        (True, 7, 3, 1),
        (True, 7, 3, 2),
        (True, 7, 3, 3),
    ]
    assert len({one.qn for one in sent}) == 3
    assert {one.fields["DataTime"] for one in sent} == {"20260801080000"}
    assert all(len(one.raw) <= 2 + 4 + 1024 + 4 for one in sent)
    assert all(len(items) == 4 for one in sent for items in one.values.values())


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_parts_are_merged_in_any_order(order: tuple[int, ...]) -> None:
    sent, merging = parts(), Parts()
    got = [merging.add(sent[place]) for place in order]
    assert got[:2] == [None, None]
    whole = got[2]
    assert whole is not None
    assert whole.values == VALUES
    assert whole.fields == MESSAGE.fields
    assert not whole.is_part
    assert merging.waiting() == []


def test_the_same_part_again_replaces_the_earlier_one() -> None:
    first, second = (
        frame(f"DataTime=20260801080000;w0101{n}-Rtd={n}", HEAD.replace("Flag=5", f"Flag=7;PNUM=2;PNO={n}"))
        for n in (1, 2)
    )
    again = frame("DataTime=20260801080000;w01011-Rtd=9", HEAD.replace("Flag=5", "Flag=7;PNUM=2;PNO=1"))
    merging = Parts()
    assert merging.add(first) is None
    assert merging.add(again) is None
    assert [message.missing for message in merging.waiting()] == [1]
    whole = merging.add(second)
    assert whole is not None
    assert whole.values == {"w01011": {"Rtd": "9"}, "w01012": {"Rtd": "2"}}


def test_parts_of_different_messages_are_kept_apart_and_bad_ones_complete_nothing() -> None:
    merging = Parts()
    head = HEAD.replace("Flag=5", "Flag=7;PNUM=2;PNO=1")
    merging.add(frame("DataTime=20260801080000", head))
    merging.add(frame("DataTime=20260801090000", head.replace("PNO=1", "PNO=2")))
    merging.add(frame("DataTime=20260801080000", head.replace("PNO=1", "PNO=2").replace("=32", "=31")))
    merging.add(frame("DataTime=20261301080000", head.replace("PNO=1", "PNO=2")))
    assert [message.missing for message in merging.waiting()] == [1, 1, 1]


def test_a_frame_that_is_no_part_passes_through() -> None:
    one = frame()
    assert Parts().add(one) is one


def test_unfinished_messages_are_given_up_oldest_first_when_there_are_too_many() -> None:
    merging = Parts(messages=3)
    head = HEAD.replace("Flag=5", "Flag=7;PNUM=9999;PNO=1")
    for hour in range(5):
        merging.add(frame(f"DataTime=202608010{hour}0000", head))
    assert [m.key.data_time[8:10] for m in merging.waiting()] == ["02", "03", "04"]
    assert [m.key.data_time[8:10] for m in merging.given_up()] == ["00", "01"]
    assert merging.given_up() == []


def test_unfinished_messages_hold_a_bounded_number_of_bytes() -> None:
    merging = Parts(bytes_held=1000)
    for pno in range(1, 20):
        merging.add(frame("DataTime=20260801080000", HEAD.replace("Flag=5", f"Flag=7;PNUM=9999;PNO={pno}")))
        assert sum(len(part.raw) for m in merging.waiting() for part in m.parts.values()) <= 1000


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TooLongError):
        enclose(b"x" * 10_000)
    with pytest.raises(TooLongError, match="i11001-Info"):
        parts(Message("32", "3020", "A1", flag=5, fields={"DataTime": "20260801080000", "i11001-Info": "x" * 1000}))


def test_resends_are_told_from_new_frames_and_from_another_content_under_the_same_qn() -> None:
    repeats = Repeats()
    (one,) = decode(GOOD)
    assert repeats.add(one) is Sending.NEW
    assert repeats.add(decode(GOOD)[0]) is Sending.AGAIN
    assert repeats.add(frame("DataTime=20260801085857;w01018-Rtd=99")) is Sending.CONFLICT
    for pno in (1, 2):
        assert repeats.add(frame(head=HEAD.replace("Flag=5", f"Flag=7;PNUM=2;PNO={pno}"))) is Sending.NEW
    old = frame(head=HEAD[21:])
    assert [repeats.add(old), repeats.add(old)] == [Sending.NEW, Sending.AGAIN]


def test_only_so_many_frames_are_remembered() -> None:
    repeats = Repeats(remembered=2)
    for second in ("57", "58", "59"):
        repeats.add(frame(head=HEAD.replace("085857", f"0858{second}")))
    assert repeats.add(frame(head=HEAD.replace("085857", "085859"))) is Sending.AGAIN
    assert repeats.add(frame()) is Sending.NEW
