"""`anlan ledger take`: ledgers into the problem ledger of this installation; a dry run unless --write is given."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from typing import Any

from anlan.cli.django import setup
from anlan.cli.files import WRONG, WrongFileError, complain, read_bytes
from anlan.settings import InputError, Words, load


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the action to `anlan ledger`."""
    parser = actions.add_parser(
        "take",
        help="把台账收入本系统，加 --write 才写入 / take ledgers into this installation; --write to write them",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="台账文件 / ledgers")
    parser.add_argument("--name", default="", help="台账名称，缺省用文件名 / name of the ledger, the file's by default")
    parser.add_argument("--origin", default="", help="来源类别，如 sjdc、sj、zc / kind of source")
    parser.add_argument("--write", action="store_true", help="写入新增和变动 / write what is new or changed")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")


def run(args: argparse.Namespace) -> int:
    """Runs the action: 2 if a file was refused, all others being looked at, else 0."""
    setup()
    status, told = 0, []
    for name in args.files:
        try:
            told.append(_one(args, name))
        except InputError as error:
            print(error.speak(args.lang), file=sys.stderr)
            status = WRONG
        except WrongFileError as error:
            status = complain(error.words, args.lang)
    if args.format == "json":
        print(json.dumps({"files": told}, ensure_ascii=False, indent=2))
    return status


def _one(args: argparse.Namespace, name: str) -> dict[str, Any]:
    from anlan.foundation.access.actor import machine
    from anlan.ledger import intake
    from anlan.ledger.models import Origin

    if args.origin and args.origin not in Origin.values:
        known = "、".join(Origin.values)
        raise InputError(
            Words(f"没有“{args.origin}”这类来源，可用：{known}", f"there is no source {args.origin}; there are {known}")
        )
    actor = machine("anlan ledger take")
    data = read_bytes(name, load(os.environ).max_file_bytes, args.lang)
    made = intake.receive(actor, io.BytesIO(data), os.path.basename(name), ledger=args.name, origin=args.origin)
    try:
        intake.look(made)
    except InputError as error:
        intake.failed(made, error)
        raise
    if args.write and (made.counts["new"] or made.counts["changed"]):
        intake.take(actor, made)
    if args.format == "text":
        _say(args, made.ledger, made.counts, made.report)
    return {"file": name, "ledger": made.ledger, "state": made.state, **made.counts, "doubts": made.report["doubts"]}


def _say(args: argparse.Namespace, ledger: str, counts: dict[str, int], report: dict[str, Any]) -> None:
    said = Words(
        f"{ledger}：读出 {counts['records']} 条，新增 {counts['new']}，变动 {counts['changed']}，"
        f"未变 {counts['same']}，这一版没有 {counts['gone']}",
        f"{ledger}: {counts['records']} read, {counts['new']} new, {counts['changed']} changed, "
        f"{counts['same']} the same, {counts['gone']} missing",
    )
    print(said.speak(args.lang))
    for one in report["doubts"]:
        row = Words(f"第 {one['row']} 行", f"row {one['row']}").speak(args.lang)
        print(f"  {one['sheet'] or ''} {row} {one[args.lang if args.lang == 'en' else 'zh']}")
    if "merged" in counts:
        words = Words(
            f"已收入；自动归并 {counts['merged']} 条，待判断 {counts['likely']} 对",
            f"taken in; {counts['merged']} merged by rule, {counts['likely']} pairs to judge",
        )
    elif counts["new"] or counts["changed"]:
        words = Words("没有写入；加 --write 才收入", "nothing was written; add --write to take it in")
    else:
        words = Words("与上一版一致，不需要收入", "the same as the edition before: nothing to take in")
    print(words.speak(args.lang))
