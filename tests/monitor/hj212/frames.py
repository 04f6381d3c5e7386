"""Frames for the tests of HJ 212. Devices and figures are made up."""

from __future__ import annotations

from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.encode import enclose
from anlan.monitor.hj212.frame import Frame

HEAD = "QN=20260801085857223;ST=32;CN=2011;PW=123456;MN=5A5A0000000000000000000F;Flag=5;"
VALUES = "DataTime=20260801085857;w01018-Rtd=28.4,w01018-Flag=N;w21003-Rtd=1.62,w21003-Flag=N"
GOOD = enclose(f"{HEAD}CP=&&{VALUES}&&".encode())
OTHER = enclose(f"{HEAD.replace('223;', '224;')}CP=&&{VALUES}&&".encode())


def frame(cp: str = VALUES, head: str = HEAD, encoding: str = "utf-8") -> Frame:
    """The one frame that a well enclosed segment decodes to."""
    (one,) = decode(enclose(f"{head}CP=&&{cp}&&".encode(encoding)))
    return one


def names(one: Frame) -> list[str]:
    """Codes of what is odd about a frame."""
    return [oddity.code for oddity in one.oddities]
