"""Cases come as JSON; everything wrong is said at once."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.foundation.vault.images import Exif
from anlan.ledger.integrity import Examination, of_picture, read, schema
from anlan.settings import InputError


def data(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize("form", [lambda one: one, lambda one: [one], lambda one: {"cases": [one]}])
def test_one_case_a_list_or_a_collection(form: Any) -> None:
    [case] = read(data(form({"id": "Q1", "deadline": "2025-06-30"})))
    assert (case.id, str(case.deadline)) == ("Q1", "2025-06-30")


def test_days_stay_days_and_moments_moments() -> None:
    [case] = read(data({"id": "Q", "events": [{"kind": "closed", "at": "2025-06-30"}, {"kind": "closed", "at": "2025-06-30T08:00:00Z"}]}))  # fmt: skip
    assert [type(event.at).__name__ for event in case.events] == ["date", "datetime"]


def test_everything_wrong_is_said_at_once_with_place_and_value() -> None:
    with pytest.raises(InputError) as error:
        read(data({"id": "Q1", "titel": "x", "photos": [{"taken": "昨天", "sha256": "zz"}], "deadline": 5}))
    told = error.value.speak("zh")
    assert "0.titel（x）：没有这一项，请核对名称" in told
    assert "0.photos.0.id：缺少此项" in told
    assert "昨天" in told
    assert "0.photos.0.sha256（zz）：格式不对" in told
    assert len(error.value.problems) >= 4


def test_a_number_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="Q1"):
        read(data([{"id": "Q1"}, {"id": "Q1"}]))


@pytest.mark.parametrize("wrong", [b"", b"{", b"3", b'"x"', b"null", b"\xff\xfe", b'{"cases": 3}', b"[[]]"])
def test_what_is_no_case_is_refused(wrong: bytes) -> None:
    with pytest.raises(InputError):
        read(wrong)


def test_the_schema_describes_what_is_read() -> None:
    described = schema()
    assert described["required"] == ["cases"]
    assert set(described["$defs"]["Case"]["properties"]) >= {"photos", "reports", "events", "readings", "answers"}
    assert described["$defs"]["Case"]["additionalProperties"] is False


def test_a_photograph_of_the_vault_keeps_its_zone_and_place() -> None:
    exif = Exif(taken=dt.datetime(2025, 6, 30, 10), offset=480, longitude=117.18, latitude=29.27, doubts=("edited",))  # noqa: DTZ001
    photo = of_picture("p", exif, "x", "a" * 64, role="after")
    assert photo.taken
    assert photo.taken.isoformat() == "2025-06-30T10:00:00+08:00"
    assert photo.place
    assert (photo.place.longitude, photo.place.system) == (117.18, "wgs84")


TEXTS = st.text(st.sampled_from("吕蒙街道垃圾200吨新建管网2.28公里水质Ⅲ类停产，。\n%≤0 "), max_size=80)
DAYS: st.SearchStrategy[str] = st.dates().map(str) | st.datetimes().map(lambda at: at.isoformat())


Strategy = st.SearchStrategy[Any]


def _some(most: int, required: dict[str, Strategy], optional: dict[str, Strategy]) -> Strategy:
    """Up to so many objects; where they have an id, each its own."""
    one = st.fixed_dictionaries(required, optional=optional)
    return st.lists(one, max_size=most, unique_by=(lambda item: str(item["id"])) if "id" in required else None)


DATES, MOMENTS = st.dates().map(str), st.datetimes().map(lambda at: at.isoformat())
EVENTS = _some(
    5,
    {"kind": st.sampled_from(["planned", "self_done", "closed", "extended"]), "at": DAYS},
    {"until": DATES},
)
PHOTOS = _some(
    3,
    {"id": st.sampled_from("pqr")},
    {
        "taken": MOMENTS,
        "handed_in": DAYS,
        "role": st.sampled_from(["before", "after"]),
        "phash": st.sampled_from(["0" * 16, "0" * 15 + "1"]),
        "features": TEXTS,
    },
)
REPORTS = _some(3, {"id": st.sampled_from("rst"), "at": DAYS}, {"text": TEXTS, "percent": st.integers(0, 100)})
READINGS = _some(
    6,
    {"at": DAYS, "item": st.just("氨氮"), "value": st.decimals(-10, 10, places=2).map(str)},
    {"limit": st.just("1")},
)
CASES = _some(
    4,
    {"id": st.sampled_from("abcdef")},
    {
        "text": TEXTS,
        "goal_approved": TEXTS,
        "goal_claimed": TEXTS,
        "measures": st.lists(TEXTS, max_size=3),
        "deadline": DATES,
        "events": EVENTS,
        "photos": PHOTOS,
        "reports": REPORTS,
        "readings": READINGS,
    },
)


@settings(max_examples=150, deadline=None)
@given(CASES)
def test_any_case_that_is_read_is_examined(cases: list[dict[str, Any]]) -> None:
    found = read(data(cases))
    for findings in Examination(found).all():
        assert json.dumps(findings.plain())
