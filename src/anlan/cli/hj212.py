"""`anlan hj212`: decodes frames of data loggers to JSON lines, encodes them, simulates a field of loggers."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import io
import ipaddress
import json
import math
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from anlan.foundation.calc.explain import Bilingual, Lang
from anlan.monitor.hj212 import output
from anlan.monitor.hj212.decode import Decoder
from anlan.monitor.hj212.encode import TooLongError
from anlan.monitor.hj212.field.loggers import Field, Logger, Sending
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.hj212.parts import Repeats

_WRONG = 2
_CHUNK = 1 << 16


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("hj212", help="HJ 212 报文 / frames of data loggers (HJ 212)")
    actions = parser.add_subparsers(dest="action", required=True, metavar="decode|encode|simulate")
    lang = argparse.ArgumentParser(add_help=False)
    # Also after the action; SUPPRESS keeps the language given before it.
    lang.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help="语言 / language")

    decode = actions.add_parser(
        "decode", parents=[lang], help="报文 → 每帧一行 JSON / frames to JSON, one line each, good and bad alike"
    )
    decode.add_argument(
        "file", nargs="?", default="-", metavar="FILE|-", help="文件或标准输入 / file or standard input"
    )
    decode.add_argument(
        "--full",
        action="store_true",
        help="另加分包号、时段、单位、异常之处、原文 / also parts, period, units, oddities, raw",
    )

    encode = actions.add_parser(
        "encode", parents=[lang], help="每行一个 JSON → 报文 / JSON, one object a line as decode prints it, to frames"
    )
    encode.add_argument(
        "file", nargs="?", default="-", metavar="FILE|-", help="文件或标准输入 / file or standard input"
    )

    simulate = actions.add_parser("simulate", parents=[lang], help="模拟一片数采仪 / a field of simulated data loggers")
    simulate.add_argument("--sites", type=_count, default=12, metavar="N", help="数采仪台数 / loggers (12)")
    simulate.add_argument(
        "--rate", type=_rate, default=1.0, metavar="R", help="全部合计每秒消息数 / messages a second (1)"
    )
    simulate.add_argument("--seconds", type=_rate, default=60.0, metavar="S", help="时长 / how long (60)")
    simulate.add_argument(
        "--forever", action="store_true", help="与 --to 同用，一直运行 / with --to: until it is told to stop"
    )
    simulate.add_argument("--bad", type=_share, default=0.05, metavar="SHARE", help="坏帧比例 / share spoilt (0.05)")
    simulate.add_argument("--seed", type=int, default=1, help="随机种子，同种子同结果 / same seed, same bytes (1)")
    simulate.add_argument(
        "--tls",
        action="store_true",
        help="与 --to 同用，以 TLS 发送；对方在本机，不核对证书 / with --to: by TLS; the other side is on this "
        "machine, so its certificate is not checked",
    )
    simulate.add_argument(
        "--to",
        metavar="HOST:PORT",
        help="发往本机地址，实时；缺省写标准输出 / send to this machine in real time; else stdout",
    )


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 10_000:
        raise argparse.ArgumentTypeError("1 … 10000")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1e6:
        raise argparse.ArgumentTypeError("> 0, <= 1000000")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("0 … 1")
    return value


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 for input that cannot be used. A damaged frame is a result, not wrong input."""
    lang = cast(Lang, args.lang)
    if args.action == "simulate":
        return _simulate(args, lang)
    with contextlib.ExitStack() as stack:
        source = sys.stdin.buffer
        if args.file != "-":
            try:
                source = stack.enter_context(Path(args.file).open("rb"))
            except OSError as error:
                return _complain(lang, f"读不了 {args.file}：", f"cannot read {args.file}:", error.strerror or "")
        return _decode(source, args.full, lang) if args.action == "decode" else _encode(source, lang)


def _complain(lang: Lang, zh: str, en: str, rest: str) -> int:
    print(Bilingual(zh, en).tell(lang), rest, file=sys.stderr)
    return _WRONG


def _decode(source: BinaryIO, full: bool, lang: Lang) -> int:
    decoder, repeats = Decoder(), Repeats()
    read = source.read1 if isinstance(source, io.BufferedReader) else source.read

    def show(frames: list[Frame]) -> None:
        for frame in frames:
            shown = output.to_dict(frame, lang)
            if full:
                shown |= output.more(frame, lang) | {"sending": repeats.add(frame).value}
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")

    # read1 gives what is there, so that the frames of a pipe appear as they come.
    while data := read(_CHUNK):
        show(decoder.feed(data))
        sys.stdout.flush()
    show(decoder.finish())
    if decoder.stray_bytes:
        _complain(
            lang,
            f"{decoder.stray_bytes} 个字节不属于任何帧，已跳过",
            f"{decoder.stray_bytes} bytes belong to no frame and were skipped",
            "",
        )
    return 0


def _encode(source: BinaryIO, lang: Lang) -> int:
    status = 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            data = output.from_dict(json.loads(line.decode("utf-8-sig"))).encoded()
        except output.UnusableMessageError as error:
            status = _complain(lang, f"第 {number} 行：{error.words.zh}", f"line {number}: {error.words.en}", "")
        except (TooLongError, RecursionError) as error:
            status = _complain(lang, f"第 {number} 行太长：", f"line {number} is too long:", str(error))
        except ValueError as error:
            status = _complain(lang, f"第 {number} 行不是 JSON：", f"line {number} is not JSON:", str(error))
        else:
            _write(data)
    return status


def _write(data: bytes) -> None:
    """Bytes to standard output, whatever stands in its place."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        sys.stdout.write(data.decode("utf-8", "backslashreplace"))
    else:
        raw.write(data)


def _simulate(args: argparse.Namespace, lang: Lang) -> int:
    if args.to is None:
        if args.tls:
            return _complain(lang, "--tls 要与 --to 同用", "--tls belongs to --to", "")
        for sending in Field(args.sites, args.rate, args.seed, args.bad).sendings(args.seconds):
            _write(sending.data)
        return 0
    address = _loopback(args.to)
    if address is None:
        return _complain(
            lang,
            "--to 只能是本机地址，如 127.0.0.1:5212：",
            "--to must be on this machine, as 127.0.0.1:5212:",
            args.to,
        )
    # In real time, the loggers live today.
    field = Field(args.sites, args.rate, args.seed, args.bad, start=dt.datetime.now(dt.UTC), waits=True)
    try:
        seconds = math.inf if args.forever else args.seconds
        sent, answered = asyncio.run(drive(field, *address, seconds, _unchecked() if args.tls else None))
    except OSError as error:
        return _complain(lang, f"连不上 {args.to}：", f"cannot connect to {args.to}:", str(error))
    print(
        Bilingual(f"发送 {sent} 帧，收到 {answered} 次应答", f"{sent} frames sent, {answered} answers received").tell(
            lang
        ),
        file=sys.stderr,
    )
    return 0


def _loopback(text: str) -> tuple[str, int] | None:
    """Host and port of an address on this machine, None for any other: a simulator must not flood a real platform."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return None
    if host == "localhost":
        return "127.0.0.1", int(port)
    try:
        return (host, int(port)) if ipaddress.ip_address(host).is_loopback else None
    except ValueError:
        return None


def _unchecked() -> ssl.SSLContext:
    """TLS to ourselves, whatever the certificate: it may be self-signed, or for another name."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def drive(
    field: Field, host: str, port: int, seconds: float, tls: ssl.SSLContext | None = None
) -> tuple[int, int]:
    """Runs a field against a TCP address in real time, one connection a logger; how many frames and answers passed.

    Raises OSError if the first connection is refused. A connection that is lost later is made anew.
    """
    begun = time.monotonic()
    counts = await asyncio.gather(*(_live(logger, host, port, begun, seconds, tls) for logger in field.loggers))
    return sum(sent for sent, _ in counts), sum(answers for _, answers in counts)


async def _live(
    logger: Logger, host: str, port: int, begun: float, seconds: float, tls: ssl.SSLContext | None
) -> tuple[int, int]:
    sent = answers = 0
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port, ssl=tls)
            break
        except OSError:
            if seconds < math.inf:
                raise
            # One that runs for ever waits until somebody listens.
            await asyncio.sleep(1.0)

    def now() -> float:
        return time.monotonic() - begun

    def write(sendings: list[Sending] | Iterator[Sending]) -> int:
        frames = [sending.data for sending in sendings]
        writer.writelines(frames)
        return len(frames)

    while (at := now()) < seconds:
        try:
            sent += write(logger.due(at))
            wait = max(0.0, min(logger.next_at, seconds) - now())
            with contextlib.suppress(TimeoutError):
                data = await asyncio.wait_for(reader.read(_CHUNK), wait)
                if not data:
                    raise ConnectionResetError
                answers += data.count(b"##")
                sent += write(logger.receive(data, now()))
            await writer.drain()
        except OSError:
            writer.close()
            await asyncio.sleep(min(1.0, max(0.0, seconds - now())))
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(host, port, ssl=tls)
    writer.close()
    return sent, answers
