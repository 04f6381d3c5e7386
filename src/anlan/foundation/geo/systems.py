"""Reference systems of points: CGCS2000, WGS-84, and the shifted ones of internet maps. Degrees in, degrees out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

# GCJ-02 is defined on the ellipsoid of Krasovsky; distances are told on that of CGCS2000.
_GCJ_A, _GCJ_EE = 6378245.0, 0.00669342162296594323
_A, _F = 6378137.0, 1 / 298.257222101
_EE = _F * (2 - _F)
_BD_PI = math.pi * 3000 / 180
# Each round of the inverse gains some three digits; eight are more than a double holds.
_ROUNDS = 8


class Point(NamedTuple):
    """Longitude and latitude in degrees."""

    lng: float
    lat: float


def _waves(x: float) -> float:
    return (20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)) * 2 / 3


def _slow(x: float, a: float, b: float, c: float, d: float) -> float:
    near = (20 * math.sin(math.pi * x) + 40 * math.sin(math.pi * x / 3)) * 2 / 3
    return near + (a * math.sin(math.pi * x / b) + c * math.sin(math.pi * x / d)) * 2 / 3


def to_gcj02(point: Point) -> Point:
    """Point of WGS-84 as internet maps show it: shifted by some hundred metres, defined within China only."""
    x, y = point.lng - 105, point.lat - 35
    root = math.sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + _waves(x) + _slow(y, 160, 12, 320, 30)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + _waves(x) + _slow(x, 150, 12, 300, 30)
    phi = math.radians(point.lat)
    m = 1 - _GCJ_EE * math.sin(phi) ** 2
    lat = north * 180 / (_GCJ_A * (1 - _GCJ_EE) / (m * math.sqrt(m)) * math.pi)
    lng = east * 180 / (_GCJ_A / math.sqrt(m) * math.cos(phi) * math.pi)
    return Point(point.lng + lng, point.lat + lat)


def _bd09_of_gcj02(point: Point) -> Point:
    z = math.hypot(point.lng, point.lat) + 2e-5 * math.sin(point.lat * _BD_PI)
    theta = math.atan2(point.lat, point.lng) + 3e-6 * math.cos(point.lng * _BD_PI)
    return Point(z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006)


def _inverse(forward: Callable[[Point], Point], image: Point) -> Point:
    """Point whose image this is, by fixed-point iteration: the shift changes slowly, so it converges."""
    point = image
    for _ in range(_ROUNDS):
        ahead = forward(point)
        point = Point(point.lng + image.lng - ahead.lng, point.lat + image.lat - ahead.lat)
    return point


def convert(point: Point, source: str, target: str) -> Point:
    """Point from one system to another: wgs84, cgcs2000, gcj02, bd09.

    WGS-84 and CGCS2000 differ by centimetres and count as the same. The way back from a shifted system is exact to
    better than 1e-9 degrees.
    """
    same = {"wgs84": "true", "cgcs2000": "true"}
    start, end = same.get(source, source), same.get(target, target)
    if start == end:
        return point
    if start == "bd09":
        point, start = _inverse(_bd09_of_gcj02, point), "gcj02"
    if start == "gcj02" and end == "true":
        return _inverse(to_gcj02, point)
    if start == "true":
        point = to_gcj02(point)
    return _bd09_of_gcj02(point) if end == "bd09" else point


def shift_m(one: Point, other: Point) -> float:
    """Distance in metres between two points close to each other, on the ellipsoid of CGCS2000.

    Radii of curvature at the middle latitude: good to a millimetre over a kilometre.
    """
    phi = math.radians((one.lat + other.lat) / 2)
    w = 1 - _EE * math.sin(phi) ** 2
    north = math.radians(other.lat - one.lat) * _A * (1 - _EE) / (w * math.sqrt(w))
    east = math.radians(other.lng - one.lng) * _A / math.sqrt(w) * math.cos(phi)
    return math.hypot(north, east)
