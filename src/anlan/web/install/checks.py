"""What can be wrong with an installation: one function for each thing, each with the way out."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import anlan
from anlan.plan import pack
from anlan.settings import InputError, Settings, Words, load
from anlan.web.install import exchange, home

State = Literal["ok", "warning", "error"]
_LITTLE, _TOO_LITTLE = 2_000_000_000, 200_000_000
# A sealer that works leaves nothing for longer.
_TAIL = dt.timedelta(minutes=1)
_RENEW = dt.timedelta(days=14)
# Files that a message names.
_NAMED = 3
_ZONE = "Asia/Shanghai"


class Finding(NamedTuple):
    """Result of one check: a code for programs, how it is, what there is to say."""

    code: str
    state: State
    words: Words


def look(environ: Mapping[str, str], set_up: Callable[[], None]) -> Iterator[Finding]:
    """All findings. `set_up` loads Django; what depends on a thing that is broken is left out."""
    try:
        settings = load(environ)
    except InputError as error:
        yield from (Finding("settings", "error", problem) for problem in error.problems)
        return
    yield Finding("settings", "ok", Words("设置都能识别", "all settings are understood"))
    yield _zone()
    yield from _calendar(settings)
    folder = list(_home(settings))
    yield from folder
    if any(one.state == "error" for one in folder):
        return
    yield _disk(settings.home)
    try:
        set_up()
    except InputError as error:
        yield from (Finding("settings", "error", problem) for problem in error.problems)
        return
    yield from _parts()
    yield from _certificate(settings.home)
    tables = _tables(settings)
    yield tables
    if tables.state != "error":
        yield _worker()
        yield _journal()
        yield _clock()


def _zone() -> Finding:
    try:
        zoneinfo.ZoneInfo(_ZONE)
    except zoneinfo.ZoneInfoNotFoundError:
        words = Words("没有时区数据：请安装软件包 tzdata", "time zone data are missing: install the package tzdata")
        return Finding("timezone", "error", words)
    now = dt.datetime.now(zoneinfo.ZoneInfo(_ZONE))
    return Finding(
        "timezone",
        "ok",
        Words(
            f"北京时间 {now:%Y-%m-%d %H:%M:%S}，请与钟表核对", f"{now:%Y-%m-%d %H:%M:%S} in {_ZONE}: compare a clock"
        ),
    )


def _calendar(settings: Settings) -> Iterator[Finding]:
    try:
        years = pack.load(settings.pack).calendar.years
    except InputError as error:
        yield from (Finding("pack", "error", problem) for problem in error.problems)
        return
    yield Finding("pack", "ok", Words(f"地区包 {settings.pack} 完好", f"the pack {settings.pack} is sound"))
    this = dt.datetime.now(zoneinfo.ZoneInfo(_ZONE)).year
    missing = [year for year in (this, this + 1) if year not in years]
    if not missing:
        yield Finding("calendar", "ok", Words(f"工作日历到 {max(years)} 年", f"the calendar goes to {max(years)}"))
        return
    names = "、".join(map(str, missing))
    yield Finding(
        "calendar",
        "error" if this in missing else "warning",
        Words(
            f"工作日历没有 {names} 年的节假日安排：国务院办公厅发布后，写入地区包的 calendar.csv，或升级本程序",
            f"the calendar lacks the holidays of {', '.join(map(str, missing))}: once the State Council's notice is "
            "out, put them into the pack's calendar.csv, or upgrade",
        ),
    )


def _home(settings: Settings) -> Iterator[Finding]:
    folder = settings.home
    if not folder.is_dir():
        yield Finding(
            "home",
            "error",
            Words(
                f"没有 {folder}：请检查 ANLAN_HOME，或用 anlan up、anlan init 建立安装",
                f"there is no {folder}: check ANLAN_HOME, or make an installation with anlan up or anlan init",
            ),
        )
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "home",
            "error",
            Words(
                f"不能写入 {folder}：请用服务的账户运行，或改正文件夹的属主",
                f"cannot write to {folder}: run this as the account of the service, or correct the owner",
            ),
        )
        return
    try:
        home.refuse_newer(folder)
    except InputError as error:
        yield from (Finding("version", "error", problem) for problem in error.problems)
        return
    if (folder / exchange.READY).is_dir():
        yield Finding(
            "home",
            "error",
            Words(
                "有一次恢复没有做完：请运行 anlan up 或再次 anlan restore，会自动做完",
                "a restore was cut off: run anlan up, or anlan restore again, and it will be finished",
            ),
        )
        return
    if folder.stat().st_mode & 0o077:
        yield Finding(
            "home",
            "warning",
            Words(
                f"{folder} 对本机其他账户开放：请运行 chmod 700 {folder}",
                f"{folder} is open to other accounts of this machine: run chmod 700 {folder}",
            ),
        )
        return
    if ajar := _ajar(folder):
        # A closed folder keeps others out; a copy of it, or a mode changed later, would not.
        zh, en = "、".join(ajar[:_NAMED]), ", ".join(ajar[:_NAMED])
        more = len(ajar) > _NAMED
        yield Finding(
            "home",
            "warning",
            Words(
                f"{folder} 里的 {zh}{' 等' if more else ''} 对本机其他账户开放：请运行 chmod -R go-rwx {folder}",
                f"{en}{', …' if more else ''} in {folder} can be opened by other accounts of this machine: "
                f"run chmod -R go-rwx {folder}",
            ),
        )
        return
    yield Finding("home", "ok", Words(f"{folder} 可以写入", f"{folder} can be written"))


def _ajar(folder: Path) -> list[str]:
    """Files and folders of a home that other accounts may open: databases, keys, logs, and the folders of the vault."""
    inside = [
        *folder.iterdir(),
        *(folder / "tls").glob("*"),
        *(folder / "logs").glob("*"),
        *(folder / "vault").glob("*"),
    ]
    found = []
    for path in sorted(inside):
        try:
            # What the browser gets from static is no secret.
            if path.name != "static" and not path.is_symlink() and path.stat().st_mode & 0o077:
                found.append(str(path.relative_to(folder)))
        except FileNotFoundError:
            # SQLite removes its side files when the last connection goes.
            continue
    return found


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    state: State = "error" if free < _TOO_LITTLE else "warning" if free < _LITTLE else "ok"
    room = f"{free / 1e9:.1f} GB"
    if state == "ok":
        return Finding("disk", state, Words(f"磁盘剩余 {room}", f"{room} are free on the disk"))
    return Finding(
        "disk",
        state,
        Words(f"磁盘只剩 {room}：请清理或扩容", f"only {room} are free on the disk: clear it, or make it larger"),
    )


def _parts() -> Iterator[Finding]:
    from anlan.foundation.papers import fonts
    from anlan.web import parts

    try:
        fonts.folder()
    except InputError as error:
        yield from (Finding("font", "error", problem) for problem in error.problems)
    else:
        yield Finding("font", "ok", Words("PDF 字体在", "the font for PDF is there"))
    # Those for tests only are no part of an installation.
    names = [name.removeprefix(f"{parts.TARGET}/") for name in parts.targets() if name.startswith(f"{parts.TARGET}/")]
    static = Path(parts.__file__).parent / "static" / "parts"
    missing = [name for name in names if not (static / name).is_file()]
    if missing:
        yield Finding(
            "parts",
            "error",
            Words(
                f"缺少前端组件 {'、'.join(missing[:5])}：请运行 make up，或 python -m anlan.web.parts",
                f"front-end parts are missing ({', '.join(missing[:5])}): run make up, or python -m anlan.web.parts",
            ),
        )
    else:
        yield Finding("parts", "ok", Words("前端组件齐全", "the front-end parts are there"))


def _certificate(folder: Path) -> Iterator[Finding]:
    path = folder / "tls" / "certificate.pem"
    if not path.is_file():
        return
    from cryptography import x509

    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except ValueError:
        words = Words(f"{path} 已损坏：删除后重新启动", f"{path} is damaged: delete it and start again")
        yield Finding("certificate", "error", words)
        return
    if ends - dt.datetime.now(dt.UTC) < _RENEW:
        words = Words(
            f"自签证书到 {ends:%Y-%m-%d} 为止：重新启动即换新的",
            f"the self-signed certificate ends on {ends:%Y-%m-%d}: a restart makes a new one",
        )
        yield Finding("certificate", "warning", words)
    else:
        yield Finding(
            "certificate",
            "ok",
            Words(f"自签证书有效到 {ends:%Y-%m-%d}", f"the self-signed certificate is good until {ends:%Y-%m-%d}"),
        )


def _tables(settings: Settings) -> Finding:
    from django.db import DatabaseError

    from anlan.web.install import stores

    if settings.database_url == "embedded" and not (settings.home / "anlan.db").is_file():
        words = Words(
            f"{settings.home} 里还没有数据库：请运行 anlan up 或 anlan init",
            f"there is no database in {settings.home} yet: run anlan up or anlan init",
        )
        return Finding("database", "error", words)
    try:
        waiting = sorted(name for names in stores.waiting().values() for name in names)
        unknown = stores.unknown()
    except DatabaseError as error:
        text = str(error).strip()
        return Finding(
            "database",
            "error",
            Words(f"数据库不可用：{text}。请检查 DATABASE_URL", f"no database: {text}. Check DATABASE_URL"),
        )
    if unknown:
        return Finding(
            "database",
            "error",
            Words(
                f"数据库由较新的版本写成（{unknown[0]} 等）：请安装较新的版本",
                f"a newer version wrote the database ({unknown[0]}, …): install a newer version",
            ),
        )
    if waiting:
        return Finding(
            "database",
            "error",
            Words(
                f"数据库还须升级（{len(waiting)} 步）：请停止后运行 anlan upgrade",
                f"the database waits for {len(waiting)} steps: stop everything and run anlan upgrade",
            ),
        )
    return Finding(
        "database", "ok", Words(f"数据库与版本 {anlan.__version__} 相符", f"the database fits {anlan.__version__}")
    )


def _worker() -> Finding:
    from anlan.foundation.jobs.queries import worker_seen

    if worker_seen():
        return Finding("worker", "ok", Words("后台程序在运行", "the worker is at work"))
    return Finding(
        "worker",
        "warning",
        Words(
            "三分钟内没有后台程序：请运行 anlan up（或 anlan worker），否则排队的事项和审计日志封存都会停下",
            "no worker for three minutes: run anlan up (or anlan worker), or what is queued and the sealing of the "
            "journal stand still",
        ),
    )


def _journal() -> Finding:
    from django.utils import timezone

    from anlan.foundation.journal.models import Entry

    old = Entry.objects.filter(block__isnull=True, at__lt=timezone.now() - _TAIL).count()
    if old:
        words = Words(
            f"审计日志有 {old} 条一分钟以上没有封存：请确认后台程序在运行",
            f"{old} entries of the journal are unsealed for over a minute: see that the worker runs",
        )
        return Finding("journal", "warning", words)
    return Finding("journal", "ok", Words("审计日志都已封存", "the journal is sealed"))


def _clock() -> Finding:
    from django.utils import timezone

    from anlan.foundation.journal.models import Entry

    last = Entry.objects.order_by("-at").first()
    if last is not None and last.at > timezone.now() + dt.timedelta(minutes=2):
        at = timezone.localtime(last.at)
        words = Words(
            f"时钟慢了：审计日志里有 {at:%Y-%m-%d %H:%M} 的记录，请校准本机时间",
            f"the clock is behind: the journal has an entry of {at:%Y-%m-%d %H:%M}; set the time of this machine",
        )
        return Finding("clock", "error", words)
    return Finding("clock", "ok", Words("时钟不早于最后一条审计日志", "the clock is not behind the journal"))
