"""Characters of Word's symbol fonts, which have codes of their own in the private use area."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "\ufffd"

_WINGDINGS: Final = {
    0x4A: "☺", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "◆", 0x74: "◆",
    0x75: "◆", 0x76: "❖", 0x77: "◆", 0x80: "⓪", 0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA4: "◉", 0xA5: "◎",
    0xA7: "▪", 0xA8: "□", 0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xB2: "✧", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS2: Final = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x97: "●", 0xA3: "□", 0xEA: "★"}
_SYMBOL: Final = {
    0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞",
    0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xD0: "∠", 0xD7: "·", 0xE5: "∑", 0x61: "α", 0x62: "β", 0x67: "γ",
    0x64: "δ", 0x6D: "μ", 0x70: "π", 0x72: "ρ", 0x73: "σ", 0x66: "φ", 0x77: "ω", 0x44: "Δ", 0x57: "Ω", 0x53: "Σ",
    0x6C: "λ", 0x65: "ε", 0x68: "η", 0x71: "θ", 0x2D: "−", 0x2B: "+", 0x25: "%", 0x3D: "=", 0x3C: "<", 0x3E: ">",
}  # fmt: skip


def symbol(code: int, font: str) -> str:
    """Character of a code in a font, U+FFFD if it is unknown.

    >>> symbol(0xF0FE, "Wingdings"), symbol(0x2605, "宋体")
    ('☑', '★')
    """
    private = 0xF000 <= code <= 0xF0FF
    name = font.strip().lower()
    table = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS2, "symbol": _SYMBOL}.get(name)
    if table is not None and (private or code <= 0xFF):
        at = code & 0xFF
        if (name == "wingdings" and 0x81 <= at <= 0x8A) or (name == "wingdings 2" and 0x6A <= at <= 0x73):
            return chr(ord("①") + at - (0x81 if name == "wingdings" else 0x6A))
        return table.get(at, UNKNOWN)
    if 0xE000 <= code <= 0xF8FF or not 0x20 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return UNKNOWN
    return chr(code)


def bullet(text: str, font: str) -> str:
    """Bullet as printed: a code of a symbol font becomes its character, one that is unknown a plain bullet."""
    printed = "".join(symbol(ord(c), font) if 0xE000 <= ord(c) <= 0xF8FF else c for c in text)
    return printed.replace(UNKNOWN, "•")
