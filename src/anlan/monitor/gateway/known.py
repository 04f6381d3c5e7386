"""Whom the gateway knows: devices by MN, and what becomes of a frame by who sent it and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from anlan.monitor.gateway.entry import BAD, QUARANTINE, TAKEN
from anlan.monitor.hj212.frame import Frame

# What may be the MN of somebody who is not known yet; anything else is no name to be remembered.
_MN = re.compile(r"[0-9A-Za-z_.:-]{2,40}", re.ASCII)


def is_name(mn: str) -> bool:
    """Whether this may be the MN of somebody who is not known yet."""
    return _MN.fullmatch(mn) is not None


class Known(NamedTuple):
    """Device that was admitted."""

    password: str
    state: str
    minutes: int


class Register:
    """Devices by MN; replaced as a whole when one changes."""

    def __init__(self) -> None:
        self.devices: Mapping[str, Known] = {}

    def holds_back(self, mn: str, password: str | None) -> str:
        """Why frames of this sender are held back: unknown, password, suspended, refused; "" if they are taken."""
        device = self.devices.get(mn)
        if device is None:
            return "unknown"
        if device.state != "in_service":
            return device.state
        return "" if not device.password or device.password == password else "password"

    def judge(self, frame: Frame, speaker: str) -> tuple[str, str, str]:
        """State, reason and MN of a frame. `speaker` is who spoke last on the connection, "" before anybody did.

        A damaged frame is laid to whoever speaks on the connection, or to a device that is known: its own MN may be
        part of the damage. What is left without a name is laid to whoever speaks next there (see `Link`).
        """
        mn = frame.mn or ""
        if frame.fault is not None and frame.fault.code != "format":
            return BAD, frame.fault.code, speaker or (mn if mn in self.devices else "")
        if not mn and frame.fault is None:
            # An answer without MN, as some give it.
            mn = speaker
        if not is_name(mn):
            return QUARANTINE, "format", speaker
        if frame.fault is not None:
            return QUARANTINE, "format", mn
        why = self.holds_back(mn, frame.pw)
        return (QUARANTINE, why, mn) if why else (TAKEN, "", mn)
