"""A frame as JSON: one object, the same keys for good and bad frames; and back from such an object to a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from anlan.foundation.calc.explain import Bilingual, Lang
from anlan.monitor.hj212 import dialog, tables, times
from anlan.monitor.hj212.encode import Message
from anlan.monitor.hj212.frame import Frame


def to_dict(frame: Frame, lang: Lang = "zh") -> dict[str, object]:
    """Frame as JSON values. `values` are texts as sent, by current factor code; `answer` is what a receiver owes."""
    owed = dialog.answer_to(frame)
    return {
        "ok": frame.ok,
        "error": frame.fault and {"code": frame.fault.code, "reason": frame.fault.reason().tell(lang)},
        "offset": frame.offset,
        "version": frame.version,
        "QN": frame.qn,
        "ST": frame.st,
        "CN": frame.cn,
        "PW": frame.pw,
        "MN": frame.mn,
        "Flag": frame.flag,
        "fields": frame.fields,
        "values": frame.values,
        "answer_wanted": frame.answer_wanted,
        "answer": owed and {"ST": owed.st, "CN": owed.cn, "QN": owed.qn, "Flag": owed.flag},
    }


def more(frame: Frame, lang: Lang = "zh") -> dict[str, object]:
    """What `to_dict` leaves out: parts, what the frame is, its period, units, what is odd, and the bytes as text."""
    commands = tables.commands().get(frame.cn or "", ())
    kind = dialog.kind(frame)
    named = [c for c in commands if frame.version in c.versions and c.kind == kind] or list(commands)
    period = times.period(frame.cn or "", frame.fields.get("DataTime", ""))
    units = {code: factor.unit for code in frame.values if (factor := tables.factors().get(code))}
    units |= {code: site.unit for code in frame.values if (site := tables.site_code(code))}
    return {
        "PNUM": frame.pnum,
        "PNO": frame.pno,
        "kind": kind,
        "command": named[0].name.tell(lang) if named else None,
        "system": name.tell(lang) if (name := tables.systems().get(frame.st or "")) else None,
        "period": None if period is None or frame.cn == "2051" else [edge.isoformat() for edge in period],
        "units": units,
        "oddities": [{"code": one.code, "reason": one.words().tell(lang)} for one in frame.oddities],
        "frame": frame.raw.decode("utf-8", "backslashreplace"),
    }


class UnusableMessageError(ValueError):
    """An object cannot be made a frame; `words` say why."""

    def __init__(self, words: Bilingual) -> None:
        super().__init__(words.en)
        self.words = words


def from_dict(given: object) -> Message:
    """Message from an object with the keys of `to_dict` (PNUM and PNO too); others are ignored.

    ST, CN and MN are needed, the rest may be left out. Raises UnusableMessageError, also for a text that would break
    the frame: one with a separator or a line end in it.
    """
    if not isinstance(given, Mapping):
        raise UnusableMessageError(Bilingual("应为 JSON 对象", "should be a JSON object"))
    head = {name: _text(given, name) for name in ("QN", "ST", "CN", "PW", "MN")}
    for name in ("ST", "CN", "MN"):
        if not head[name]:
            raise UnusableMessageError(Bilingual(f"没有 {name}", f"no {name}"))
    fields = _texts(given.get("fields"), "fields")
    values = given.get("values") or {}
    if not isinstance(values, Mapping):
        raise UnusableMessageError(Bilingual("values 应为对象", "values should be an object"))
    return Message(
        st=cast(str, head["ST"]),
        cn=cast(str, head["CN"]),
        mn=cast(str, head["MN"]),
        pw=head["PW"] if head["PW"] is not None else "",
        qn=head["QN"],
        flag=_number(given, "Flag", 0, 255),
        fields=fields,
        values={_safe(str(code), "values", "-"): _texts(items, str(code)) for code, items in values.items()},
        pnum=_number(given, "PNUM", 1, 9999),
        pno=_number(given, "PNO", 1, 9999),
    )


def _text(given: Mapping[str, object], name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    return _safe(_plain(value, name), name)


def _plain(value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnusableMessageError(Bilingual(f"{name} 应为文字", f"{name} should be text"))
    return str(value)


def _safe(text: str, name: str, also: str = "") -> str:
    bad = next((mark for mark in f"&\r\n;,={also}" if mark in text), None)
    if bad is None or (bad in ";,=" and text.startswith("//") and text.endswith("//") and len(text) > 3):
        return text
    raise UnusableMessageError(Bilingual(f"{name} 中不能有 {bad!r}", f"{bad!r} cannot stand in {name}"))


def _texts(given: object, name: str) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise UnusableMessageError(Bilingual(f"{name} 应为对象", f"{name} should be an object"))
    return {_safe(str(key), name): _safe(_plain(value, str(key)), str(key)) for key, value in given.items()}


def _number(given: Mapping[str, object], name: str, low: int, high: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UnusableMessageError(
            Bilingual(f"{name} 应为 {low} 至 {high} 的整数", f"{name} should be a whole number from {low} to {high}")
        )
    return value
