"""`anlan up`: makes the installation ready and serves it: worker and web server, until Ctrl-C."""

from __future__ import annotations

import argparse
import errno
import http.client
import os
import signal
import socket
import ssl
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from anlan.cli.django import setup
from anlan.cli.files import WRONG, WrongFileError, complain, read_bytes
from anlan.plan import pack
from anlan.settings import InputError, Settings, Words, load
from anlan.web.install import exchange, home
from anlan.web.install.family import Child, Family, GivenUpError

_STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE_S = 120.0
_SILENT_HEADERS_MS = 20_000
_EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Files of the certificate and its key; `signed` by ourselves or not."""

    certificate: Path
    key: Path
    is_own: bool


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "up",
        help="启动网站和后台程序 / start the web site and the worker",
        description="启动网站和后台程序，直到 Ctrl-C；第一次启动时建好数据库并装入示例数据 / "
        "start the web site and the worker, until Ctrl-C; the first start makes the database and loads sample data",
    )
    parser.add_argument("--host", help="监听的地址，缺省按 ANLAN_HOST / address to listen on, by default ANLAN_HOST")
    parser.add_argument("--port", help="监听的端口，缺省按 ANLAN_PORT / port to listen on, by default ANLAN_PORT")
    parser.add_argument(
        "--plan", metavar="FILE", help="用这份方案作示例，代替地区包里的 / sample plan, instead of the pack's"
    )
    parser.add_argument("--year", type=_year, metavar="Y", help="--plan 的年份 / year of the plan")
    parser.add_argument("--real", action="store_true", help="正式安装，不装示例数据 / a real one, without sample data")
    parser.add_argument(
        "--tls",
        action="store_true",
        help="以 TLS 提供；没有 --cert 时自签证书 / serve by TLS, self-signed without --cert",
    )
    parser.add_argument("--cert", metavar="FILE", help="证书（PEM） / certificate (PEM)")
    parser.add_argument("--key", metavar="FILE", help="私钥（PEM） / its key (PEM)")
    parser.add_argument(
        "--plain-gateway",
        action="store_true",
        help="与 --tls 同用：接收报文的网关不用 TLS，供不会 TLS 的数采仪 / with --tls: the gateway for frames goes "
        "without it, for data loggers that know none",
    )


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1949 <= int(text) <= 2199):
        raise argparse.ArgumentTypeError(f"{text}: 1949–2199")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0 once it was told to stop, 1 if a program died again and again, 2 for wrong input."""
    # What it writes is for nobody but the account of the service.
    os.umask(0o077)
    try:
        settings = _settings(args)
        pair = _pair(args, settings)
        address = _address(settings, bool(pair))
        with home.held(settings.home, address) as lock:
            exchange.finish(settings.home)
            _try_port(settings)
            settings = _with_gateway(settings)
            return _serve(args, settings, pair, address, lock)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    except WrongFileError as error:
        return complain(error.words, args.lang)
    except KeyboardInterrupt:
        # Before anything was started; what was begun is finished at the next start.
        return 0


def _settings(args: argparse.Namespace) -> Settings:
    """Settings with the options over them, left in the environment for the children."""
    for name, value in (("ANLAN_HOST", args.host), ("ANLAN_PORT", args.port), ("ANLAN_LANG", args.lang)):
        if value is not None:
            os.environ[name] = value
    if args.tls:
        os.environ["ANLAN_HTTPS"] = "on"
    wrong = []
    if bool(args.cert) != bool(args.key) or (args.cert and not args.tls):
        wrong.append(Words("--tls、--cert、--key 要一起给出", "--cert and --key belong together, and to --tls"))
    if args.plain_gateway and not args.tls:
        wrong.append(
            Words(
                "--plain-gateway 要与 --tls 同用：没有 --tls，网关本来就不用 TLS",
                "--plain-gateway belongs to --tls: without it the gateway uses no TLS anyway",
            )
        )
    if args.real and args.plan:
        wrong.append(
            Words(
                "--plan 是示例方案，不能与 --real 同用：正式安装请登录后上传",
                "--plan is a sample and does not go with --real: sign in and upload the plan instead",
            )
        )
    try:
        settings = load(os.environ)
    except InputError as error:
        raise InputError(*error.problems, *wrong) from None
    if wrong:
        raise InputError(*wrong)
    if settings.host not in (*_EVERYWHERE, *settings.allowed_hosts):
        # Whoever listens on an address means it to be used.
        os.environ["ANLAN_ALLOWED_HOSTS"] = ",".join((*settings.allowed_hosts, settings.host))
        settings = load(os.environ)
    # For the children, which may be started from elsewhere.
    os.environ["ANLAN_HOME"] = str(settings.home)
    return settings


def _pair(args: argparse.Namespace, settings: Settings) -> _Pair | None:
    if not args.tls:
        return None
    from anlan.web.install import tls

    if args.cert:
        return _Pair(*tls.own(Path(args.cert).absolute(), Path(args.key), settings.home), is_own=True)
    return _Pair(*tls.self_signed((*settings.allowed_hosts, socket.gethostname()), settings.home), is_own=False)


def _address(settings: Settings, is_tls: bool) -> str:
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    return f"http{'s' if is_tls else ''}://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def _try_port(settings: Settings) -> None:
    """Raises InputError if nobody could listen there."""
    try:
        _bind(settings.host, settings.port)
    except socket.gaierror as error:
        raise InputError(
            Words(
                f"ANLAN_HOST={settings.host}：没有这个地址（{error.strerror}）",
                f"ANLAN_HOST={settings.host}: there is no such address ({error.strerror})",
            )
        ) from error
    except OSError as error:
        raise InputError(_no_port(settings, error)) from error


def _bind(host: str, port: int) -> None:
    """Raises OSError if nobody could listen there."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(address)


def _with_gateway(settings: Settings) -> Settings:
    """Settings with a port for the gateway: the one that is set, or the first free one from the web's plus 1000 on."""
    host, wanted = settings.gateway_host, settings.gateway_port
    first = settings.port + 1000 if settings.port < 64_000 else settings.port - 1000
    for port in [wanted] if wanted else range(first, first + 100):
        try:
            _bind(host, port)
        except OSError as error:
            last = error
            continue
        os.environ["ANLAN_GATEWAY_PORT"] = str(port)
        return load(os.environ)
    raise InputError(
        Words(
            f"接收报文的网关不能在 {host}:{wanted or first} 上监听（{last.strerror}）：请改 ANLAN_GATEWAY_HOST 或 "
            "ANLAN_GATEWAY_PORT",
            f"the gateway for frames cannot listen on {host}:{wanted or first} ({last.strerror}): "
            "set ANLAN_GATEWAY_HOST or ANLAN_GATEWAY_PORT",
        )
    ) from last


def _no_port(settings: Settings, error: OSError) -> Words:
    port = settings.port
    if error.errno == errno.EADDRINUSE:
        return Words(
            f"端口 {port} 已被别的程序占用：请换一个，如 anlan up --port {port % 65535 + 1}，或设置 ANLAN_PORT",
            f"port {port} is in use by another program: take another, such as anlan up --port {port % 65535 + 1}, "
            "or set ANLAN_PORT",
        )
    if error.errno == errno.EACCES:
        return Words(
            f"没有权限使用端口 {port}：1024 以下的端口须有特权，请换一个，如 --port 8212",
            f"port {port} is not permitted: ports below 1024 need privileges; take another, such as --port 8212",
        )
    return Words(
        f"不能在 {settings.host} 上监听（{error.strerror}）：ANLAN_HOST 应为本机的地址，如 127.0.0.1 或 0.0.0.0",
        f"cannot listen on {settings.host} ({error.strerror}): ANLAN_HOST must be an address of this machine, "
        "such as 127.0.0.1 or 0.0.0.0",
    )


def _serve(args: argparse.Namespace, settings: Settings, pair: _Pair | None, address: str, lock: int) -> int:
    console = Console(markup=False, emoji=False, highlight=False)
    said = _make_ready(args, settings)
    from anlan.web.install import sample

    loggers = None if args.plain_gateway else pair
    family = _family(settings, pair, loggers, lock, is_simulated=not args.real and sample.is_sample())
    for number in _STOPPED_BY:
        signal.signal(number, family.ask_to_stop)
    try:
        family.start()
        if family.watch(lambda: _answers(settings, pair), time.monotonic() + _PATIENCE_S):
            _greet(console, args, settings, pair, address, said)
            family.watch()
        elif not family.is_stopping:
            logs = settings.home / "logs"
            words = Words(
                f"{_PATIENCE_S:g} 秒内没有启动好，详见 {logs}", f"it did not come up in {_PATIENCE_S:g} s, see {logs}"
            )
            print(words.speak(args.lang), file=sys.stderr)
            return 1
    except GivenUpError as error:
        print(error.words.speak(args.lang), file=sys.stderr)
        return 1
    finally:
        family.stop()
    print(Words("已停止", "stopped").speak(args.lang), flush=True)
    return 0


def _make_ready(args: argparse.Namespace, settings: Settings) -> list[Words]:
    """Tables, and sample data unless this is a real installation; gives what there is to say of them."""
    home.refuse_newer(settings.home)
    given = pack.load(settings.pack)
    plan_bytes = read_bytes(args.plan, settings.max_file_bytes, args.lang) if args.plan else None
    setup()
    from anlan.monitor import field
    from anlan.web.install import sample, stores

    stores.refuse_unknown()
    if home.is_older(settings.home) and any(stores.waiting().values()):
        raise InputError(
            Words(
                f"{settings.home} 由较旧的版本写成：请先运行 anlan upgrade（先备份，再升级）",
                f"{settings.home} was written by an older version: run anlan upgrade first (it makes a backup)",
            )
        )
    stores.prepare()
    home.mark(settings.home)
    if args.real:
        if sample.is_sample():
            raise InputError(
                Words(
                    f"{settings.home} 里是示例数据：正式安装请用 ANLAN_HOME 指定一个新的文件夹",
                    f"{settings.home} holds sample data: name a new folder with ANLAN_HOME for a real installation",
                )
            )
        return _open_setup(settings) if sample.is_empty() else []
    if not sample.is_sample() and not sample.is_empty():
        return []
    plan = sample.PlanFile(plan_bytes, Path(args.plan).name, args.year) if plan_bytes is not None else None
    said = sample.seed(given, settings.home, plan)
    field.bring()
    return said


def _open_setup(settings: Settings) -> list[Words]:
    from anlan.web.install import token

    path = f"setup/?token={token.make(settings.home)}"
    return [
        Words(
            f"这里还是空的：请打开上面的地址加 {path} 建立本区的安装（只能用一次），或停止后运行 anlan init",
            f"nothing is here yet: open the address above with {path} to found the installation (works once), "
            "or stop this and run anlan init",
        )
    ]


def _family(settings: Settings, pair: _Pair | None, loggers: _Pair | None, lock: int, *, is_simulated: bool) -> Family:
    """The programs; `pair` is the certificate of the web server, `loggers` that of the gateway."""
    logs = settings.home / "logs"
    server = [sys.executable, "-m", "granian", "--interface", "rsgi", "anlan.web.served:application"]
    server += ["--host", settings.host, "--port", str(settings.port), "--workers", str(settings.workers)]
    server += ["--respawn-failed-workers", "--no-ws", "--log-level", "warning"]
    # HTTP/1.1 alone, because only there silent connections are closed, also those that wait for another request.
    server += ["--http", "1", "--http1-header-read-timeout", str(_SILENT_HEADERS_MS)]
    if pair:
        server += ["--ssl-certificate", str(pair.certificate), "--ssl-keyfile", str(pair.key)]
        # Browsers of old office PCs know nothing newer.
        server += ["--ssl-protocol-min", "tls1.2"]
    children = [
        Child("worker", [sys.executable, "-m", "anlan", "worker"], logs / "worker.out"),
        Child("web", server, logs / "web.out"),
    ]
    gateway = [sys.executable, "-m", "anlan", "gateway"]
    if loggers:
        gateway += ["--cert", str(loggers.certificate), "--key", str(loggers.key)]
    children.append(Child("gateway", gateway, logs / "gateway.out"))
    if is_simulated:
        from anlan.monitor import field

        host = settings.gateway_host
        address = f"{'127.0.0.1' if host in _EVERYWHERE else host}:{settings.gateway_port}"
        simulate = [sys.executable, "-m", "anlan", "hj212", "simulate", "--forever", "--to", address]
        simulate += ["--sites", str(field.COUNT), "--rate", str(field.RATE), "--bad", str(field.BAD)]
        simulate += ["--tls"] if loggers else []
        children.append(Child("field", simulate, logs / "field.out"))
    environ = dict(os.environ)
    environ["DJANGO_SETTINGS_MODULE"] = "anlan.web.config"
    return Family(children, environ, lock)


def _answers(settings: Settings, pair: _Pair | None) -> bool:
    host = "127.0.0.1" if settings.host == "0.0.0.0" else "::1" if settings.host == "::" else settings.host
    name = settings.allowed_hosts[0].lstrip(".*") or host
    connection: http.client.HTTPConnection
    if pair:
        # It is our own server on our own machine; only whether it answers is asked.
        connection = http.client.HTTPSConnection(
            host, settings.port, timeout=5, context=ssl._create_unverified_context()
        )
    else:
        connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/login/", headers={"Host": f"[{name}]" if ":" in name else name})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(
    console: Console,
    args: argparse.Namespace,
    settings: Settings,
    pair: _Pair | None,
    address: str,
    said: list[Words],
) -> None:
    """Address, sample accounts, and what else there is to know."""
    from django.utils import translation

    from anlan.web.install import sample

    def say(zh: str, en: str) -> None:
        console.print(Words(zh, en).speak(args.lang), soft_wrap=True)

    say(f"\n安澜已启动：{address}", f"\nAnlan is up: {address}")
    with translation.override("en" if args.lang == "en" else "zh-hans"):
        people = [] if args.real or not sample.is_sample() else sample.accounts()
        if people:
            heads = (Words("账户", "account"), Words("角色", "role"), Words("姓名", "person"), Words("单位", "unit"))
            table = Table(*(head.speak(args.lang) for head in heads), box=box.SIMPLE_HEAD)
            for one in people:
                table.add_row(one.name, str(one.role.label), one.person, one.unit)
            console.print(table)
            secret = sample.password(settings.home)
            say(f"示例账户的口令都是 {secret}", f"All sample accounts have the password {secret}")
    for words in said:
        say(*words)
    if pair and not pair.is_own:
        from anlan.web.install import tls

        mark = tls.fingerprint(pair.certificate)
        say(f"自签证书的 SHA-256 指纹：{mark}", f"SHA-256 of the self-signed certificate: {mark}")
    if settings.host in _EVERYWHERE and set(settings.allowed_hosts) <= {"localhost", "127.0.0.1"}:
        say(
            "其他电脑要能访问，还须在 ANLAN_ALLOWED_HOSTS 里写上本机的主机名或地址",
            "for other computers, name this machine's host name or address in ANLAN_ALLOWED_HOSTS as well",
        )
    gateway = f"{settings.gateway_host}:{settings.gateway_port}"
    say(f"数采仪（HJ 212）请发往 {gateway}", f"Data loggers (HJ 212) send to {gateway}")
    if pair:
        if args.plain_gateway:
            say("  网关不用 TLS（--plain-gateway）", "  without TLS (--plain-gateway)")
        else:
            say(
                "  以 TLS，证书与网站的相同；数采仪不会 TLS 的，请加 --plain-gateway",
                "  by TLS, with the certificate of the web site; for loggers that know none add --plain-gateway",
            )
    say(f"数据在 {settings.home}，按 Ctrl-C 停止", f"The data are in {settings.home}; Ctrl-C stops it")
    console.file.flush()
