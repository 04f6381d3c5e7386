"""`anlan registers`: ledgers declared by specs: list, show, check, import, export."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from anlan.cli.files import WRONG, WrongFileError, complain
from anlan.settings import InputError, Words, load


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("registers", help="台账：列出、查看、检查、导入、导出 / registers declared by specs")
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|check|import|export")
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


_RUNS = {"list": _list, "show": _show, "check": _check}
