"""Who answers what: kinds of frames, the answer a frame wants, commands of the host and results of the field.

A request (host) is answered with 9011 and, when done, 9012; an upload (field) with 9014; a notice with 9013; an answer
never. The answer repeats the QN and the version bits, under ST 91. In 2005 the QN stands inside CP instead of the head.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal, NamedTuple

from anlan.monitor.hj212 import tables
from anlan.monitor.hj212.encode import Message, enclose
from anlan.monitor.hj212.frame import Frame

Kind = Literal["request", "upload", "notice", "interaction"]
ANSWER_ST = "91"
REQUEST_ANSWER, RESULT, NOTICE_ANSWER, DATA_ANSWER = "9011", "9012", "9013", "9014"
# What a request asks for with; anything else in its CP makes a frame of the same CN an upload.
_ASKED_WITH = frozenset({"PolId", "InfoId", "BeginTime", "EndTime"})
# Uploads that nothing else shares its code with where they carry values.
_PLAIN = frozenset({"2011", "2031", "2051", "2061"})
_ANSWER_TO = {"request": REQUEST_ANSWER, "upload": DATA_ANSWER, "notice": NOTICE_ANSWER}


class Answer(NamedTuple):
    """Head of the answer a frame wants."""

    st: str
    cn: str
    qn: str | None
    flag: int


class UnknownCommandError(ValueError):
    """An edition does not have this command of the host."""


def kind(frame: Frame) -> Kind:
    """Kind of a frame. A code that is both request and upload is an upload where it carries data.

    A command the standard does not have counts as an upload: what it carries is somebody's data.
    """
    several = tables.commands().get(frame.cn or "", ())
    kinds = {command.kind for command in several if frame.version is None or frame.version in command.versions}
    kinds = kinds or {command.kind for command in several} or {"upload"}
    either = any(command.sender == "either" for command in several)
    if "interaction" in kinds:
        return "interaction"
    if "notice" in kinds:
        return "notice"
    if "request" in kinds and not ((either or "upload" in kinds) and _carries_data(frame)):
        return "request"
    return "upload"


def _carries_data(frame: Frame) -> bool:
    return bool(frame.values) or any(name not in _ASKED_WITH for name in frame.fields)


def answer_to(frame: Frame, *, put_aside: bool = False) -> Answer | None:
    """Head of the answer this frame wants; None if it wants none, is damaged, or is itself an answer.

    With `put_aside` a frame is answered as well that came whole but says what cannot be, if its QN can be repeated: for
    a receiver that keeps such frames.
    """
    if not frame.answer_wanted:
        return None
    if frame.fault is not None and not (put_aside and frame.fault.code == "format" and frame.qn):
        return None
    kind_of_frame = kind(frame)
    if kind_of_frame == "interaction":
        return None
    bits = tables.version_bits().get(frame.version or 0, 0)
    return Answer(ANSWER_ST, _ANSWER_TO[kind_of_frame], frame.qn, bits << 2)


def answer(frame: Frame, qn_rtn: int = 1, *, put_aside: bool = False) -> bytes | None:
    """Bytes of the answer this frame wants; `qn_rtn` is what becomes of a request (1: it will be done).

    `put_aside`: see `answer_to`. Raises TooLongError for a head so long that it cannot be repeated.
    """
    if frame.cn in _PLAIN and frame.values and frame.qn and frame.ok and frame.answer_wanted:
        # Data, as nearly every frame is: all of the answer but its QN is the same each time.
        tail = _tail(frame.pw or "", frame.mn or "", frame.version or 2005)
        if tail is not None:
            return enclose(f"QN={frame.qn};".encode("utf-8", "replace") + tail)
    head = answer_to(frame, put_aside=put_aside)
    if head is None:
        return None
    return _reply(frame, head.cn, {"QnRtn": str(qn_rtn)} if head.cn == REQUEST_ANSWER else {})


@functools.lru_cache(maxsize=4096)
def _tail(pw: str, mn: str, version: int) -> bytes | None:
    """Answer to data without its QN; None for 2005, which has the QN elsewhere."""
    if version == 2005:
        return None
    return Message(ANSWER_ST, DATA_ANSWER, mn, pw, flag=tables.version_bits()[version] << 2).segment()


def result(frame: Frame, exe_rtn: int = 1) -> bytes:
    """Bytes of 9012, the result of a request (1: done)."""
    return _reply(frame, RESULT, {"ExeRtn": str(exe_rtn)})


def _reply(frame: Frame, cn: str, fields: Mapping[str, str]) -> bytes:
    version = frame.version or 2005
    in_cp = version == 2005 and frame.qn is not None
    return Message(
        qn=None if in_cp else frame.qn,
        st=ANSWER_ST,
        cn=cn,
        pw=frame.pw or "",
        mn=frame.mn or "",
        flag=tables.version_bits()[version] << 2,
        fields={"QN": frame.qn, **fields} if in_cp and frame.qn else fields,
    ).encoded()


def answered_qn(frame: Frame) -> str | None:
    """QN of the message that an answer (9011 to 9014) belongs to; 2005 has it inside CP."""
    return frame.fields.get("QN", frame.qn)


def command(
    cn: str, qn: str, st: str, mn: str, pw: str, fields: Mapping[str, str] | None = None, version: int = 2017
) -> bytes:
    """Bytes of a command of the host that wants an answer. Raises UnknownCommandError if the edition has none.

    >>> command("2012", "20160801085857223", "32", "010000A8900016F000169DC0", "123456")[-13:]
    b'CP=&&&&3C00\\r\\n'
    """
    if not any(
        version in one.versions and one.sender in ("host", "either") and one.kind in ("request", "notice")
        for one in tables.commands().get(cn, ())
    ):
        raise UnknownCommandError(f"{cn}: no command of the host in {version}")
    flag = tables.version_bits()[version] << 2 | 1
    return Message(qn=qn, st=st, cn=cn, pw=pw, mn=mn, flag=flag, fields=fields or {}).encoded()
