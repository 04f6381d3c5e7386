"""`anlan gateway`: receives frames of data loggers over TCP; `anlan gateway frames` prints what was received."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import ssl
import sys
from collections.abc import Iterator

from anlan.cli.django import setup
from anlan.cli.files import WRONG
from anlan.settings import InputError, Settings, Words, load


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "gateway",
        help="接收数采仪的报文 / receive frames of data loggers",
        description="接收数采仪的 HJ 212 报文：先存盘，再应答；直到 Ctrl-C。第一次启动时建好数据库 / "
        "receive HJ 212 frames of data loggers: stored first, then answered; until Ctrl-C. The first start makes the "
        "database",
    )
    parser.add_argument("--host", help="监听的地址，缺省按 ANLAN_GATEWAY_HOST / address, by default ANLAN_GATEWAY_HOST")
    parser.add_argument("--port", help="监听的端口，缺省按 ANLAN_GATEWAY_PORT / port, by default ANLAN_GATEWAY_PORT")
    parser.add_argument(
        "--admit-unknown",
        action="store_true",
        help="未登记的设备自动接入，不核对密码，直到有人设密码 / admit unknown devices by themselves, whatever their "
        "password, until somebody sets one",
    )
    parser.add_argument("--cert", metavar="FILE", help="以 TLS 提供时的证书（PEM） / serve by TLS: certificate (PEM)")
    parser.add_argument("--key", metavar="FILE", help="证书的私钥（PEM） / its key (PEM)")
    actions = parser.add_subparsers(dest="action", metavar="frames")
    frames = actions.add_parser("frames", help="列出收到的每一帧 / print every frame received, once")
    frames.add_argument("--format", choices=("jsonl", "text"), default="text", help="格式 / format")
    frames.add_argument("--mn", default="", help="只列这台设备的 / only those of this device")
    frames.add_argument(
        "--state", choices=("taken", "quarantine", "bad"), default="", help="只列这一状态的 / only those in this state"
    )


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0 once it was told to stop or all is printed, 1 if it cannot listen, 2 for wrong input."""
    try:
        if args.action == "frames":
            setup()
            return _frames(args)
        settings = _settings(args)
        tls = _tls(args)
        with _alone(settings) as is_child:
            return _serve(args, settings, tls, is_child)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG


def _settings(args: argparse.Namespace) -> Settings:
    os.umask(0o077)
    for name, value in (("ANLAN_GATEWAY_HOST", args.host), ("ANLAN_GATEWAY_PORT", args.port)):
        if value is not None:
            os.environ[name] = value
    settings = load(os.environ)
    os.environ["ANLAN_HOME"] = str(settings.home)
    return settings


def _tls(args: argparse.Namespace) -> ssl.SSLContext | None:
    if bool(args.cert) != bool(args.key):
        raise InputError(Words("--cert 与 --key 要一起给出", "--cert and --key belong together"))
    if not args.cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(args.cert, args.key)
    except (OSError, ssl.SSLError) as error:
        raise InputError(
            Words(
                f"证书 {args.cert} 或私钥 {args.key} 不能用：{error}",
                f"certificate {args.cert} or key {args.key}: {error}",
            )
        ) from error
    return context


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    """Keeps others out of the folder; True if `anlan up`, which started this gateway, does so already."""
    from anlan.web.install import home

    try:
        holder = json.loads((settings.home / home.LOCK).read_text(encoding="utf-8")).get("pid")
    except (OSError, ValueError, AttributeError):
        holder = None
    if holder == os.getppid() and home.is_running(settings.home):
        yield True
        return
    with home.held(settings.home, f"gateway {settings.gateway_host}:{settings.gateway_port}"):
        yield False


def _serve(args: argparse.Namespace, settings: Settings, tls: ssl.SSLContext | None, is_child: bool) -> int:
    from anlan.web.install import home

    home.refuse_newer(settings.home)
    setup()
    from anlan.web.install import migrating, stores

    if not is_child and not migrating.is_up_to_date():
        if home.is_older(settings.home):
            raise InputError(
                Words(
                    f"{settings.home} 由较旧的版本写成：请先运行 anlan upgrade（先备份，再升级）",
                    f"{settings.home} was written by an older version: run anlan upgrade first (it makes a backup)",
                )
            )
        stores.prepare()
        home.mark(settings.home)
    from anlan.monitor.gateway.run import serve

    def ready(port: int) -> None:
        say = Words(
            f"网关已启动：{settings.gateway_host}:{port}，按 Ctrl-C 停止",
            f"the gateway listens on {settings.gateway_host}:{port}; Ctrl-C stops it",
        )
        print(say.speak(args.lang), file=sys.stderr, flush=True)
        if args.admit_unknown:
            say = Words(
                "未登记的设备自动接入，未设密码：报文的 PW 不核对，请到设备页设密码",
                "unknown devices are admitted without a password: any PW is taken until a clerk sets one on their page",
            )
            print(say.speak(args.lang), file=sys.stderr, flush=True)

    try:
        asyncio.run(
            serve(
                settings.gateway_host,
                settings.gateway_port or _FIRST_PORT,
                admit_unknown=args.admit_unknown,
                tls=tls,
                ready=ready,
            )
        )
    except OSError as error:
        print(
            Words(
                f"不能在 {settings.gateway_host}:{settings.gateway_port or _FIRST_PORT} 上监听（{error.strerror}）："
                "请换一个端口，如 --port 9213",
                f"cannot listen on {settings.gateway_host}:{settings.gateway_port or _FIRST_PORT} ({error.strerror}): "
                "take another port, such as --port 9213",
            ).speak(args.lang),
            file=sys.stderr,
        )
        return 1
    return 0


_FIRST_PORT = 9212


def _frames(args: argparse.Namespace) -> int:
    from anlan.monitor.hj212.times import BEIJING
    from anlan.monitor.queries import frames_in_order

    for frame in frames_in_order(args.mn, args.state):
        received = frame.received_at.astimezone(BEIJING).isoformat(timespec="microseconds")
        text = bytes(frame.raw).decode("utf-8", "backslashreplace")
        if args.format == "jsonl":
            row = {
                "received": received,
                "mn": frame.mn or None,
                "qn": frame.qn or None,
                "state": frame.state,
                "frame": text,
            }
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(f"{received}\t{frame.state}\t{frame.why or '-'}\t{frame.mn or '-'}\t{text!r}\n")
    return 0
