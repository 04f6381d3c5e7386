"""`anlan registers`: ledgers declared by specs: list, show, check, import, export."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anlan.cli.django import setup
from anlan.cli.files import WRONG, WrongFileError, complain
from anlan.settings import InputError, Words, load

if TYPE_CHECKING:
    from anlan.registers.book import Installed


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("registers", help="台账：列出、查看、检查、导入、导出 / registers declared by specs")
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="list|show|check|install|import|export|rebuild"
    )
    one = actions.add_parser("list", help="列出台账和各自的字段 / list the registers and their fields")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser("show", help="查看一本台账的声明 / show what a register is declared to be")
    one.add_argument("register", metavar="REGISTER")
    one.add_argument("--format", choices=("text", "json"), default="text")
    one = actions.add_parser(
        "check", help="检查台账声明，逐条试算检查规则 / check specs, and every check on its two example rows"
    )
    one.add_argument("files", nargs="*", metavar="FILE", help="另外的声明文件 / further spec files")
    one.add_argument("--format", choices=("text", "json"), default="text")
    one = actions.add_parser("install", help="把地区包里的声明装进本系统 / put the specs of the pack in force here")
    one = actions.add_parser("import", help="从 Excel 或 CSV 导入 / take rows in from an Excel or CSV file")
    one.add_argument("register", metavar="REGISTER")
    one.add_argument("file", metavar="FILE")
    one.add_argument("--dry-run", action="store_true", help="只检查，不写入 / check only, write nothing")
    one.add_argument("--reason", default="", help="理由，留在历史里 / reason, kept in the history")
    one = actions.add_parser("export", help="导出为可改后再导入的 Excel / write an Excel file that can come back")
    one.add_argument("register", metavar="REGISTER")
    one.add_argument("file", metavar="FILE.xlsx|json|geojson")
    one = actions.add_parser("rebuild", help="由历史重建查询表 / build the tables of lists anew from the revisions")
    one.add_argument("register", metavar="REGISTER")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 for wrong input, everything wrong with it said."""
    try:
        return int(_RUNS[args.action](args))
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    except WrongFileError as error:
        return complain(error.words, args.lang)


def _pack() -> Path:
    from anlan import packs

    return packs.find(load(os.environ).pack)


def _check(args: argparse.Namespace) -> int:
    from anlan.registers import sources

    found = sources.gather(_pack(), [Path(name) for name in args.files])
    if args.format == "json":
        told = [{"register": "", "grave": True, **_both(words)} for words in found.unreadable]
        told += [{"register": one.register, "grave": one.grave, **_both(one.words)} for one in found.problems]
        print(json.dumps({"registers": len(found.sources), "problems": told}, ensure_ascii=False, indent=2))
    else:
        for words in found.grave:
            print(words.speak(args.lang), file=sys.stderr)
        for one in found.problems:
            if not one.grave:
                print(Words(f"提示 {one.words.zh}", f"note: {one.words.en}").speak(args.lang))
        checks = sum(len(one.spec.checks) for one in found.sources.values())
        done = Words(
            f"{len(found.sources)} 本台账，{checks} 条检查，{len(found.grave)} 处错误",
            f"{len(found.sources)} registers, {checks} checks, {len(found.grave)} errors",
        )
        print(done.speak(args.lang))
    return WRONG if found.grave else 0


def _both(words: Words) -> dict[str, Any]:
    return {"message": {"zh": words.zh, "en": words.en}}


def _list(args: argparse.Namespace) -> int:
    from anlan.registers import sources
    from anlan.registers.spec.output import described

    found = sources.gather(_pack()).usable
    if args.format == "json":
        told = {
            "registers": [described(one.spec) for one in found.values()],
            "elsewhere": sources.elsewhere(),
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    for id, one in found.items():
        rows = " ".join(one.spec.seed_rows)
        print(f"{id}\t{one.spec.title.speak(args.lang)}\t{rows}\t{len(one.spec.fields)}\t{one.origin}")
    return 0


def _show(args: argparse.Namespace) -> int:
    from anlan.registers import sources
    from anlan.registers.spec.output import described, told

    found = sources.gather(_pack()).usable
    if args.register not in found:
        near = "、".join(found)
        raise InputError(
            Words(f"没有台账 {args.register}；有：{near}", f"there is no register {args.register}; there are: {near}")
        )
    spec = found[args.register].spec
    if args.format == "json":
        print(json.dumps(described(spec, whole=True), ensure_ascii=False, indent=2))
    else:
        print(told(spec, args.lang))
    return 0


def _installed(code: str) -> Installed:
    from anlan.registers.book import book

    registers = book()
    if code not in registers:
        there = "、".join(registers) or "—"
        raise InputError(
            Words(
                f"本系统没有台账 {code}；有：{there}。新的声明用 anlan registers install 装进来",
                f"there is no register {code} here; there are: {there}. Use anlan registers install for a new spec",
            )
        )
    return registers[code]


def _install(args: argparse.Namespace) -> int:
    setup()
    from anlan.foundation.access.actor import machine
    from anlan.registers.installing import bring, report_of

    done = bring(machine("console"), _pack())
    for code in done.new:
        print(Words(f"{code}：已安装", f"{code}: installed").speak(args.lang))
    for code in done.changed:
        report = report_of(_installed(code).register)
        told = Words(
            f"{code}：已更新到新版，{len(report)} 处旧记录不再适用",
            f"{code}: a new version is in force; {len(report)} places of old rows do not fit it",
        )
        print(told.speak(args.lang))
        for one in report:
            print(f"  {one['label']}\t{one['problem'][args.lang]}")
    for code in done.retired:
        print(
            Words(f"{code}：声明已移走，记录只读", f"{code}: its spec is gone, its rows are only read").speak(args.lang)
        )
    for words in done.problems:
        print(words.speak(args.lang), file=sys.stderr)
    if not (done.new or done.changed or done.retired or done.problems):
        print(Words("没有变化", "nothing to change").speak(args.lang))
    return WRONG if done.problems else 0


def _import(args: argparse.Namespace) -> int:
    setup()
    from anlan.cli.files import read_bytes
    from anlan.foundation.access.actor import machine
    from anlan.foundation.sheets import staging
    from anlan.foundation.sheets.models import RowState
    from anlan.foundation.sheets.registry import importable

    installed = _installed(args.register)
    data = read_bytes(args.file, load(os.environ).max_file_bytes, args.lang)
    sheet, actor = importable(f"register-{installed.code}"), machine("console")
    name = Path(args.file).name
    if args.dry_run:
        dry = staging.examine(sheet.seen_by(actor), data, name)
        if dry.faults:
            raise InputError(*(Words(one.speak("zh"), one.speak("en")) for one in dry.faults))
    else:
        dry, _applied = staging.take(actor, sheet, data, name, reason=args.reason)
    for notice in dry.checked.notices:
        print(notice.speak(args.lang))
    new, changed, same = (dry.count(s) for s in (RowState.NEW, RowState.CHANGED, RowState.UNCHANGED))
    done = Words(
        f"{'检查通过，没有写入' if args.dry_run else '已写入'}：新增 {new}，变更 {changed}，无变化 {same}",
        f"{'nothing wrong, nothing written' if args.dry_run else 'written'}: {new} new, {changed} changed, "
        f"{same} unchanged",
    )
    print(done.speak(args.lang))
    return 0


def _export(args: argparse.Namespace) -> int:
    setup()
    from anlan.cli.files import STDIN, write_bytes
    from anlan.foundation.access.actor import machine
    from anlan.foundation.sheets import writing
    from anlan.foundation.sheets.registry import importable
    from anlan.registers import geo, queries, reading
    from anlan.registers.models import Row
    from anlan.registers.naming import Naming

    installed, actor = _installed(args.register), machine("console")
    form = Path(args.file).suffix.lower()
    if form == ".xlsx":
        sheet = importable(f"register-{installed.code}").seen_by(actor)
        data = writing.book(sheet.spec, sheet.current(), args.lang)
    elif form == ".json":
        rows = list(Row.objects.filter(register=installed.register, deleted=False).order_by("pk"))
        kept, naming = reading.latest(row.pk for row in rows), Naming()
        told = [
            {"id": row.pk, "state": row.state, "values": queries.as_json(installed, kept[row.pk], naming)}
            for row in rows
        ]
        data = json.dumps(told, ensure_ascii=False, indent=1).encode()
    elif form == ".geojson" and installed.spec.map is not None:
        data = "".join(geo.collection(installed, installed.rows, args.lang)).encode()
    else:
        raise InputError(
            Words(
                f"{args.file}：只能写 .xlsx、.json，有坐标的还可写 .geojson", f"{args.file}: .xlsx, .json or .geojson"
            )
        )
    write_bytes(args.file, data, STDIN, args.lang)
    return 0


def _rebuild(args: argparse.Namespace) -> int:
    setup()
    from anlan.foundation.access.actor import machine
    from anlan.registers.actions import rebuild

    count = rebuild(machine("console"), _installed(args.register))
    print(Words(f"{args.register}：{count} 条", f"{args.register}: {count} rows").speak(args.lang))
    return 0


_RUNS = {
    "list": _list,
    "show": _show,
    "check": _check,
    "install": _install,
    "import": _import,
    "export": _export,
    "rebuild": _rebuild,
}
