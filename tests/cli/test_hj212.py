"""`anlan hj212` as it is typed: frames in, JSON lines out, and back; a simulated field to stdout and over TCP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.shell import Shell, command

from anlan.cli.hj212 import drive
from anlan.monitor.hj212 import dialog
from anlan.monitor.hj212.decode import Decoder
from anlan.monitor.hj212.field.loggers import Field

ANNEX_A = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
KEYS = [
    "ok",
    "error",
    "offset",
    "version",
    "QN",
    "ST",
    "CN",
    "PW",
    "MN",
    "Flag",
    "fields",
    "values",
    "answer_wanted",
    "answer",
]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Shell:
    monkeypatch.delenv("ANLAN_LANG", raising=False)
    return Shell(monkeypatch, capsysbinary)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_frame_becomes_one_line_with_just_these_keys(shell: Shell) -> None:
    status, out, err = shell("hj212", "decode", given=ANNEX_A)
    assert (status, err) == (0, "")
    (line,) = lines(out)
    assert list(line) == KEYS
    assert line == {
        "ok": True,
        "error": None,
        "offset": 0,
        "version": 2017,
        "QN": "20160801085857223",
        "ST": "32",
        "CN": "1062",
        "PW": "100000",
        "MN": "010000A8900016F000169DC0",
        "Flag": 5,
        "fields": {"RtdInterval": "30"},
        "values": {},
        "answer_wanted": True,
        "answer": {"ST": "91", "CN": "9011", "QN": "20160801085857223", "Flag": 4},
    }


def test_a_bad_frame_is_a_line_too_and_no_failure(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "frames.txt"
    file.write_bytes(ANNEX_A.replace(b"1C80", b"1C81") + b"noise\r\n" + ANNEX_A.replace(b"0101", b"9999") + ANNEX_A)
    status, out, err = shell("--lang", "en", "hj212", "decode", file)
    crc, length, good = lines(out)
    assert list(crc) == list(length) == KEYS
    assert crc["error"] == {"code": "crc", "reason": "the CRC should be 1C80 and is 1C81"}
    assert length["error"] == {"code": "length", "reason": "the length says 9999, the data segment has 101 bytes"}
    assert (crc["answer"], crc["answer_wanted"], length["offset"]) == (None, True, len(ANNEX_A) + 7)
    assert (good["ok"], status, err) == (True, 0, "5 bytes belong to no frame and were skipped \n")


def test_the_reason_is_told_in_chinese_unless_asked_otherwise(shell: Shell) -> None:
    _, out, _ = shell("hj212", "decode", given=ANNEX_A.replace(b"1C80", b"1C81"))
    assert lines(out)[0]["error"]["reason"] == "CRC 应为 1C80，收到 1C81"
    _, out, _ = shell("hj212", "decode", "--lang", "en", given=ANNEX_A.replace(b"1C80", b"1C81"))
    assert lines(out)[0]["error"]["reason"] == "the CRC should be 1C80 and is 1C81"


def test_full_lines_say_more(shell: Shell) -> None:
    _, out, _ = shell("hj212", "decode", "--full", "--lang", "en", given=ANNEX_A + ANNEX_A[:-2] + b"\n")
    first, again = lines(out)
    assert list(first)[: len(KEYS)] == KEYS
    assert (first["kind"], first["command"]) == ("request", "set the interval of real-time data")
    assert (first["sending"], again["sending"]) == ("new", "again")
    assert again["oddities"] == [{"code": "line_end", "reason": "the line does not end with CR LF: LF"}]
    assert first["frame"] == ANNEX_A.decode().strip()


def test_nothing_in_gives_nothing_out(shell: Shell) -> None:
    assert shell("hj212", "decode") == (0, "", "")
    assert shell("hj212", "encode") == (0, "", "")


def test_a_file_that_is_not_there_is_told(shell: Shell, tmp_path: Path) -> None:
    status, out, err = shell("hj212", "decode", tmp_path / "none.txt")
    assert (status, out) == (2, "")
    assert "none.txt" in err


def test_what_was_decoded_encodes_to_the_same_bytes(shell: Shell) -> None:
    _, frames, _ = shell.bytes("hj212", "simulate", "--sites", "4", "--rate", "4", "--seconds", "60", "--bad", "0")
    assert frames.count(b"##") > 200
    _, decoded, _ = shell.bytes("hj212", "decode", given=frames)
    assert shell.bytes("hj212", "encode", given=decoded) == (0, frames, "")
    assert shell.bytes(
        "hj212", "encode", given=json.dumps(lines(shell("hj212", "decode", given=ANNEX_A)[1])[0]).encode()
    ) == (
        0,
        ANNEX_A,
        "",
    )


@pytest.mark.parametrize(
    "given, words",
    [
        (b"{", "is not JSON"),
        (b"[1]", "should be a JSON object"),
        (b"{}", "no ST"),
        (b'{"ST":"32","CN":"2011","MN":"A","Flag":256}', "Flag should be a whole number from 0 to 255"),
        (b'{"ST":"32","CN":"2011","MN":"A","fields":{"a":"x&&"}}', "'&' cannot stand in a"),
        (b'{"ST":"32","CN":"2011","MN":"A;B"}', "';' cannot stand in MN"),
        (b'{"ST":"32","CN":"2011","MN":"A","values":{"w01018":{"Rtd":null}}}', "Rtd should be text"),
        (b'{"ST":"32","CN":"2011","MN":"A","fields":[1]}', "fields should be an object"),
        (b"\xff", "is not JSON"),
    ],
)
def test_what_cannot_be_a_frame_is_told_with_its_line_and_the_rest_is_written(
    shell: Shell, given: bytes, words: str
) -> None:
    sound = b'{"ST":"91","CN":"9014","MN":"1","PW":"1"}\n'
    status, out, err = shell("--lang", "en", "hj212", "encode", given=sound + given + b"\n" + sound)
    assert (status, out.count("##0031")) == (2, 2)
    assert err.startswith("line 2")
    assert words in err


def test_the_installed_command_streams_bytes(tmp_path: Path) -> None:
    made = command(
        "hj212", "simulate", "--sites", "5", "--rate", "10", "--seconds", "20", "--bad", "0.5", "--seed", "7"
    )
    assert made.returncode == 0
    run = command("hj212", "decode", "-", given=made.stdout)
    assert run.returncode == 0
    assert len(run.stdout.splitlines()) >= 190


@pytest.mark.parametrize(
    "address", ["10.0.0.1:5212", "example:5212", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:x", "0.0.0.0:1"]
)
def test_the_simulator_sends_to_this_machine_only(shell: Shell, address: str) -> None:
    status, _, err = shell("--lang", "en", "hj212", "simulate", "--to", address)
    assert (status, err) == (2, f"--to must be on this machine, as 127.0.0.1:5212: {address}\n")


@pytest.mark.parametrize("option", ["--sites=0", "--rate=0", "--bad=1.5", "--sites=x"])
def test_a_wrong_option_is_refused(shell: Shell, option: str) -> None:
    assert shell("hj212", "simulate", option)[0] == 2


def test_the_field_talks_to_a_receiver_over_tcp() -> None:
    received: list[tuple[str | None, str | None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = Decoder()
        while data := await reader.read(4096):
            for frame in decoder.feed(data):
                received.append((frame.mn, frame.qn))
                if answer := dialog.answer(frame):
                    writer.write(answer)
        writer.close()

    async def talk() -> tuple[int, int]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await drive(Field(3, 60.0, waits=True), "127.0.0.1", port, 0.5)

    sent, answered = asyncio.run(talk())
    # 60 a second for half a second are 30, give or take one a logger; the last few may not be answered in time.
    assert 15 <= sent <= 33
    assert answered >= sent // 2
    assert len(set(received)) == len(received) >= sent // 2
