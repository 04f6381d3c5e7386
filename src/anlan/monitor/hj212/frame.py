"""What a frame says: a plain value that decoding makes and answering, merging and printing read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anlan.foundation.calc.explain import Bilingual
from anlan.monitor.hj212.oddities import Oddity

FaultCode = Literal["crc", "length", "format"]
Values = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a frame is not taken. `format` also stands for values that cannot be; `reasons` are all that was found."""

    code: FaultCode
    reasons: tuple[Bilingual, ...]

    def reason(self) -> Bilingual:
        """All reasons in one sentence."""
        return Bilingual("；".join(r.zh for r in self.reasons), "; ".join(r.en for r in self.reasons))


@dataclass(slots=True, eq=False)
class Frame:
    """One frame, whole or damaged.

    `offset` is the byte of its ## in the stream, `raw` the bytes from there to the checksum. `version` is the edition
    its version bits name, None for unknown bits or a Flag that cannot be read. `fields` are the CP items that are
    no factor; `values` are factor → item (Rtd, Avg, …, Flag) → text as sent, by current code. What a damaged frame
    holds is what could be read of it, and worth nothing as data.
    """

    offset: int
    raw: bytes
    version: int | None
    qn: str | None
    st: str | None
    cn: str | None
    pw: str | None
    mn: str | None
    flag: int | None
    pnum: int | None
    pno: int | None
    fields: dict[str, str]
    values: Values
    fault: Fault | None
    oddities: tuple[Oddity, ...]

    @property
    def ok(self) -> bool:
        """Whether length, CRC and fields are right and every value can be."""
        return self.fault is None

    @property
    def answer_wanted(self) -> bool:
        """Bit A of Flag."""
        return bool(self.flag and self.flag & 1)

    @property
    def is_part(self) -> bool:
        """Whether this is one of several parts of a message."""
        return self.pnum is not None and self.pno is not None
