"""Marks: a word with a colour and a shape, so that no state is told by colour alone."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Tone of a mark to its shape: the drawing in the icon sheet. Colours are in web.css under `.sign-<tone>`.
SHAPES = {
    "green": "circle-filled",
    "yellow": "triangle-filled",
    "red": "square-filled",
    "done": "circle-check-filled",
    "neutral": "circle",
    "info": "info-circle-filled",
    "warning": "alert-triangle-filled",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """State as pages show it: `text` with the colour and shape of `tone` (a key of SHAPES)."""

    text: str
    tone: str = "neutral"

    def __post_init__(self) -> None:
        """ValueError for a tone that has no shape."""
        if self.tone not in SHAPES:
            raise ValueError(f"no tone {self.tone!r}: one of {', '.join(SHAPES)}")

    def __str__(self) -> str:
        return self.text

    @property
    def html(self) -> SafeString:
        """The mark as a page shows it."""
        return _html(str(self.text), self.tone)

    @property
    def shape(self) -> str:
        """Name of the drawing."""
        return SHAPES[self.tone]


@functools.lru_cache(maxsize=4096)
def _html(text: str, tone: str) -> SafeString:
    return format_html(
        '<span class="sign sign-{}">{}{}</span>',
        tone,
        drawing(SHAPES[tone]),
        text,
    )


@functools.lru_cache(maxsize=1024)
def drawing(name: str, label: str = "") -> SafeString:
    """Drawing of the icon sheet; with a label it is read out, without it is an ornament."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, sheet(), name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sheet(), name)


@functools.cache
def sheet() -> str:
    """Address of the icon sheet. It carries the digest of the sheet, and a process serves one sheet all its life."""
    return static("parts/icons.svg")


def light(colour: str) -> Mark:
    """Mark of a light: green, yellow, red, or done for finished work; no light for anything else."""
    words = {"green": _("绿灯"), "yellow": _("黄灯"), "red": _("红灯"), "done": _("已完成")}
    return Mark(words[colour], colour) if colour in words else Mark(_("未亮灯"))
