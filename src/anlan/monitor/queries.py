"""Reads of the monitoring room. Devices stand in the business store, what was heard of them in that of readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.monitor.gateway import gaps
from anlan.monitor.gateway.desk import lab_name, missing
from anlan.monitor.gateway.taking import day_of
from anlan.monitor.hj212 import times
from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.frame import Frame as Decoded
from anlan.monitor.hj212.parts import Message, Parts, key_of
from anlan.monitor.lake.rows import milliseconds
from anlan.monitor.models import (
    Conflict,
    Day,
    Device,
    DeviceState,
    Frame,
    Period,
    Reading,
    Run,
    Sender,
    Site,
)

_BLOCK = 1000
# Days over which shares are told.
SHARE_DAYS = 7
# The list of frames looks back over so many, so that it stays quick whatever was received.
_LATEST = 20_000
# Frames of a sender before and after a part among which the others are looked for.
_NEAR = 100
# Frames of a sender among which messages with missing parts are looked for.
_PARTS_AMONG = 200


def devices(actor: Actor) -> QuerySet[Device]:
    """Devices the actor may see, refused ones aside."""
    rows = visible(actor, "monitor.see", Device.objects.exclude(state=DeviceState.REFUSED))
    return rows.select_related("site")


def sites(actor: Actor) -> QuerySet[Site]:
    """Sites the actor may see."""
    return visible(actor, "monitor.see", Site.objects.all()).select_related("unit", "division")


def is_simulated() -> bool:
    """Whether simulated devices are among those that send."""
    return Device.objects.filter(simulated=True).exists()


def waiting_senders() -> QuerySet[Sender]:
    """Senders that nobody has decided on: neither admitted nor refused."""
    decided = list(Device.objects.values_list("mn", flat=True))
    return Sender.objects.exclude(mn__in=decided).exclude(mn__startswith=lab_name(""))


def senders(mns: Iterable[str]) -> dict[str, Sender]:
    """What was heard of these devices, by MN. One query."""
    return {one.mn: one for one in Sender.objects.filter(mn__in=list(mns))}


@dataclass(frozen=True, slots=True)
class Tally:
    """Frames of some days and how many of them were wrong in which way."""

    frames: int = 0
    crc: int = 0
    length: int = 0
    format: int = 0
    held: int = 0
    repeats: int = 0
    late: int = 0
    conflicts: int = 0

    @property
    def crc_share(self) -> str:
        """Share of frames with a wrong CRC, in per cent with one decimal; "" where none came."""
        return f"{self.crc * 100 / self.frames:.1f}" if self.frames else ""


_NAMES = ("frames", "crc", "length", "format", "held", "repeats", "late", "conflicts")


def tallies(numbers: Iterable[int], days: int = SHARE_DAYS) -> dict[int, Tally]:
    """What these senders sent over the last days, by their number. One query."""
    since = day_of(int((timezone.now() - dt.timedelta(days=days - 1)).timestamp() * 1_000_000))
    rows = Day.objects.filter(sender__in=list(numbers), day__gte=since).values("sender").order_by("sender")
    found = rows.annotate(**{f"n_{name}": Sum(name) for name in _NAMES})
    return {row["sender"]: Tally(**_sums(row)) for row in found}


def _sums(row: Any) -> dict[str, int]:
    return {name: row[f"n_{name}"] or 0 for name in _NAMES}


def days_of(sender: Sender, days: int = 14) -> list[Day]:
    """Counters of a sender by day, the latest first."""
    return list(Day.objects.filter(sender=sender.pk).order_by("-day")[:days])


def frames_of(sender: Sender, most: int = _PARTS_AMONG) -> list[Frame]:
    """Last frames of a sender, the latest first."""
    return list(Frame.objects.filter(sender=sender.pk).order_by("-id")[:most])


def broken_messages(frames: Iterable[Frame], most: int = 10) -> list[Message]:
    """Messages in parts of which not all are among these frames, the latest first.

    A frame that was damaged may be the part that is missing: it is not counted as there.
    """
    parts = Parts()
    for frame in sorted(frames, key=lambda one: one.id):
        if b";PNO=" in (raw := bytes(frame.raw)):
            for one in decode(raw + b"\r\n"):
                parts.add(one)
    return parts.waiting()[: -most - 1 : -1]


def message_of(frame: Frame, decoded: Decoded) -> Message | None:
    """All parts of the message that this frame is a part of, as far as they came near it; None if it is no part."""
    if not decoded.ok or not decoded.is_part or frame.sender is None:
        return None
    key = key_of(decoded)
    near = Frame.objects.filter(sender=frame.sender, cn=frame.cn, state=frame.state)
    before = near.filter(id__lte=frame.id).order_by("-id")[:_NEAR]
    after = near.filter(id__gt=frame.id).order_by("id")[:_NEAR]
    message = Message(key)
    for row in sorted([*before, *after], key=lambda one: one.id):
        for one in decode(bytes(row.raw) + b"\r\n"):
            if one.ok and one.is_part and one.pno is not None and key_of(one) == key:
                message.parts[one.pno] = one
    return message


def latest_frames() -> QuerySet[Frame]:
    """The latest frames of all senders."""
    last = Frame.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return Frame.objects.filter(id__gt=last - _LATEST)


def latest_values(sender: Sender) -> list[Reading]:
    """Values of the sender's latest real-time data."""
    if sender.data_at is None:
        return []
    return list(Reading.objects.filter(at=sender.data_at, sender=sender.pk).order_by("factor", "kind"))


def conflicts_of(sender: Sender, most: int = 20) -> list[tuple[Conflict, Reading | None]]:
    """Latest values that came second, with the one that came first."""
    rows = list(Conflict.objects.filter(sender=sender.pk).order_by("-at", "-id")[:most])
    keys = [(row.at, row.sender, row.factor, row.kind) for row in rows]
    first = {one.pk: one for one in Reading.objects.filter(pk__in=keys)} if keys else {}
    return [(row, first.get(key)) for row, key in zip(rows, keys, strict=True)]


def gaps_of(device: Device, sender: Sender) -> list[gaps.Gap]:
    """Days, hours and minutes of which the device sent nothing."""
    return missing(sender.pk, device.minutes, timezone.now())


def has_periods(sender: Sender) -> bool:
    """Whether any mean of a period ever came, without which nobody knows what is missing."""
    return Period.objects.filter(sender=sender.pk).exists()


def runs_of(mn: str, most: int = 15) -> list[Run]:
    """Last commands to a device, the latest first."""
    return list(Run.objects.filter(mn=mn).order_by("-id")[:most])


def values_at_site(site: Site, since: dt.datetime, until: dt.datetime) -> QuerySet[Reading]:
    """Readings of a site: of its devices and of its lab sheets."""
    names = [*site.devices.values_list("mn", flat=True), lab_name(site.code)]
    numbers = list(Sender.objects.filter(mn__in=names).values_list("pk", flat=True))
    low, high = (milliseconds(times.digits(when)) or 0 for when in (since, until))
    return Reading.objects.filter(at__gte=low, at__lt=high, sender__in=numbers)


def frames_in_order(mn: str = "", state: str = "") -> Iterator[Frame]:
    """Every frame, the first received first, in constant memory."""
    last = 0
    rows = Frame.objects.order_by("id")
    if mn:
        rows = rows.filter(mn=mn)
    if state:
        rows = rows.filter(state=state)
    while block := list(rows.filter(id__gt=last)[:_BLOCK]):
        yield from block
        last = block[-1].id
