"""`anlan upgrade`: brings the data up to this version, after a backup."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from pathlib import Path

import anlan
from anlan.cli import backup
from anlan.cli.django import setup
from anlan.settings import InputError, Settings, Words, load
from anlan.web.install import exchange, home

_WRONG = 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "upgrade",
        help="升级数据 / bring the data up to this version",
        description="先备份，再把数据升级到本版本；先停止运行 / "
        "make a backup, then bring the data up to this version; stop the installation first",
    )
    parser.add_argument(
        "--backup",
        metavar="FILE",
        help="备份文件，缺省在 ANLAN_HOME/backups / the backup, by default in ANLAN_HOME/backups",
    )
    parser.add_argument(
        "--dumped",
        action="store_true",
        help="PostgreSQL：已用 pg_dump 备份了数据库 / PostgreSQL: the database has been backed up with pg_dump",
    )


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, also if there was nothing to do, or 2 if nothing was done."""
    os.umask(0o077)
    try:
        settings = load(os.environ)
        if not settings.home.is_dir():
            raise InputError(
                Words(
                    f"没有 {settings.home}：请检查 ANLAN_HOME",
                    f"there is no {settings.home}: check ANLAN_HOME",
                )
            )
        with home.held(settings.home, patience_s=0):
            exchange.finish(settings.home)
            home.refuse_newer(settings.home)
            _upgrade(settings, args)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG
    return 0


def _upgrade(settings: Settings, args: argparse.Namespace) -> None:
    folder = settings.home
    setup()
    from django.db import DatabaseError

    from anlan.web.install import stores

    stores.refuse_unknown()
    steps = sum(map(len, stores.waiting().values()))
    if steps:
        if settings.database_url != "embedded" and not args.dumped:
            command = backup.dump_command(settings.database_url)
            raise InputError(
                Words(
                    f"请先备份 PostgreSQL 数据库，再运行 anlan upgrade --dumped：\n  {command}",
                    f"back the PostgreSQL database up first, then run anlan upgrade --dumped:\n  {command}",
                )
            )
        file = _file(folder, args.backup)
        backup.make(file, args.lang)
        try:
            stores.prepare()
        except DatabaseError as error:
            raise InputError(
                Words(
                    f"升级没有做完：{error}。请装回原来的版本，用 anlan restore {file} 恢复，并把这条信息告诉维护者",
                    f"the upgrade stopped: {error}. Install the former version again, restore with anlan restore "
                    f"{file}, and tell the maintainers",
                )
            ) from error
    home.mark(folder)
    words = (
        Words(f"已升级到 {anlan.__version__}（{steps} 步）", f"now at {anlan.__version__} ({steps} steps)")
        if steps
        else Words(f"已经是 {anlan.__version__}，无需升级", f"already at {anlan.__version__}: nothing to do")
    )
    print(words.speak(args.lang))


def _file(folder: Path, wanted: str | None) -> Path:
    if wanted:
        return Path(wanted)
    place = folder / "backups"
    place.mkdir(mode=0o700, exist_ok=True)
    before = home.written_by(folder) or "0"
    return place / f"before-{anlan.__version__}-from-{before}-{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}.tar.gz"
