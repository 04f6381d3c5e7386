"""`anlan journal`: verify the chain of the journal, tell its head, export it for an auditor."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from anlan.cli.django import setup
from anlan.settings import InputError, Words

if TYPE_CHECKING:
    from anlan.foundation.journal.sealing import Breach, Report

_WRONG = 2
_STDOUT = "-"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "journal",
        help="校验、导出审计记录 / verify and export the journal",
        description="校验、导出审计记录 / verify and export the journal",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="verify|head|export")
    verify = actions.add_parser(
        "verify",
        help="逐块重算校验值，指出第一处断裂 / recompute the chain and name what breaks it",
        description="逐块重算校验值；不完好时返回 1 / recompute the chain; status 1 if it is broken",
    )
    verify.add_argument(
        "--anchor",
        metavar="N:HASH",
        help="以前留存在外的锚点，还须在链上 / a head that was written down elsewhere and must still be in the chain",
    )
    verify.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")
    actions.add_parser(
        "head",
        help="现在的锚点，请另存一处 / the head of now, to be kept elsewhere",
        description="现在的锚点 / the head of now",
    )
    export = actions.add_parser(
        "export",
        help="交审计用：锚点在前，每行一条 JSON / for an auditor: the head, then a line of JSON for each entry",
        description="导出全部审计记录；导出本身也记一条 / export the journal; the export is an entry of its own",
    )
    export.add_argument("file", metavar="FILE", help="写入的文件；- 为标准输出 / file to write; - is standard output")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, 1 for a broken journal, 2 for wrong input or a file that cannot be written."""
    action: Callable[[argparse.Namespace], int] = {"verify": _verify, "head": _head, "export": _export}[args.action]
    try:
        setup()
        return action(args)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG


def _head(args: argparse.Namespace) -> int:
    from anlan.foundation.journal import sealing

    last = sealing.head()
    print(f"{last.number}:{last.hash}")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.journal import actions, sealing

    anchor = None if args.anchor is None else sealing.anchor(args.anchor)
    report = actions.verify(machine("anlan journal"), anchor)
    if args.format == "json":
        print(json.dumps({"sound": report.is_sound, **dataclasses.asdict(report)}, ensure_ascii=False, indent=2))
    else:
        _tell(report, args.lang)
    return 0 if report.is_sound else 1


def _tell(report: Report, lang: str) -> None:
    verdict = Words("完好", "sound") if report.is_sound else Words("不完好", "broken")
    said = [
        Words(
            f"{verdict.zh}：已核对 {report.blocks} 块、{report.entries} 条；尚未封存 {report.unsealed} 条",
            f"{verdict.en}: {report.blocks} blocks, {report.entries} entries; {report.unsealed} not sealed yet",
        )
    ]
    if report.unsealed:
        wait = f"{report.oldest_unsealed_seconds:.0f}"
        said.append(
            Words(f"最早一条未封存的已等待 {wait} 秒", f"the oldest that is not sealed has waited for {wait} s")
        )
    if report.anchor_holds is not None:
        said.append(
            Words("锚点仍在链上", "the anchor is in the chain")
            if report.anchor_holds
            else Words(
                "锚点不在链上：锚点之前的记录被重写过",
                "the anchor is not in the chain: what was before it has been rewritten",
            )
        )
    said += [_fault(fault) for fault in report.faults]
    said.append(
        Words(
            f"现在的锚点：{report.head.number}:{report.head.hash}",
            f"head of now: {report.head.number}:{report.head.hash}",
        )
    )
    for words in said:
        print(words.speak(lang))


def _fault(fault: Breach) -> Words:
    """Breach in words, with both hashes and the entries that broke the block."""
    number, stored, computed = fault.block, fault.stored, fault.computed
    words = {
        "missing": Words(f"缺第 {stored} 块", f"block {stored} is missing"),
        "link": Words(
            f"第 {number} 块与前一块接不上：存的是 {stored}，前一块是 {computed}",
            f"block {number} does not follow the one before: it names {stored}, that one has {computed}",
        ),
        "count": Words(
            f"第 {number} 块应有 {stored} 条，实有 {computed} 条",
            f"block {number} was sealed with {stored} entries and has {computed}",
        ),
        "hash": Words(
            f"第 {number} 块的内容被改动过：存的是 {stored}，算出 {computed}",
            f"what block {number} holds was changed: stored {stored}, computed {computed}",
        ),
    }[fault.kind]
    if not fault.entries:
        return words
    keys = list(map(str, fault.entries))
    return Words(f"{words.zh}；涉及记录 {'、'.join(keys)}", f"{words.en}; entries {', '.join(keys)}")


def _export(args: argparse.Namespace) -> int:
    if args.file == _STDOUT:
        for line in _lines():
            print(line)
        return 0
    # Under its name only once it is whole.
    target = Path(args.file)
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for line in _lines():
                file.write(f"{line}\n")
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            Words(f"无法写入 {target}：{error.strerror}", f"cannot write {target}: {error.strerror}")
        ) from error
    return 0


def _lines() -> Iterator[str]:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.journal import actions, sealing

    lines = actions.export(machine("anlan journal"))
    # Also where no worker runs, the head covers all of it, the entry of this export as well.
    sealing.seal_all()
    yield from lines
