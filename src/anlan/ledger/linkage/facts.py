"""A row read: what is compared of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anlan.ledger.linkage import amounts, kinds, moments, names
from anlan.ledger.linkage.folding import fold, sentence
from anlan.ledger.linkage.kinds import Source
from anlan.ledger.linkage.places import Gazetteer, Place
from anlan.ledger.linkage.rows import Row

_NOT_TEXT = re.compile(r"[^一-龥a-z]+")
_NUMBERS = re.compile(r"[\d.,]+|[零〇一二两三四五六七八九十百千万]{2,}")
_OFFICE = re.compile(
    "(生态环境|环境保护|环保|住房和城乡建设|住建|城乡建设|水利|水务|农业农村|农业|城市管理|城管|交通运输|交通|"
    "应急管理|应急|安监|自然资源|国土|林业|工信|经信|发改|卫健|公安|海事|航道|港航|园区|开发区)"
)
_OFFICES = {
    "环境保护": "生态环境", "环保": "生态环境", "住房和城乡建设": "住建", "城乡建设": "住建", "水务": "水利",
    "农业": "农业农村", "城市管理": "城管", "交通运输": "交通", "应急管理": "应急", "安监": "应急",
    "国土": "自然资源", "经信": "工信",
}  # fmt: skip


@dataclass(slots=True)
class Facts:
    """What a row says, field by field. `text` is the description without places, figures and names of companies."""

    row: Row
    place: Place
    kinds: frozenset[str]
    amounts: tuple[amounts.Amount, ...]
    companies: tuple[names.Company, ...]
    waters: frozenset[str]
    disclosed: moments.Span | None
    deadline: moments.Span | None
    source: Source | None
    offices: frozenset[str]
    whole: str
    text: str


class Reader:
    """Reads rows in the light of all rows of a ledger: its counties, towns and waters."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        rows = list(rows)
        self._gazetteer = Gazetteer()
        self._gazetteer.learn(
            fold(one.place) if one.place else self._gazetteer.told_in(sentence(one.description)) for one in rows
        )
        self._gazetteer.hear(fold(one.unit) for one in rows)
        self._waters = names.Waters(sentence(one.description) for one in rows)

    def read(self, row: Row) -> Facts:
        """Facts of one row. Never fails: what can't be read is absent."""
        whole = sentence(row.description)
        # Columns of their own are read as if they stood in the description.
        columns = fold(",".join(one for one in (row.company, row.kind, row.quantity) if one))
        told = f"{whole},{columns}" if columns else whole
        unit = fold(row.unit)
        place = self._gazetteer.read(fold(row.place), whole, unit)
        companies = names.companies_of(told, (place.town, place.village))
        return Facts(
            row=row,
            place=place,
            kinds=kinds.kinds_of(_without(told, place, ())),
            amounts=amounts.find(_without(told, place, ())),
            companies=companies,
            waters=self._waters.find(
                _without(whole, place, companies), (*names.waters_of(whole), *_water(row)), _divisions(place)
            ),
            disclosed=moments.span(row.disclosed),
            deadline=moments.span(row.deadline),
            source=kinds.source_of(fold(row.source)),
            offices=frozenset(_OFFICES.get(one, one) for one in _OFFICE.findall(unit)),
            whole=whole,
            text=_NOT_TEXT.sub("", _NUMBERS.sub("", _without(whole, place, companies))),
        )


def _water(row: Row) -> tuple[str, ...]:
    return tuple(name for name in re.split("[、,;/]", fold(row.water)) if len(name) > 1)


def _divisions(place: Place) -> tuple[str, ...]:
    return tuple(name for name in (place.province, place.city, place.county) if name)


def _without(text: str, place: Place, companies: tuple[names.Company, ...]) -> str:
    """Text without the names of companies and, as far as they are recognised, of places."""
    for company in companies:
        text = text.replace(company.written, "|")
    for name in (place.village, place.town):
        # A name of one character would tear words apart.
        if len(name) > 1:
            text = text.replace(name, "|")
    return text
