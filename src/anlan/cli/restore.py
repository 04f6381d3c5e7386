"""`anlan restore FILE`: an installation out of a backup, checked before it takes the place of what is there."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import anlan
from anlan.cli.backup import DUMP, without_password
from anlan.cli.django import setup
from anlan.settings import InputError, Settings, Words, load
from anlan.web.install import archive, exchange, home

_WRONG = 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "restore",
        help="从备份恢复 / restore a backup",
        description="从备份恢复；先停止运行。原有的数据不删除，移到 before-restore-… 文件夹 / "
        "restore a backup; stop the installation first. What was there is moved to a folder before-restore-…",
    )
    parser.add_argument("file", metavar="FILE", help="anlan backup 写的文件 / file that anlan backup wrote")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 if nothing was restored."""
    os.umask(0o077)
    try:
        settings = load(os.environ)
        with home.held(settings.home, patience_s=0):
            kept = _restore(Path(args.file), settings, args.lang)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG
    except OSError as error:
        print(archive.unwritten(settings.home, error).speak(args.lang), file=sys.stderr)
        return _WRONG
    if kept is not None:
        print(Words(f"原有的数据在 {kept}", f"what was there before is in {kept}").speak(args.lang))
    return 0


def _restore(source: Path, settings: Settings, lang: str) -> Path | None:
    # One that was cut off comes first, or its files would be taken for the old ones.
    exchange.finish(settings.home)
    folder = exchange.begin(settings.home)
    try:
        manifest = archive.unpack(source, folder)
        _fits(manifest, settings, source)
        said = _check(manifest, settings, folder, source)
        home.mark(folder)
    except BaseException:
        # Whatever stops it, nothing of it stays.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    folder.replace(settings.home / exchange.READY)
    kept = exchange.finish(settings.home)
    print(said.speak(lang))
    return kept


def _fits(manifest: archive.Manifest, settings: Settings, source: Path) -> None:
    if home.number(manifest.version) > home.number(anlan.__version__):
        raise InputError(
            Words(
                f"{source} 由较新的版本 {manifest.version} 写成：请用该版本恢复",
                f"{source} was written by the newer version {manifest.version}: restore it with that one",
            )
        )
    store = "embedded" if settings.database_url == "embedded" else "postgresql"
    if manifest.store != store:
        raise InputError(
            Words(
                f"{source} 是 {manifest.store} 数据库的备份，DATABASE_URL 现为 {store}：请改为相同的",
                f"{source} is of a {manifest.store} database and DATABASE_URL means {store}: make them the same",
            )
        )


def _check(manifest: archive.Manifest, settings: Settings, folder: Path, source: Path) -> Words:
    """Brings the tables up to this version and checks the journal, still aside; what there is to say at the end."""
    embedded = manifest.store == "embedded"
    if embedded:
        os.environ["ANLAN_HOME"] = str(folder)
    setup()
    from django.db import DatabaseError, connections

    from anlan.foundation.journal import sealing
    from anlan.web.install import stores

    try:
        _refuse_empty(settings, source, embedded=embedded)
        stores.refuse_unknown()
        stores.prepare()
        report = sealing.verify(sealing.Head(manifest.head_number, manifest.head_hash))
    except DatabaseError as error:
        if "full" in str(error) or "disk I/O" in str(error):
            raise InputError(archive.unwritten(folder, error)) from error
        raise InputError(
            Words(f"{source} 中的数据库不能用：{error}", f"the database in {source} is of no use: {error}")
        ) from error
    finally:
        connections.close_all()
    # The dump of PostgreSQL is made before the vault is read, and work may have gone on between the two.
    is_earlier = not embedded and not report.faults and report.head.number < manifest.head_number
    if not report.is_sound and not is_earlier:
        raise InputError(
            Words(
                f"{source} 中的审计日志不完整或被改写：{len(report.faults)} 处（第一处在第 "
                f"{report.faults[0].block if report.faults else manifest.head_number} 块）。没有恢复任何东西",
                f"the journal in {source} is incomplete or was rewritten: {len(report.faults)} faults, the first in "
                f"block {report.faults[0].block if report.faults else manifest.head_number}. Nothing was restored",
            )
        )
    said = Words(
        f"已恢复 {manifest.made_at} 的备份：{len(manifest.files)} 个文件校验无误，审计日志 {report.entries} 条、"
        f"{report.blocks} 块完整",
        f"restored the backup of {manifest.made_at}: {len(manifest.files)} files are as they were, the journal is "
        f"whole ({report.entries} entries in {report.blocks} blocks)",
    )
    if not is_earlier:
        return said
    return Words(
        f"{said.zh}。数据库早于文件库：日志到第 {report.head.number} 块，备份文件记到第 {manifest.head_number} 块，"
        "其间的操作不在恢复的数据里",
        f"{said.en}. The database is earlier than the vault: its journal ends with block {report.head.number}, the "
        f"backup names block {manifest.head_number}; what was done between the two is not in it",
    )


def _refuse_empty(settings: Settings, source: Path, *, embedded: bool) -> None:
    """Raises InputError unless the database holds an installation: an empty one would pass every other check."""
    from django.db import connection

    if "journal_entry" not in connection.introspection.table_names():
        if embedded:
            raise InputError(
                Words(
                    f"{source} 中的数据库是空的：没有恢复任何东西",
                    f"the database in {source} is empty: nothing was restored",
                )
            )
        command = f"pg_restore --no-owner --dbname='{without_password(settings.database_url)}' {DUMP}"
        raise InputError(
            Words(
                f"请先用 PostgreSQL 的工具恢复数据库，再重新运行：\n  {command}",
                f"restore the database with PostgreSQL's own tool first, then run this again:\n  {command}",
            )
        )
