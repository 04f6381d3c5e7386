"""Charts: what one shows, said once; the page draws it, keeps the table beside it, and gives it as PNG and CSV.

    Chart("by-unit", _("各单位任务"), ["区水利局", …], [Series(_("已完成"), "done", [3, …], [url, …])], unit="条")

and in the template {% chart chart %}. ECharts draws it from the data in the page; without script the table stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Tones of the product as charts fill them; a dash pattern keeps them apart in a greyscale print.
TONES = {
    "done": "#5b7a8c",
    "green": "#2e7d4f",
    "yellow": "#b26a00",
    "red": "#b3261e",
    "none": "#a8b5bb",
    "accent": "#0b6e7c",
}


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, in the order of the chart's categories; `links` opens what each figure counts ("" for none).

    None is a gap: it is shown as a gap, never as 0.
    """

    name: str
    tone: str
    values: Sequence[float | int | None]
    links: Sequence[str] = ()

    def __post_init__(self) -> None:
        """ValueError for a tone that is none of TONES, or links that are not as many as values."""
        if self.tone not in TONES:
            raise ValueError(f"no tone {self.tone!r}: one of {', '.join(TONES)}")
        if self.links and len(self.links) != len(self.values):
            raise ValueError(f"{self.name}: {len(self.links)} links for {len(self.values)} values")


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over categories, stacked and lying (kind "stack"), standing beside each other ("bar"), or lines ("line").

    `key` names it on the page, `head` stands over the categories in the table, `unit` behind the figures.
    """

    key: str
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    head: str = ""
    kind: str = "stack"

    def __post_init__(self) -> None:
        """ValueError for an unknown kind, or a series that does not fit the categories."""
        if self.kind not in ("stack", "bar", "line"):
            raise ValueError(f"no kind of chart {self.kind!r}")
        for one in self.series:
            if len(one.values) != len(self.categories):
                raise ValueError(f"{one.name}: {len(one.values)} values for {len(self.categories)} categories")

    @property
    def data(self) -> dict[str, object]:
        """What the script draws, as JSON holds it."""
        return {
            "kind": self.kind,
            "title": self.title,
            "unit": self.unit,
            "categories": list(self.categories),
            "series": [
                {"name": str(one.name), "colour": TONES[one.tone], "values": list(one.values)} for one in self.series
            ],
        }

    @property
    def rows(self) -> list[tuple[str, list[tuple[float | int | None, str]], float]]:
        """Rows of the table: category, figure and address for each series, sum."""
        return [
            (
                category,
                [(one.values[at], one.links[at] if one.links else "") for one in self.series],
                sum(one.values[at] or 0 for one in self.series),
            )
            for at, category in enumerate(self.categories)
        ]
