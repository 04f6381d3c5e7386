"""`anlan units`: the register of units from a sheet, to a sheet, and on the screen."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anlan.cli.django import setup
from anlan.settings import InputError, Words

if TYPE_CHECKING:
    from anlan.foundation.sheets.staging import Dry

_WRONG = 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "units",
        help="导入、导出、列出单位 / import, export and list units",
        description="导入、导出、列出单位 / import, export and list units",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="import|export|list")
    take = actions.add_parser(
        "import",
        help="从 Excel 或 CSV 导入单位和集合 / take units and groups from an Excel or CSV file",
        description="从 Excel 或 CSV 导入单位和集合；有一处错误就什么也不写。重复导入不产生变化 / "
        "take units and groups from an Excel or CSV file; nothing is written if anything is wrong, and a second "
        "import changes nothing",
    )
    take.add_argument("file", help="文件，如地区包的 organs.csv / file, such as a pack's organs.csv")
    take.add_argument("--dry-run", action="store_true", help="只检查，不写入 / check only, write nothing")
    take.add_argument("--sample", action="store_true", help="标为样例数据 / mark them as sample data")
    take.add_argument("--reason", default="", help="理由，记入审计日志 / reason, for the journal")
    give = actions.add_parser(
        "export",
        help="导出为可改后再导入的 Excel / write an Excel file that can be changed and imported again",
        description="导出为可改后再导入的 Excel / write an Excel file that can be changed and imported again",
    )
    give.add_argument("file", help="写到哪个文件（.xlsx） / file to write (.xlsx)")
    tell = actions.add_parser("list", help="列出单位 / list the units", description="列出单位 / list the units")
    tell.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 2 if settings or file are wrong, else 0."""
    try:
        setup()
        if args.action == "import":
            return _import(args)
        if args.action == "export":
            return _export(args)
        return _list(args)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG


def _import(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.org import unit_sheet
    from anlan.foundation.org.importable import UNITS
    from anlan.foundation.sheets import staging
    from anlan.foundation.sheets.models import RowState

    path = Path(args.file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    if args.dry_run:
        dry = staging.examine(UNITS, data, path.name)
    else:
        dry, _ = staging.take(machine("anlan units import"), UNITS, data, path.name, reason=args.reason)
        if args.sample:
            unit_sheet.sample(line.key.removeprefix("name:") for line in dry.lines)
    for notice in dry.checked.notices:
        print(notice.speak(args.lang), file=sys.stderr)
    _tell(dry, args)
    if dry.faults:
        print("\n".join(fault.speak(args.lang) for fault in dry.faults), file=sys.stderr)
        return _WRONG
    new, changed, same = (dry.count(state) for state in (RowState.NEW, RowState.CHANGED, RowState.UNCHANGED))
    done = Words("将" if args.dry_run else "已", "would be " if args.dry_run else "")
    print(
        Words(
            f"{path.name}：{done.zh}新增 {new}，变更 {changed}；{same} 行无变化",
            f"{path.name}: {new} {done.en}added, {changed} {done.en}changed; {same} rows are as they were",
        ).speak(args.lang)
    )
    return 0


def _tell(dry: Dry, args: argparse.Namespace) -> None:
    """What changes, from the old value to the new."""
    spec = dry.importable.spec
    for line in dry.work:
        name = dry.importable.label(line.full(spec))
        for key in line.changed(spec):
            column = spec.column(key)
            old, new = (column.show((row or {}).get(key), args.lang) for row in (line.before, line.values))
            print(f"{name}  {column.title.speak(args.lang)}: {old} → {new}")


def _export(args: argparse.Namespace) -> int:
    from anlan.foundation.org.importable import UNITS
    from anlan.foundation.sheets import writing

    rows = list(UNITS.current())
    path = Path(args.file)
    if path.suffix.lower() != ".xlsx":
        raise InputError(Words(f"{path.name}：只能写 .xlsx 文件", f"{path.name}: only .xlsx files are written"))
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(writing.book(UNITS.spec, rows, args.lang))
        os.replace(part, path)
    except OSError as error:
        raise _unreadable(path, error) from error
    print(Words(f"{path}：{len(rows)} 行", f"{path}: {len(rows)} rows").speak(args.lang))
    return 0


def _list(args: argparse.Namespace) -> int:
    from anlan.foundation.org.importable import UNITS

    rows: list[dict[str, Any]] = [dict(row) for row in UNITS.current()]
    if args.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        kind = UNITS.spec.column("kind").show(row["kind"], args.lang)
        ended = Words(f"（{row['until']} 停用）", f" (ended {row['until']})").speak(args.lang) if row["until"] else ""
        print(f"{row['code']}\t{row['short']}{ended}\t{kind}\t{row['official']}")
    return 0


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        Words(f"{path}：打不开（{error.strerror}）；请核对路径", f"{path}: {error.strerror}; check the path")
    )
