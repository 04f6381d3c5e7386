"""`anlan backup FILE`: everything of the installation in one file, also while it runs."""

from __future__ import annotations

import argparse
import os
import sys
import urllib.parse
from pathlib import Path

from anlan.cli.django import setup
from anlan.settings import InputError, Words, load

_WRONG = 2
DUMP = "anlan.dump"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "backup",
        help="备份 / make a backup",
        description="把数据库和文件库备份到一个文件（tar.gz），不必停止运行 / "
        "databases and vault into one file (tar.gz), also while it runs",
    )
    parser.add_argument("file", metavar="FILE", help="备份文件，不能已经存在 / the backup; it must not be there yet")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 if nothing could be backed up."""
    try:
        make(Path(args.file), args.lang)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG
    return 0


def make(target: Path, lang: str) -> None:
    """Makes the backup and says what is in it. Raises InputError if it cannot be made."""
    settings = load(os.environ)
    embedded = settings.database_url == "embedded"
    if embedded and not (settings.home / "anlan.db").is_file():
        raise InputError(
            Words(
                f"{settings.home} 里没有安装：请检查 ANLAN_HOME",
                f"there is no installation in {settings.home}: check ANLAN_HOME",
            )
        )
    setup()
    from anlan.foundation.access.acting import acting
    from anlan.foundation.access.actor import machine
    from anlan.foundation.journal import sealing
    from anlan.web.install import archive

    while sealing.seal() == sealing.LARGEST:
        pass
    head = sealing.head()
    manifest = archive.write(target, settings.home, head, databases=embedded)
    with acting(machine("console"), "installation.backup") as act:
        act.after = {"file": target.name, "files": len(manifest.files), "block": head.number, "hash": head.hash}
    size = target.stat().st_size
    print(
        Words(
            f"已备份到 {target}：{len(manifest.files)} 个文件，{size} 字节",
            f"backed up to {target}: {len(manifest.files)} files, {size} bytes",
        ).speak(lang)
    )
    print(
        Words(
            f"审计日志到第 {head.number} 块为止，校验值 {head.hash}；请另存一处，可用来证明日志没有被改写",
            f"the journal ends with block {head.number}, hash {head.hash}; keep it elsewhere: it can prove that the "
            "journal was not rewritten",
        ).speak(lang)
    )
    if not embedded:
        print(_by_dump(settings.database_url, target).speak(lang))


def _by_dump(url: str, target: Path) -> Words:
    command = dump_command(url)
    return Words(
        f"数据库是 PostgreSQL，上面的文件只有文件库。数据库用它自己的工具备份，而且要先于文件库；还没有的，请先运行\n"
        f"  {command}\n再重新运行 anlan backup（口令放在 PGPASSWORD 或 ~/.pgpass）。两个文件放在一起：{target}、{DUMP}",
        f"the database is PostgreSQL: the file above holds the vault only. The database has a tool of its own, which "
        f"must run before; if it has not, run\n  {command}\nand then anlan backup again (password in PGPASSWORD or "
        f"~/.pgpass). Keep both files together: {target}, {DUMP}",
    )


def dump_command(url: str) -> str:
    """Command that backs the database up; sessions, caches and the like are left out."""
    return f"pg_dump --format=custom --schema=anlan --schema=readings --file={DUMP} '{without_password(url)}'"


def without_password(url: str) -> str:
    """Address of the database as it may be shown."""
    parts = urllib.parse.urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}").geturl()
