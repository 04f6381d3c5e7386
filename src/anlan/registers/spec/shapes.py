"""Shapes as GeoJSON: whether one can be used, its bounds, whether two overlap. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from anlan.registers.spec.values import POINT_SCALE, Unfit

MOST_POINTS = 50_000
_FORMS = {
    "polygon": ("Polygon", "MultiPolygon"),
    "line": ("LineString", "MultiLineString"),
    "point": ("Point", "MultiPoint"),
    "any": ("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", "MultiPoint"),
}
# Parcels drawn side by side overlap by slivers: below this share of the smaller one it is drawing, not an overlap.
SLIVER = 0.001


def fit(value: Any, form: str) -> dict[str, Any]:
    """Kept form of a geometry from GeoJSON (a geometry, a feature, or a collection of one), in degrees.

    Raises Unfit for what is none, is not valid, or lies outside of the country.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise Unfit("不是有效的 GeoJSON", "is no valid GeoJSON") from None
    if isinstance(value, Mapping) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise Unfit("一条记录只能有一个图形", "one row has one shape only")
        value = features[0]
    if isinstance(value, Mapping) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, Mapping) or value.get("type") not in _FORMS[form]:
        raise Unfit(f"应为 GeoJSON 的 {'、'.join(_FORMS[form])}", f"must be GeoJSON: {', '.join(_FORMS[form])}")
    try:
        found = shape(value)
        points = shapely.get_num_coordinates(found)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError):
        raise Unfit("坐标读不出来", "has coordinates that cannot be read") from None
    if not points:
        raise Unfit("没有坐标点", "has no points")
    if points > MOST_POINTS:
        raise Unfit(f"有 {points} 个点，最多 {MOST_POINTS} 个", f"has {points} points, at most {MOST_POINTS}")
    west, south, east, north = found.bounds
    if not (73 <= west <= east <= 136 and 3 <= south <= north <= 54):
        raise Unfit(
            "不在国内；坐标应为经度、纬度（度），不是平面坐标",
            "is not within the country: degrees are wanted, not metres",
        )
    if not found.is_valid:
        told = shapely.is_valid_reason(found)
        raise Unfit(f"图形自相交或不闭合（{told}）", f"the shape is not valid ({told})")
    kept: dict[str, Any] = json.loads(shapely.to_geojson(shapely.set_precision(found, 10**-POINT_SCALE)))
    return kept


def bounds(kept: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """West, south, east, north in 10**-7 degrees, outwards: what lies in the shape lies in them."""
    west, south, east, north = _shape(kept).bounds
    factor = 10**POINT_SCALE
    return int(west * factor) - 1, int(south * factor) - 1, int(east * factor) + 1, int(north * factor) + 1


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two areas share more than a sliver; of lines and points, whether they cross."""
    first, second = _shape(one), _shape(other)
    if not first.intersects(second):
        return False
    smaller = min(first.area, second.area)
    if not smaller:
        return bool(first.crosses(second) or first.equals(second))
    return bool(first.intersection(second).area > smaller * SLIVER)


def _shape(kept: Mapping[str, Any]) -> BaseGeometry:
    return shape(kept)
