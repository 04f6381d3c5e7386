"""What becomes of a frame by who sent it and what is wrong with it."""

from __future__ import annotations

import pytest
from tests.monitor.frames_of_the_field import MN, upload

from anlan.monitor.gateway.known import Known, Register
from anlan.monitor.hj212.decode import decode


def judge(data: bytes, device: Known | None = None, speaker: str = "") -> tuple[str, str, str]:
    register = Register()
    if device is not None:
        register.devices = {MN: device}
    return register.judge(decode(data)[0], speaker)


def test_a_known_device_is_taken() -> None:
    assert judge(upload(), Known("", "in_service", 0)) == ("taken", "", MN)
    assert judge(upload(pw="654321"), Known("654321", "in_service", 0)) == ("taken", "", MN)


def test_an_unknown_device_is_held_back() -> None:
    assert judge(upload()) == ("quarantine", "unknown", MN)


def test_a_wrong_password_is_held_back() -> None:
    assert judge(upload(), Known("654321", "in_service", 0)) == ("quarantine", "password", MN)


@pytest.mark.parametrize("state", ["suspended", "refused"])
def test_a_device_out_of_service_is_held_back(state: str) -> None:
    assert judge(upload(), Known("", state, 0)) == ("quarantine", state, MN)


def test_a_value_that_cannot_be_puts_its_frame_into_quarantine_though_the_device_is_known() -> None:
    assert judge(upload(value="1e309"), Known("", "in_service", 0)) == ("quarantine", "format", MN)


def test_a_damaged_frame_is_laid_to_whoever_speaks_not_to_the_name_in_it() -> None:
    data = upload()[:-6] + b"0000\r\n"
    assert judge(data) == ("bad", "crc", "")
    assert judge(data, speaker="somebody") == ("bad", "crc", "somebody")
    assert judge(data, Known("", "in_service", 0)) == ("bad", "crc", MN)


def test_a_name_that_is_none_is_not_remembered() -> None:
    assert judge(upload(mn="x" * 41)) == ("quarantine", "format", "")
