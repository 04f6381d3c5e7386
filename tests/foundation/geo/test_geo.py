"""geo.convert and geo.check: published values, the way back, the shift in this city, points that changed places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.foundation.geo.systems import Point, convert, shift_m

SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09"]


def run(start: str, end: str, lng: Any, lat: Any) -> Any:
    return registry().run("geo.convert", {"from": start, "to": end, "lng": lng, "lat": lat})


def status(lng: Any, lat: Any, **inputs: Any) -> str:
    return str(registry().run("geo.check", {"lng": lng, "lat": lat, **inputs})["status"])


@pytest.mark.parametrize(
    "start, end, lng, lat",
    [
        # Values that open implementations of the published algorithms print for (116.404, 39.915).
        ("wgs84", "gcj02", 116.41024449916938, 39.91640428150164),
        ("cgcs2000", "gcj02", 116.41024449916938, 39.91640428150164),
        ("gcj02", "bd09", 116.41036949371029, 39.92133699351021),
    ],
)
def test_forward_conversions_agree_with_published_values(start: str, end: str, lng: float, lat: float) -> None:
    answer = run(start, end, 116.404, 39.915)
    assert (answer["lng"], answer["lat"]) == pytest.approx((lng, lat), abs=1e-12)


@pytest.mark.parametrize("start, end, lng, lat", [("bd09", "gcj02", 116.39762729119315, 39.90865673957631)])
def test_the_usual_one_step_inverse_is_only_near(start: str, end: str, lng: float, lat: float) -> None:
    # It is off by up to a ten-millionth of a degree or so; ours is the exact inverse of the forward formula.
    answer = run(start, end, 116.404, 39.915)
    assert (answer["lng"], answer["lat"]) == pytest.approx((lng, lat), abs=1e-6)
    assert convert(Point(answer["lng"], answer["lat"]), end, start) == pytest.approx((116.404, 39.915), abs=1e-12)


def test_a_point_of_this_city_is_shifted_by_about_six_hundred_metres() -> None:
    assert run("cgcs2000", "gcj02", 117.178, 29.269)["shift_m"] == pytest.approx(600, abs=50)


def test_wgs84_and_cgcs2000_count_as_the_same() -> None:
    answer = run("wgs84", "cgcs2000", "117.178", 29.269)
    assert (answer["lng"], answer["lat"], answer["shift_m"]) == (117.178, 29.269, 0)


def test_a_distance_by_hand() -> None:
    # At the equator a degree of longitude is 2π × 6,378,137 / 360 = 111,319.49 m.
    assert shift_m(Point(100, 0), Point(100.01, 0)) == pytest.approx(1113.1949, abs=1e-3)
    # There a degree of latitude is shorter: × (1 − e²), e² = 0.0066943800: 110,574.28 m.
    assert shift_m(Point(100, -0.005), Point(100, 0.005)) == pytest.approx(1105.7428, abs=1e-3)


@given(
    st.sampled_from(SYSTEMS),
    st.sampled_from(SYSTEMS),
    st.floats(74, 134),
    st.floats(18, 53),
)
def test_there_and_back_is_the_same_point(start: str, end: str, lng: float, lat: float) -> None:
    there = convert(Point(lng, lat), start, end)
    assert convert(there, end, start) == pytest.approx((lng, lat), abs=1e-9)


@pytest.mark.parametrize(
    "lng, lat, expected",
    [
        (117.178, 29.269, "ok"),
        (116.95, 28.73, "ok"),  # the corners belong to the box
        (117.70, 29.93, "ok"),
        ("117.7001", 29.5, "outside_area"),
        (116.9499, 29.5, "outside_area"),
        (117.2, 29.9301, "outside_area"),
        (29.269, 117.178, "swapped_suspected"),
        (90, 29, "outside_area"),
        (89.9999, 29, "swapped_suspected"),
        (117, 90, "outside_area"),
        (117, 90.0001, "swapped_suspected"),
    ],
)
def test_points_are_checked_but_never_changed(lng: Any, lat: Any, expected: str) -> None:
    assert status(lng, lat) == expected


def test_a_point_without_system_is_told_to_need_one() -> None:
    def told(**inputs: Any) -> Any:
        answer: Any = registry().run("geo.check", {"lng": 117.2, "lat": 29.3, **inputs})
        return " ".join(answer["explain"]["steps"])

    assert "未写坐标系" in told()
    assert "未写坐标系" not in told(**{"from": "bd09"})


def test_wrong_input_is_told_at_once() -> None:
    answer = run("gcj", "wgs84", 29.269, 117.178)
    assert [fault["field"] for fault in answer["errors"]] == ["from", "lng", "lat"]
