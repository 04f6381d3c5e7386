"""Frames, delays and clocks in words, as pages show them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from anlan.foundation.screens.texts import language
from anlan.monitor import queries
from anlan.monitor.gateway.entry import answer_of
from anlan.monitor.hj212 import tables, times
from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.parts import Message
from anlan.monitor.models import Frame

_PASSWORD = re.compile(r"(PW=)[^;&]*", re.IGNORECASE)
# Parts that are named one by one.
_MOST_PARTS = 12
_NEW_PASSWORD = re.compile(r"(NewPW=)[^;&]*", re.IGNORECASE)


def why(code: str) -> str:
    """Why a frame is held back or bad, in words."""
    return {
        "": "",
        "unknown": _("设备未接入"),
        "password": _("访问密码不对"),
        "suspended": _("设备已停用"),
        "refused": _("设备不接入"),
        "crc": _("CRC 不对"),
        "length": _("长度不对"),
        "format": _("内容不合规定"),
    }.get(code, code)


def span(milliseconds: int | None) -> str:
    """Length of time: 15 分 0 秒, 2 小时 5 分; "" for None, without its sign."""
    if milliseconds is None:
        return ""
    return _span(round(abs(milliseconds) / 1000)).replace(" ", "\N{NO-BREAK SPACE}")


def _span(seconds: int) -> str:
    if seconds < 60:
        return _("%(s)d 秒") % {"s": seconds}
    if seconds < 3600:
        return _("%(m)d 分 %(s)d 秒") % {"m": seconds // 60, "s": seconds % 60}
    if seconds < 86_400 * 2:
        return _("%(h)d 小时 %(m)d 分") % {"h": seconds // 3600, "m": seconds % 3600 // 60}
    return _("%(d)d 天") % {"d": seconds // 86_400}


def clock(offset_ms: int | None) -> str:
    """How far a clock is out."""
    if offset_ms is None:
        return ""
    if abs(offset_ms) < 5000:
        return _("准")
    return (_("快 %(span)s") if offset_ms > 0 else _("慢 %(span)s")) % {"span": span(offset_ms)}


def command_name(cn: str) -> str:
    """Name of a command code in the language in force, "" for one the standard does not have."""
    several = tables.commands().get(cn, ())
    # Of a code that is request and upload, a frame that was received is the upload.
    own = [one for one in several if one.sender != "host"] or list(several)
    return own[0].name.tell(language()) if own else ""


def factor_name(code: str) -> str:
    """Name of a factor, "" for one that is in no table."""
    factor = tables.factors().get(code)
    if factor is not None:
        return factor.name.tell(language())
    site = tables.site_code(code)
    return site.name.tell(language()) if site else ""


def factor_unit(code: str) -> str:
    """Unit of a factor by the tables."""
    factor = tables.factors().get(code)
    if factor is not None:
        return factor.unit
    site = tables.site_code(code)
    return site.unit if site else ""


@dataclass(slots=True)
class Value:
    """Factor of a frame: code, name, unit, its items as sent and what its flag means."""

    code: str
    name: str
    unit: str
    items: list[tuple[str, str]]
    flag: str


@dataclass(slots=True)
class Shown:
    """Frame as a page shows it: what is wrong, what is odd, who speaks, what it says, what was answered."""

    text: str
    reasons: list[str] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    head: list[tuple[str, str]] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    answer: str = ""


def missing(message: Message) -> str:
    """Which parts of a message have not come: 缺第 2、5 包，共 7 包; "" where all are there."""
    numbers = message.numbers_missing()
    if not numbers:
        return ""
    told = _("、").join(str(number) for number in numbers[:_MOST_PARTS])
    if len(numbers) > _MOST_PARTS:
        told = _("%(numbers)s 等 %(n)d 个") % {"numbers": told, "n": len(numbers)}
    return _("缺第 %(numbers)s 包，共 %(all)d 包") % {"numbers": told, "all": message.key.pnum}


def data_time(digits: str) -> str:
    """Time of a frame as people write it, as it is where it is none: 2026-08-01 08:00:00."""
    if not times.is_moment(digits):
        return digits
    return f"{times.moment(digits):%Y-%m-%d %H:%M:%S}"


def shown(frame: Frame, *, may_read_passwords: bool, with_parts: bool = False) -> Shown:
    """Frame decoded once more from its bytes, in the language in force; `with_parts` looks for its other parts."""
    raw = bytes(frame.raw)
    text = raw.decode("utf-8", "backslashreplace")
    told = Shown(text if may_read_passwords else masked(text))
    decoded = decode(raw + b"\r\n")
    if not decoded:
        told.reasons.append(_("不是 HJ 212 报文"))
        return told
    one = decoded[0]
    lang = language()
    if one.fault is not None:
        told.reasons += [reason.tell(lang) for reason in one.fault.reasons]
    told.oddities = [oddity.words().tell(lang) for oddity in one.oddities]
    system, command = tables.systems().get(one.st or ""), command_name(one.cn or "")
    told.head = [
        (_("版本"), f"HJ 212-{one.version}" if one.version else _("未知")),
        ("QN", one.qn or ""),
        ("ST", f"{one.st or ''} {system.tell(lang) if system else ''}".strip()),
        ("CN", f"{one.cn or ''} {command}".strip()),
        ("MN", one.mn or ""),
        ("Flag", "" if one.flag is None else str(one.flag)),
    ]
    if one.is_part:
        told.head.append((_("分包"), _("共 %(all)d 包，第 %(n)d 包") % {"all": one.pnum or 0, "n": one.pno or 0}))
        message = queries.message_of(frame, one) if with_parts else None
        if message is not None:
            told.head.append((_("其余各包"), missing(message) or _("都已收到")))
    told.fields = [(name, value) for name, value in one.fields.items() if may_read_passwords or name != "NewPW"]
    for code, items in one.values.items():
        flag = items.get("Flag", "")
        meaning = tables.flags().get(flag)
        measured = [(name, value) for name, value in items.items() if name != "Flag"]
        told.values.append(
            Value(
                code,
                factor_name(code),
                factor_unit(code),
                measured,
                f"{flag} {meaning.tell(lang) if meaning else ''}".strip(),
            )
        )
    owed = answer_of(one)
    if owed is not None and frame.state != "bad":
        sent = owed.decode("utf-8", "backslashreplace").strip()
        told.answer = sent if may_read_passwords else masked(sent)
    return told


def masked(text: str) -> str:
    """Frame without its password.

    >>> masked("ST=32;PW=123456;MN=1")
    'ST=32;PW=******;MN=1'
    """
    return _NEW_PASSWORD.sub(r"\1******", _PASSWORD.sub(r"\1******", text))


def age(moment: dt.datetime, now: dt.datetime) -> str:
    """How long ago a moment was."""
    return span(int((now - moment).total_seconds() * 1000))
