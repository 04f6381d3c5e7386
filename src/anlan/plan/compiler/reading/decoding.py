"""Bytes to characters: which encoding a Chinese text file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import functools
import re
from typing import Final

from anlan.plan.compiler.reading.source import Unreadable

# Share of a sample that must be ordinary characters. Chinese texts reach 0.97 and more; random bytes
# read in any of the encodings about 0.2, a GB18030 text read as UTF-16 below 0.2.
PLAUSIBLE: Final = 0.85
# One control character outweighs this many ordinary ones: legacy encodings of text have none, binary has 12 %.
_CONTROL_WEIGHT: Final = 4
# Control characters a valid UTF-8 file may have before it counts as binary.
_CONTROLS: Final = 0.3
_SAMPLE: Final = 20_000
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, int]:
    """Text and the number of places that could not be decoded (each shown as U+FFFD).

    A byte order mark decides, then strict UTF-8, then a `declared` encoding that fits, then whichever of
    GB18030, UTF-16 and damaged UTF-8 looks most like Chinese text. Unreadable if none looks like text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            marked, bad = _lenient(data[len(mark) :], encoding)
            if bad and plausibility(marked) < PLAUSIBLE:
                raise Unreadable("not_text")
            return _no_binary(marked), bad
    strict = _strict(data, "utf-8")
    if strict is not None and "\x00" not in strict:
        return _no_binary(strict), 0
    if declared and (known := _codec(declared)):
        text = _strict(data, known)
        if text is not None and plausibility(text) >= PLAUSIBLE:
            return text, 0
    candidates = [_lenient(data, encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")]
    best, bad = max(candidates, key=lambda candidate: plausibility(candidate[0]))
    if plausibility(best) >= PLAUSIBLE:
        return best, bad
    if strict is not None:
        return _no_binary(strict), 0
    raise Unreadable("not_text")


def tidy(text: str) -> tuple[str, int]:
    """Text with every line end as one line feed and without control characters, and how many of those were dropped.

    A form feed or vertical tab ends a line; halves of surrogate pairs become U+FFFD. All else stays as it is.

    >>> tidy("一\\r\\n二\\r三\\x00")
    ('一\\n二\\n三', 1)
    """
    text = _LINE_END.sub("\n", text)
    text, dropped = _CONTROL.subn("", text)
    return re.sub("[\ud800-\udfff]", "\ufffd", text), dropped


def plausibility(text: str) -> float:
    """Share of ordinary characters (ASCII, GB 2312, Big5 level 1) in a sample, less a fine for control characters."""
    if len(text) > 3 * _SAMPLE:
        middle = len(text) // 2
        text = text[:_SAMPLE] + text[middle : middle + _SAMPLE] + text[-_SAMPLE:]
    ordinary = sum(len(run) for run in _ordinary().findall(text))
    return (ordinary - _CONTROL_WEIGHT * len(_CONTROL.findall(text))) / len(text) if text else 0.0


@functools.cache
def _ordinary() -> re.Pattern[str]:
    """Runs of characters that Chinese texts are made of: a few thousand of the 65 536 that UTF-16 may give."""
    doubles = bytes(byte for lead in range(0xA1, 0xF8) for trail in range(0xA1, 0xFF) for byte in (lead, trail))
    big5 = bytes(
        byte
        for lead in range(0xA4, 0xC7)
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        for byte in (lead, trail)
    )
    characters = set(doubles.decode("gb2312", "ignore")) | set(big5.decode("big5", "ignore"))
    wide = "".join(sorted(c for c in characters if c > "\x7f"))
    return re.compile(f"[\t\n\r\x0b\x0c -~\xa0{re.escape(wide)}]+")


def _no_binary(text: str) -> str:
    if len(_CONTROL.findall(text)) > _CONTROLS * len(text):
        raise Unreadable("not_text")
    return text


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _lenient(data: bytes, encoding: str) -> tuple[str, int]:
    text = _strict(data, encoding)
    if text is not None:
        return text, 0
    text = data.decode(encoding, "replace")
    return text, text.count("\ufffd")


def _codec(name: str) -> str | None:
    """Python's name of a declared encoding. GB 2312 and GBK are read as GB18030, which holds both."""
    plain = name.strip().strip("\"'").lower()
    if plain.replace("-", "").replace("_", "") in {"gb2312", "gbk", "gb18030", "xgbk", "cp936"}:
        return "gb18030"
    # Only encodings of text: Python would also offer zip and rot13.
    return plain if plain in {"utf-8", "utf8", "big5", "big5-hkscs", "utf-16", "utf-16le", "utf-16be"} else None
