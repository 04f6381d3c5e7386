"""The fast lane: frames that are by the book and of a kind that is known already, as nearly all are.

A logger says the same head (but for the QN) and the same items all its life. Once frames were read step by step, the
next of their kind are laid over one pattern of their items, and only the values are looked at. Whatever is not plain
(another layout, an odd flag or number, a wrong length or CRC, text that is not ASCII) goes the long way, so that the
frames are the same ones either way; a test holds that for any bytes.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from anlan.monitor.hj212 import layout, segment, tables, times
from anlan.monitor.hj212.crc import crc
from anlan.monitor.hj212.frame import Frame, Values
from anlan.monitor.hj212.framing import Cut
from anlan.monitor.hj212.layout import Layout
from anlan.monitor.hj212.oddities import Oddity
from anlan.monitor.hj212.segment import Head

_MOST_KINDS = 4096
# A pattern costs as much as fifty frames: it is made for a layout that was seen so often.
_SEEN_BEFORE = 16
_OPENING = b"CP=&&"
# ## LLLL before the segment, CCCC after it.
_BEFORE, _AROUND = 6, 10
_QN = len("QN=20160801085857223;")
_NUMBER, _MOMENT, _OTHER = layout.PLAIN_NUMBER, "[0-9]{14}", "[^=;,/]*"
_FLAG = "|".join(map(re.escape, tables.flags()))


@dataclass(frozen=True, slots=True)
class Kind:
    """What frames with the same head have in common; `pairs` are the factors where all have two items, else empty."""

    head: Head
    layout: Layout
    pattern: re.Pattern[str]
    oddities: tuple[Oddity, ...]
    has_times: bool
    pairs: tuple[tuple[str, str, int, str, int], ...]
    has_qn: bool


_kinds: dict[bytes, Kind] = {}
_seen: dict[bytes, int] = {}


def learn(cut: Cut, frame: Frame) -> None:
    """Remembers what kind of frame this good one is."""
    if frame.fault is not None or len(cut.segment) > segment.SEGMENT_MAX or not cut.segment.isascii():
        return
    head_bytes, _, rest = cut.segment.partition(_OPENING)
    if head_bytes.startswith(b"QN=") and head_bytes[_QN - 1 : _QN] == b";" and frame.qn and len(frame.qn) == _QN - 4:
        key, after_qn = head_bytes[_QN:], True
    elif frame.qn is None and b"QN=" not in head_bytes:
        key, after_qn = head_bytes, False
    else:
        return
    cp = rest[:-2].decode("ascii")
    found = layout.regular(cp)
    if found is None or len(key) > segment.CACHED_HEAD:
        return
    names, separators = layout.names_of(cp)
    shape = f"{separators}{names}".encode()
    if len(_seen) >= _MOST_KINDS:
        _seen.clear()
    _seen[shape] = times_seen = _seen.get(shape, 0) + 1
    pattern = _pattern(names, separators) if times_seen > _SEEN_BEFORE else None
    known = _kinds.get(key)
    if pattern is None or (known is not None and known.pattern is pattern and known.has_qn is after_qn):
        return
    if len(_kinds) >= _MOST_KINDS:
        _kinds.clear()
    head = segment.known_head(key.decode("ascii"), after_qn)
    oddities = (*head.oddities, *found.oddities, *segment.of_codes(found.old_codes, head.version))
    pairs = tuple((code, *items[0], *items[1]) for code, items in found.factors if len(items) == 2)
    if len(pairs) < len(found.factors):
        pairs = ()
    _kinds[key] = Kind(head, found, pattern, oddities, segment.has_times(head), pairs, after_qn)


@functools.lru_cache(maxsize=512)
def _pattern(names: tuple[str, ...], separators: str) -> re.Pattern[str] | None:
    """Pattern of a CP with these items whose values are all plain, one group each; None where an item has no name."""
    found = layout.regular_of(names, separators)
    if found is None or "" in names:
        return None
    of_item = dict.fromkeys(range(len(names)), _OTHER)
    of_item |= {i: _NUMBER for _, i in found.numbers} | dict.fromkeys(found.flags, _FLAG)
    of_item |= {i: _MOMENT for _, i in found.moments}
    # Between the items stands every second separator; the others are their =.
    items = [f"{re.escape(name)}=({of_item[i]})" for i, name in enumerate(names)]
    between = [*separators[1::2], ""]
    return re.compile("".join(item + mark for item, mark in zip(items, between, strict=True)), re.ASCII)


def plain(raw: bytes, offset: int) -> Frame | None:
    """Frame of the bytes before a CR LF if they are a plain one of a kind that is known, else None.

    `offset` is that of the first byte in the stream.
    """
    digits = raw[2:_BEFORE]
    if raw[:2] != b"##" or raw[-6:-4] != b"&&" or not digits.isdigit() or int(digits) != len(raw) - _AROUND:
        return None
    body = raw[_BEFORE:-4]
    if raw[-4:] != b"%04X" % crc(body) or b"##" in body or b"\n" in body or not body.isascii():
        return None
    head_bytes, _, rest = body.partition(_OPENING)
    qn: str | None = None
    if head_bytes[:3] == b"QN=":
        kind = _kinds.get(head_bytes[_QN:])
        qn = head_bytes[3 : _QN - 1].decode("ascii")
        if head_bytes[_QN - 1 : _QN] != b";" or len(qn) != _QN - 4 or not times.is_moment(qn):
            return None
    else:
        kind = _kinds.get(head_bytes)
    if kind is None or kind.has_qn is (qn is None) or not rest.endswith(b"&&") or len(body) > segment.SEGMENT_MAX:
        return None
    found = kind.pattern.fullmatch(rest[:-2].decode("ascii"))
    return _filled(kind, found.groups(), raw, offset, qn) if found else None


def _filled(kind: Kind, row: tuple[str, ...], raw: bytes, offset: int, qn: str | None) -> Frame | None:
    """Frame of a kind with these values, None if one of its times is odd."""
    own, head = kind.layout, kind.head
    for _, i in own.moments:
        if not times.is_moment(row[i]):
            return None
    values: Values = {}
    if kind.pairs:
        # A value and a flag, as in real-time data: for them one expression is twice as fast as the loop.
        for code, first, i, second, j in kind.pairs:
            values[code] = {first: row[i], second: row[j]}
    else:
        for code, items in own.factors:
            values[code] = of_factor = {}
            for suffix, i in items:
                of_factor[suffix] = row[i]
    fields = {}
    for name, i in own.fields:
        fields[name] = row[i]
    if kind.has_times and segment.of_times(head, qn, fields):
        return None
    return Frame(
        offset, raw, head.version, qn, head.st, head.cn, head.pw, head.mn, head.flag, head.pnum, head.pno, fields,
        values, None, kind.oddities,
    )  # fmt: skip
