"""What linkage is given of a problem: the cells of its row as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """问题台账的一行: one row of a ledger, every field as written, empty where the ledger has none.

    `id` tells it apart from all others. `place` is the place as the ledger completes it (省市县乡村, any part may be
    missing or short), `unit` the units responsible, `disclosed` when the problem was found, `deadline` until when it is
    to be rectified; both as fine as they are known (2022年5月, 2022-05, 2022.5.6, 5月底前).
    `company`, `water`, `kind` and `quantity` are columns that some ledgers have beside the description.
    """

    id: str
    description: str
    place: str = ""
    source: str = ""
    disclosed: str = ""
    deadline: str = ""
    unit: str = ""
    company: str = ""
    water: str = ""
    kind: str = ""
    quantity: str = ""


# Names under which tables give the fields; the first that is there and not empty counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("record_id",),
    "description": ("description", "问题描述", "存在问题", "问题", "具体问题", "问题内容"),
    "place": ("place", "地点", "位置", "问题地点", "所在地"),
    "source": ("source", "问题来源", "来源"),
    "disclosed": ("disclosed", "披露时间", "发现时间", "反馈时间"),
    "deadline": ("deadline", "整改时限", "完成时限"),
    "unit": ("unit_text", "责任单位", "整改责任单位"),
    "company": ("company", "企业名称"),
    "water": ("river", "河流", "水体"),
    "kind": ("kind", "问题类型"),
}


def row(values: Mapping[str, object], otherwise: str) -> Row:
    """Row of a mapping by the names of `COLUMNS`; `otherwise` is its id where it has none of its own.

    >>> row({"record_id": "A1", "地点": "乐平市桥冲下滩", "问题描述": "露天堆放固废"}, "1").place
    '乐平市桥冲下滩'
    """
    got = {
        field: next((said for name in names if (said := _said(values.get(name)))), "")
        for field, names in COLUMNS.items()
    }
    return Row(**{**got, "id": got["id"] or otherwise})


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "；".join(_said(one) for one in value)
    return str(value).strip()
