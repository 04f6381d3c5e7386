"""`anlan journal`: verify the chain of the journal, tell its head, export it for an auditor."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from anlan.cli.django import setup
from anlan.cli.files import WRONG
from anlan.settings import InputError, Words


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("journal", help="审计记录 / the journal")
    actions = parser.add_subparsers(dest="action", required=True, metavar="verify|head|export")
    one = actions.add_parser("verify", help="校验；有断裂时返回 1 / verify; status 1 if it is broken")
    one.add_argument("--anchor", metavar="N:HASH", help="留存在外的锚点 / head that was written down elsewhere")
    one.add_argument("--format", choices=("text", "json"), default="text")
    actions.add_parser("head", help="现在的锚点 / the head of now")
    actions.add_parser("export", help="逐行 JSON，写到标准输出 / lines of JSON on standard output")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, 1 for a broken journal, 2 for wrong input."""
    try:
        setup()
        from anlan.foundation.journal import sealing

        if args.action == "head":
            last = sealing.head()
            print(f"{last.number}:{last.hash}")
            return 0
        if args.action == "export":
            for line in sealing.export():
                print(line)
            return 0
        return _verify(args)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG


def _verify(args: argparse.Namespace) -> int:
    from anlan.foundation.journal.sealing import Head, verify

    anchor = None
    if args.anchor is not None:
        number, _, digest = args.anchor.partition(":")
        if not number.isdecimal() or len(digest) != 64:
            raise InputError(
                Words(
                    f"--anchor {args.anchor}：应为 区块号:64 位校验值，见 anlan journal head",
                    f"--anchor {args.anchor}: must be NUMBER:64 hex digits; see anlan journal head",
                )
            )
        anchor = Head(int(number), digest.lower())
    report = verify(anchor)
    if args.format == "json":
        print(json.dumps({"sound": report.is_sound, **dataclasses.asdict(report)}, ensure_ascii=False, indent=2))
        return 0 if report.is_sound else 1
    verdict = Words("完好", "sound") if report.is_sound else Words("不完好", "broken")
    print(
        Words(
            f"{verdict.zh}：{report.blocks} 块、{report.entries} 条；尚未封存 {report.unsealed} 条",
            f"{verdict.en}: {report.blocks} blocks, {report.entries} entries; {report.unsealed} not sealed yet",
        ).speak(args.lang)
    )
    if report.anchor_holds is False:
        print(Words("锚点不在链上：链被重写过", "the anchor is not in the chain: it was rewritten").speak(args.lang))
    for fault in report.faults:
        print(f"{fault.kind}\t{fault.block}\t{fault.stored}\t{fault.computed}")
    return 0 if report.is_sound else 1
