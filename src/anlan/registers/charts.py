"""Charts of indicators as drawings of their own (SVG), with the same figures as a table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from anlan.foundation.screens.texts import language
from anlan.registers.figures import Figure
from anlan.registers.spec.model import ChartSpec, Spec

# Size of the drawing, in its own units.
WIDTH = 720
_ROW, _LABEL, _VALUE = 28, 180, 110
_LINE_HEIGHT, _LEFT, _BOTTOM = 240, 60, 34
MOST = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """Bar with its label and figure; `width` and places in units of the drawing."""

    label: str
    text: str
    y: int
    width: float
    middle: int
    end: float


@dataclass(frozen=True, slots=True)
class Dot:
    """Point of a line."""

    label: str
    text: str
    x: float
    y: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Drawing with its figures; `path` draws a line, with gaps where there is no figure."""

    title: str
    unit: str
    form: str
    height: int
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    path: str = ""
    top: str = ""
    more: int = 0
    width: int = WIDTH


def chart(spec: ChartSpec, points: Sequence[tuple[str, Figure]], register: Spec) -> Chart:
    """Drawing of a chart. Of more than 40 groups the first 40 (for periods the last) are drawn, and it is told."""
    indicator = register.indicator(spec.indicator)
    drawn = list(points[-MOST:] if spec.by == "period" else points[:MOST])
    more = len(points) - len(drawn)
    highest = max((one.value for _label, one in drawn if one.value is not None), default=Fraction(0)) or Fraction(1)
    title = spec.title.speak(language())
    if spec.form == "line":
        return _line(title, indicator.unit, drawn, highest, more)
    room = WIDTH - _LABEL - _VALUE
    bars = []
    for place, (label, one) in enumerate(drawn):
        width = float(max(one.value or Fraction(0), Fraction(0)) / highest * room)
        text = "" if one.shown is None else f"{one.shown:,}"
        short = label if len(label) <= 12 else label[:11] + "…"
        bars.append(
            Bar(short, text, place * _ROW + 4, round(width, 1), place * _ROW + 19, round(_LABEL + width + 8, 1))
        )
    return Chart(title, indicator.unit, "bar", max(len(bars), 1) * _ROW + 8, bars=tuple(bars), more=more)


def _line(title: str, unit: str, points: Sequence[tuple[str, Figure]], highest: Fraction, more: int) -> Chart:
    step = (WIDTH - _LEFT - 30) / max(len(points) - 1, 1)
    room = _LINE_HEIGHT - _BOTTOM - 20
    dots, path, pen = [], [], False
    every = max(1, len(points) // 12)
    for place, (label, one) in enumerate(points):
        if one.value is None:
            # A gap stays a gap.
            pen = False
            continue
        x = round(_LEFT + place * step, 1)
        y = round(20 + room - float(max(one.value, Fraction(0)) / highest) * room, 1)
        path.append(f"{'L' if pen else 'M'}{x} {y}")
        pen = True
        dots.append(Dot(label, f"{one.shown:,}", x, y, place % every == 0))
    top = next((f"{one.shown:,}" for _label, one in points if one.value == highest), "")
    return Chart(title, unit, "line", _LINE_HEIGHT, dots=tuple(dots), path=" ".join(path), top=top, more=more)
