"""From a piece of the stream to what the frame says: length, checksum, head and CP, each checked on its own."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from anlan.foundation.calc.explain import Bilingual
from anlan.monitor.hj212 import layout, tables, times
from anlan.monitor.hj212.crc import crc, may_be_modbus, modbus_crc
from anlan.monitor.hj212.frame import Fault, FaultCode, Frame
from anlan.monitor.hj212.framing import Cut, End
from anlan.monitor.hj212.oddities import Oddity

_ORDER = ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO")
_BY_UPPER = {name.upper(): name for name in _ORDER}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
CACHED_HEAD = 256
_NOT_OK_TEXT = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Head:
    """Fields before CP, without the QN where that stands first."""

    version: int | None
    qn: str | None
    st: str | None
    cn: str | None
    pw: str | None
    mn: str | None
    flag: int | None
    pnum: int | None
    pno: int | None
    oddities: tuple[Oddity, ...]
    problems: tuple[Bilingual, ...]


def read(cut: Cut) -> Frame:
    """Frame of a piece of the stream. Any piece gives one; `fault` says why it is not to be taken."""
    segment = cut.segment
    head_bytes, opening, rest = segment.partition(b"CP=&&")
    closed = rest.endswith(b"&&")
    oddities: list[Oddity] = []
    problems: list[Bilingual] = []
    head_text = _text(head_bytes, oddities, problems)
    cp = _text(rest[:-2] if closed else rest, oddities, problems)
    if head_text.startswith("QN=") and head_text[20:21] == ";" and times.is_moment(head_text[3:20]):
        head = known_head(head_text[21:], True)
        qn: str | None = head_text[3:20]
    else:
        head = known_head(head_text, False) if "QN=" not in head_text else study_head(head_text, False)
        qn = head.qn
    content = layout.read(cp)
    if not (opening and closed):
        problems.append(Bilingual("没有 CP=&&…&&", "no CP=&&…&&"))
    if head.problems or content.problems:
        problems += (*head.problems, *content.problems)
    if head.oddities or content.oddities or content.old_codes:
        oddities += (*head.oddities, *content.oddities, *of_codes(content.old_codes, head.version))
    if cut.line_end != b"\r\n" or cut.skipped or len(segment) > SEGMENT_MAX:
        oddities += _of_framing(cut)
    oddities += of_times(head, qn, content.fields)
    checksum = b"%04X" % crc(segment)
    fault = None
    if cut.checksum != checksum or cut.claimed != len(segment) or problems:
        fault = _fault(cut, checksum, tuple(problems))
        if cut.checksum != checksum and cut.checksum.upper() == checksum:
            oddities.append(Oddity("crc_lower_case", cut.checksum.decode("ascii")))
    return Frame(
        cut.offset,
        cut.raw,
        head.version,
        qn,
        head.st,
        head.cn,
        head.pw,
        head.mn,
        head.flag,
        head.pnum,
        head.pno,
        content.fields,
        content.values,
        fault,
        tuple(oddities),
    )


_PERIODS = frozenset(tables.periods())
SEGMENT_MAX: int = tables.limits()["segment_max"]


def _text(raw: bytes, oddities: list[Oddity], problems: list[Bilingual]) -> str:
    """Text of a segment: UTF-8, else GBK as older loggers send it."""
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        problems.append(Bilingual("文字既非 UTF-8 也非 GBK", "text is neither UTF-8 nor GBK"))
        return raw.decode("ascii", "replace")
    oddities.append(Oddity("gbk_text"))
    return text


def _fault(cut: Cut, checksum: bytes, problems: tuple[Bilingual, ...]) -> Fault | None:
    reasons: list[Bilingual] = []
    code: FaultCode = "format"
    size = len(cut.segment)
    if cut.claimed != size:
        code = "length"
        reasons.append(_wrong_length(cut.claimed, size))
    if cut.end is not End.CLOSED:
        code = "length"
        reasons.append(
            Bilingual("没等到结尾，下一帧已开始或数据已断", "cut short: the next frame begins or the data stop")
            if cut.end is End.CUT
            else Bilingual("最长帧的长度内没有结尾", "no end within the length of the longest frame")
        )
    elif cut.checksum.upper() != checksum:
        code = "crc" if cut.claimed == size else code
        reasons.append(_wrong_crc(cut, checksum))
    # What cannot be follows from the damage where there is some.
    return Fault(code, tuple(reasons) or problems) if reasons or problems else None


def _wrong_length(claimed: int | None, size: int) -> Bilingual:
    if claimed is None:
        return Bilingual("长度不是 4 位数字", "the length is not four digits")
    return Bilingual(
        f"长度写 {claimed}，实际 {size} 字节", f"the length says {claimed}, the data segment has {size} bytes"
    )


def _wrong_crc(cut: Cut, checksum: bytes) -> Bilingual:
    right = checksum.decode("ascii")
    if not cut.checksum:
        return Bilingual(f"没有 CRC，应为 {right}", f"the CRC is missing; it should be {right}")
    is_text = cut.checksum.isascii() and cut.checksum.isalnum()
    sent = cut.checksum.decode("ascii") if is_text else cut.checksum.hex(" ")
    zh, en = f"CRC 应为 {right}，收到 {sent}", f"the CRC should be {right} and is {sent}"
    if may_be_modbus(cut.segment, cut.checksum) and cut.checksum.upper() == b"%04X" % modbus_crc(cut.segment):
        zh, en = f"{zh}（发送方用了 MODBUS 的 CRC16）", f"{en} (the sender used plain MODBUS CRC16)"
    elif cut.checksum.upper() == checksum[2:] + checksum[:2]:
        zh, en = f"{zh}（高低字节颠倒）", f"{en} (low byte first)"
    return Bilingual(zh, en)


def _of_framing(cut: Cut) -> list[Oddity]:
    found = []
    if cut.skipped:
        found.append(Oddity("skipped_bytes", str(cut.skipped)))
    if cut.end is End.CLOSED and cut.line_end != b"\r\n":
        found.append(Oddity("line_end", {b"\n": "LF", b"\r": "CR", b"": "-"}[cut.line_end]))
    if len(cut.segment) > SEGMENT_MAX:
        found.append(Oddity("long_segment", str(len(cut.segment))))
    return found


def of_codes(old_codes: tuple[str, ...], version: int | None) -> list[Oddity]:
    """What is odd about codes of 2005 in an edition."""
    if not old_codes:
        return []
    return [Oddity("old_code" if version == 2005 else "old_code_in_new_version", ",".join(old_codes))]


def has_times(head: Head) -> bool:
    """Whether there may be something odd about the times of frames with this head."""
    return head.version == 2025 or head.cn in _PERIODS


def of_times(head: Head, qn: str | None, fields: dict[str, str]) -> list[Oddity]:
    """What is odd about the times of a frame: a mean that does not begin its period, an edition not yet issued."""
    found = []
    if head.cn in _PERIODS:
        data_time = fields.get("DataTime")
        if data_time is not None and not times.starts_period(head.cn, data_time):
            found.append(Oddity("not_start_of_period", f"CN={head.cn},DataTime={data_time[:17]}"))
    if head.version == 2025:
        found += _before_issue(head.version, qn, fields)
    return found


def _before_issue(version: int, qn: str | None, fields: dict[str, str]) -> list[Oddity]:
    """Whether a frame was written before its edition was there: version bits are no proof of the text followed."""
    when = qn if qn and times.is_moment(qn) else fields.get("DataTime", "")
    if times.is_moment(when) and when[:8] < tables.issued()[version]:
        return [Oddity("version_before_issue", f"{version},{when}")]
    return []


def known_head(text: str, after_qn: bool) -> Head:
    """Head without QN: a logger says the same one all its life, so it is studied once."""
    return _remembered_head(text, after_qn) if len(text) <= CACHED_HEAD else study_head(text, after_qn)


def study_head(text: str, after_qn: bool) -> Head:
    """Head from its text; `after_qn` says that a good QN stood before it."""
    found: dict[str, str] = {}
    order: list[str] = ["QN"] if after_qn else []
    oddities: list[Oddity] = []
    problems: list[Bilingual] = []
    for item in text.split(";"):
        if not item:
            continue
        written, equals, value = item.partition("=")
        name = _BY_UPPER.get(written.upper(), "")
        if not equals or not _NAME.fullmatch(written) or _NOT_OK_TEXT.search(value):
            problems.append(Bilingual(f"字段“{_plain(item)}”不合规定", f"“{_plain(item)}” is not a field"))
        elif not name:
            oddities.append(Oddity("extra_field", item[:40]))
        elif name in found or name in order:
            oddities.append(Oddity("repeated_field", item[:40]))
        else:
            if written != name:
                oddities.append(Oddity("field_case", written))
            found[name] = value
            order.append(name)
    if order != sorted(order, key=_ORDER.index):
        oddities.append(Oddity("field_order", ",".join(order)))
    if not after_qn:
        _check_qn(found.get("QN"), oddities, problems)
    flag = _number(found.get("Flag"), 0, 255, "Flag", problems)
    version = tables.versions().get((flag or 0) >> 2) if "Flag" not in found or flag is not None else None
    if "Flag" not in found:
        oddities.append(Oddity("no_flag"))
    elif flag is not None and version is None:
        oddities.append(Oddity("unknown_version", f"Flag={flag}"))
    _check_names(found, version, oddities, problems)
    pnum = _number(found.get("PNUM"), 1, 9999, "PNUM", problems)
    pno = _number(found.get("PNO"), 1, pnum or 9999, "PNO", problems)
    if flag is not None and flag & 2 and (pnum is None or pno is None):
        problems.append(Bilingual("Flag 称分包，但没有 PNUM、PNO", "Flag says a part, but PNUM and PNO are missing"))
    elif (pnum or pno) and not (flag or 0) & 2:
        oddities.append(Oddity("part_bit", f"Flag={flag}"))
    return Head(
        version,
        found.get("QN"),
        found.get("ST"),
        found.get("CN"),
        found.get("PW"),
        found.get("MN"),
        flag,
        pnum,
        pno,
        tuple(oddities),
        tuple(problems),
    )


_remembered_head = functools.lru_cache(maxsize=1024)(study_head)


def _check_qn(qn: str | None, oddities: list[Oddity], problems: list[Bilingual]) -> None:
    if qn is None:
        oddities.append(Oddity("no_qn"))
    elif len(qn) == 17 and qn.isascii() and qn.isdigit() and not times.is_moment(qn):
        problems.append(Bilingual(f"QN={qn} 不是时间", f"QN={qn} is not a time"))
    elif len(qn) != 17 or not times.is_moment(qn):
        oddities.append(Oddity("odd_qn", qn[:40]))


def _number(text: str | None, low: int, high: int, name: str, problems: list[Bilingual]) -> int | None:
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 4 and low <= int(text) <= high:
        return int(text)
    sent = f"{name}={text[:16]}"
    problems.append(Bilingual(f"{sent} 应为 {low} 至 {high}", f"{sent} must be {low} to {high}"))
    return None


def _check_names(found: dict[str, str], version: int | None, oddities: list[Oddity], problems: list[Bilingual]) -> None:
    """ST, CN, PW and MN: that they are there, and whether the standard has them."""
    st, cn, pw, mn = (found.get(name) for name in ("ST", "CN", "PW", "MN"))
    several = tables.commands().get(cn or "", ())
    if not st or len(st) > 8 or not st.isalnum() or not st.isascii():
        problems.append(_missing("ST", st))
    elif st not in tables.systems():
        oddities.append(Oddity("vendor_system", st))
    if not cn or len(cn) != 4 or not cn.isdigit() or not cn.isascii():
        problems.append(_missing("CN", cn))
    elif not several:
        oddities.append(Oddity("vendor_command", cn))
    elif version is not None and not any(version in command.versions for command in several):
        oddities.append(Oddity("command_of_other_version", f"{cn},{version}"))
    is_interaction = any(command.kind == "interaction" for command in several)
    if is_interaction and (found.get("Flag") or "0")[-1:] in "13579":
        oddities.append(Oddity("answer_wants_answer", cn or ""))
    if not mn and is_interaction:
        oddities.append(Oddity("no_mn"))
    elif not mn or len(mn) > 64 or not mn.isprintable() or " " in mn:
        problems.append(_missing("MN", mn))
    if pw == "":
        oddities.append(Oddity("empty_pw"))
    elif pw is None or len(pw) != 6:
        oddities.append(Oddity("odd_pw", pw[:16] if pw else "-"))


def _plain(text: str) -> str:
    """Text as it may stand in a sentence: its beginning, with escapes for what cannot be printed."""
    return repr(text[:40])[1:-1]


def _missing(name: str, value: str | None) -> Bilingual:
    if not value:
        return Bilingual(f"没有 {name}", f"no {name}")
    return Bilingual(f"{name}={_plain(value)} 不合规定", f"{name}={_plain(value)} is not a valid {name}")
