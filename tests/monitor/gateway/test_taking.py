"""The log and what becomes of it: repeats once, readings once, conflicts kept, quarantine let go, nothing twice."""

from __future__ import annotations

import io

import pytest
from django.db import connections
from tests.monitor.frames_of_the_field import MN, entries, upload

from anlan.monitor.gateway import taking
from anlan.monitor.gateway.entry import Entry
from anlan.monitor.gateway.log import StoreLog
from anlan.monitor.lake import export
from anlan.monitor.models import READINGS, Conflict, Day, Frame, Period, Reading, Sender

pytestmark = pytest.mark.django_db(databases=["default", "readings"])


@pytest.fixture
def log() -> StoreLog:
    return StoreLog()


def receive(log: StoreLog, *data: bytes, known: bool = True, received: int = 0) -> list[Entry]:
    made = entries(*data, known=known, received=received)
    log.append(made)
    taking.take(made)
    return made


def csv() -> list[str]:
    file = io.StringIO()
    export.write(file)
    return file.getvalue().splitlines()


def test_a_frame_is_stored_and_its_value_is_a_reading(log: StoreLog) -> None:
    (entry,) = receive(log, upload("2061", "20260801080000", "23.5"))
    frame = Frame.objects.get()
    assert (frame.mn, frame.state, frame.why, frame.sender) == (MN, "taken", "", entry.sender)
    assert bytes(frame.raw) == entry.frame.raw
    assert csv() == [
        "time,device,factor,kind,value,flag,state",
        f"2026-08-01T08:00:00+08:00,{MN},w01018,hour-Avg,23.5,N,ok",
    ]


def test_a_repeat_is_stored_once_and_counted(log: StoreLog) -> None:
    data = upload()
    (first,) = receive(log, data)
    (second,) = receive(log, data)
    assert (first.repeat, second.repeat) == (False, True)
    # It is answered all the same: the first answer may have been lost.
    assert second.answer == first.answer
    assert Frame.objects.count() == Reading.objects.count() == 1
    assert Day.objects.get().repeats == 1


def test_a_repeat_within_one_group_is_stored_once(log: StoreLog) -> None:
    data, other = upload(), upload(data_time="20260801080100")
    made = receive(log, data, other, data)
    assert [entry.repeat for entry in made] == [False, False, True]
    assert Frame.objects.count() == 2


def test_a_second_different_value_is_kept_and_marked_and_overwrites_nothing(log: StoreLog) -> None:
    receive(log, upload(value="23.5"))
    receive(log, upload(value="23.50"))
    receive(log, upload(value="24.0"))
    assert [line.split(",")[4:] for line in csv()[1:]] == [["23.5", "N", "ok"], ["24.0", "N", "conflict"]]
    assert Conflict.objects.count() == 1
    assert Day.objects.get().conflicts == 1


def test_another_flag_for_the_same_value_is_a_conflict_too(log: StoreLog) -> None:
    receive(log, upload(flag="N"))
    receive(log, upload(flag="D"))
    assert [line.split(",")[5:] for line in csv()[1:]] == [["N", "ok"], ["D", "conflict"]]


def test_late_and_disordered_data_land_in_their_own_time(log: StoreLog) -> None:
    received = 1785553200 * 1_000_000  # 2026-08-01 11:00 +08:00
    receive(log, upload("2061", "20260801090000"), upload("2061", "20260801070000"), received=received)
    assert [line[:19] for line in csv()[1:]] == ["2026-08-01T07:00:00", "2026-08-01T09:00:00"]
    # The hour from 7 was over at 8, three hours before: late. The one from 9 was over at 10, one hour before: just not.
    assert Day.objects.get().late == 1
    assert [period.cn for period in Period.objects.all()] == ["2061", "2061"]


def anybody(password: str | None) -> bool:
    return True


def test_of_what_was_held_back_only_frames_with_the_right_password_are_taken(log: StoreLog) -> None:
    right = upload("2061", "20260801080000", pw="654321")
    receive(log, right, upload("2061", "20260801090000", pw="123456"), known=False)
    last = taking.release(log, Sender.objects.get().pk, 0, lambda password: password == "654321")
    assert last == Frame.objects.latest("pk").pk
    assert list(Frame.objects.order_by("pk").values_list("state", flat=True)) == ["taken", "quarantine"]
    assert [line[:19] for line in csv()[1:]] == ["2026-08-01T08:00:00"]
    assert Day.objects.get().held == 1


def test_frames_of_an_unknown_device_are_held_back_and_taken_once_it_is_admitted(log: StoreLog) -> None:
    receive(log, upload("2061", "20260801080000"), upload("2061", "20260801090000"), known=False)
    sender = Sender.objects.get()
    assert set(Frame.objects.values_list("state", "why")) == {("quarantine", "unknown")}
    assert csv()[1:] == []
    assert Day.objects.get().held == 2
    assert log.senders_held() == {sender.pk: MN}
    last = taking.release(log, sender.pk, 0, anybody)
    assert last is not None
    assert taking.release(log, sender.pk, last, anybody) is None
    assert set(Frame.objects.values_list("state", "why")) == {("taken", "")}
    assert len(csv()[1:]) == 2
    assert Day.objects.get().held == 0
    assert log.senders_held() == {}


def test_a_value_that_cannot_be_is_never_let_go(log: StoreLog) -> None:
    receive(log, upload(value="NaN"), known=False)
    assert list(Frame.objects.values_list("state", "why")) == [("quarantine", "format")]
    assert taking.release(log, Sender.objects.get().pk, 0, anybody) is None
    assert csv()[1:] == []


def test_what_was_stored_and_not_taken_when_it_died_is_taken_at_the_next_start(log: StoreLog) -> None:
    made = entries(upload(), upload(data_time="20260801080100"), upload(value="NaN"))
    log.append(made)
    assert Reading.objects.count() == 0
    assert taking.catch_up(StoreLog()) == 3
    assert Reading.objects.count() == 2
    day = Day.objects.get()
    assert (day.frames, day.format) == (3, 1)
    assert taking.catch_up(StoreLog()) == 0
    assert Day.objects.get().frames == 3


def test_numbers_go_on_where_the_last_life_ended(log: StoreLog) -> None:
    (first,) = receive(log, upload())
    (second,) = receive(StoreLog(), upload())
    assert second.id == first.id + 1
    assert second.sender == first.sender


def test_damaged_frames_are_kept_and_counted_by_kind(log: StoreLog) -> None:
    good = upload()
    wrong_crc = good[:-6] + b"0000\r\n"
    wrong_length = b"##0009" + good[6:]
    receive(log, wrong_crc, wrong_length)
    assert list(Frame.objects.order_by("id").values_list("state", "why")) == [("bad", "crc"), ("bad", "length")]
    day = Day.objects.get()
    assert (day.frames, day.crc, day.length) == (2, 1, 1)
    assert csv()[1:] == []


def test_damage_that_was_nobodys_is_counted_for_whoever_it_turned_out_to_be(log: StoreLog) -> None:
    nobodys = entries(upload(mn="AB00000000000000000000Z1")[:-6] + b"0000\r\n")
    log.append(nobodys)
    taking.take(nobodys)
    assert nobodys[0].sender is None
    taking.name(log, [nobodys[0].id], MN)
    # A second time changes nothing: it is somebody's now.
    taking.name(log, [nobodys[0].id], "CD00000000000000000000F2")
    sender = Sender.objects.get(mn=MN)
    assert Frame.objects.get().sender == sender.pk
    assert [(day.sender, day.frames, day.crc) for day in Day.objects.all()] == [(sender.pk, 1, 1)]


def test_parts_of_a_message_are_taken_each_by_itself(log: StoreLog) -> None:
    one = upload().replace(b"Flag=5;CP", b"Flag=7;PNUM=2;PNO=2;CP")
    body = one[6:-6]
    from anlan.monitor.hj212.encode import enclose

    receive(log, enclose(body))
    assert len(csv()[1:]) == 1


def test_a_null_character_in_a_name_does_not_stop_the_log(log: StoreLog) -> None:
    made = entries(b"##0009QN=1;MN=\x00&&0000\r\n")
    log.append(made)
    assert Frame.objects.count() == len(made) == 1


def test_the_store_keeps_a_frame_once_even_without_our_looking(log: StoreLog) -> None:
    data = upload()
    receive(log, data)
    other = StoreLog()
    (entry,) = entries(data)
    other.append([entry])
    with connections[READINGS].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM monitor_frame")
        assert cursor.fetchone()[0] == 1
