"""From values to bytes: frames, and messages in parts where one frame would be too long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from anlan.monitor.hj212 import tables
from anlan.monitor.hj212.crc import crc

_LONGEST_SEGMENT = 9999
_PART = 2


class TooLongError(ValueError):
    """A segment, or one item of it, does not fit into a frame."""


def enclose(segment: bytes) -> bytes:
    """Frame around a data segment: ##, length, segment, CRC, CR LF. Raises TooLongError above 9999 bytes.

    >>> enclose(b"ST=91;CN=9014;CP=&&&&")
    b'##0021ST=91;CN=9014;CP=&&&&4980\\r\\n'
    """
    if len(segment) > _LONGEST_SEGMENT:
        raise TooLongError(f"{len(segment)} bytes: a data segment has at most {_LONGEST_SEGMENT}")
    return b"##%04d%b%04X\r\n" % (len(segment), segment, crc(segment))


@dataclass(frozen=True, slots=True)
class Message:
    """What a frame is to say. `fields` come first in CP, then the factors of `values`, each as one item.

    `qn` None and `flag` None leave the field out, as uploads of 2005 do. Text is written as UTF-8.
    """

    st: str
    cn: str
    mn: str
    pw: str = "123456"
    qn: str | None = None
    flag: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pnum: int | None = None
    pno: int | None = None

    def items(self) -> list[str]:
        """Items of CP in order."""
        items = [f"{name}={value}" for name, value in self.fields.items()]
        items += [
            ",".join(f"{code}-{suffix}={value}" for suffix, value in per.items()) for code, per in self.values.items()
        ]
        return items

    def segment(self) -> bytes:
        """Data segment."""
        head = {"QN": self.qn, "ST": self.st, "CN": self.cn, "PW": self.pw, "MN": self.mn or None}
        head |= {name: None if n is None else str(n) for name, n in (("Flag", self.flag), ("PNUM", self.pnum))}
        head["PNO"] = None if self.pno is None else str(self.pno)
        written = "".join(f"{name}={value};" for name, value in head.items() if value is not None)
        return f"{written}CP=&&{';'.join(self.items())}&&".encode("utf-8", "replace")

    def encoded(self) -> bytes:
        """Bytes of the one frame. Raises TooLongError above 9999 bytes of segment."""
        return enclose(self.segment())

    def parts(self, qns: Iterable[str], longest: int | None = None) -> Iterator[bytes]:
        """Bytes of one frame, or of several where the segment is longer than `longest` bytes (1024 by the standard).

        Every part repeats DataTime and holds whole items; each takes a QN of its own from `qns`, the first included.
        Raises TooLongError for an item that does not fit alone.
        """
        longest = longest or int(tables.limits()["segment_max"])
        supply = iter(qns)
        first = replace(self, qn=next(supply))
        if len(first.segment()) <= longest:
            yield first.encoded()
            return
        groups = self._groups(replace(first, pnum=9999, pno=9999, flag=(self.flag or 0) | _PART), longest)
        for number, (fields, values) in enumerate(groups, 1):
            yield replace(
                first,
                qn=first.qn if number == 1 else next(supply),
                flag=(self.flag or 0) | _PART,
                pnum=len(groups),
                pno=number,
                fields=fields,
                values=values,
            ).encoded()

    def _groups(self, widest: Message, longest: int) -> list[tuple[dict[str, str], dict[str, Mapping[str, str]]]]:
        always = {name: value for name, value in self.fields.items() if name == "DataTime"}
        empty = len(replace(widest, fields=always, values={}).segment())
        groups: list[tuple[dict[str, str], dict[str, Mapping[str, str]]]] = [(dict(always), {})]
        size = empty
        rest = {name: value for name, value in self.fields.items() if name not in always}
        pieces: list[tuple[str, dict[str, str], dict[str, Mapping[str, str]]]] = []
        pieces += [(name, {name: value}, {}) for name, value in rest.items()]
        pieces += [(code, {}, {code: per}) for code, per in self.values.items()]
        for name, fields, values in pieces:
            (text,) = replace(widest, fields=fields, values=values).items()
            need = len(text.encode()) + 1
            if empty + need > longest:
                raise TooLongError(f"{name}: {need} bytes do not fit into {longest}")
            if size + need > longest:
                groups.append((dict(always), {}))
                size = empty
            groups[-1][0].update(fields)
            groups[-1][1].update(values)
            size += need
        return groups
