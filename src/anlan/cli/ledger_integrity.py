"""`anlan ledger integrity`: what speaks against rectifications that are called done, and whom to visit again."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from anlan.cli.files import WRONG, WrongFileError, complain, read_bytes
from anlan.settings import InputError, Words, load

if TYPE_CHECKING:
    from anlan.ledger.integrity import Case, Findings


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the action to `anlan ledger`."""
    parser = actions.add_parser(
        "integrity",
        help="列出整改完成情况的疑点，或抽取复查名单 / list what speaks against rectifications, or draw re-checks",
    )
    parser.add_argument("file", metavar="FILE|-", nargs="?", help="案卷 JSON，或 - 表示标准输入 / cases as JSON, or -")
    parser.add_argument(
        "--problem",
        action="append",
        default=[],
        metavar="ID",
        help="只看这个问题（可重复） / only this problem (repeatable)",
    )
    parser.add_argument("--all", action="store_true", help="本系统的全部问题 / all problems of this installation")
    parser.add_argument("--schema", action="store_true", help="输出案卷的 JSON 结构 / print the JSON schema of cases")
    parser.add_argument("--rules", action="store_true", help="列出全部疑点规则 / list the rules of all signs")
    parser.add_argument(
        "--draw", type=int, metavar="N", help="按疑点加权抽取 N 个复查 / draw N re-checks, weighted by signs"
    )
    parser.add_argument(
        "--sealed", metavar="SHA256", help="抽取前登记的名单校验值 / hash of the list as sealed before the draw"
    )
    parser.add_argument("--seed", default="", metavar="TEXT", help="公开的随机种子 / the seed as made known")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")


def run(args: argparse.Namespace) -> int:
    """Runs the action: 0 also where there are signs, for they are questions; 2 for wrong input."""
    from anlan.ledger.integrity import Examination, draw, read, schema, sealed, weights

    if args.schema:
        return _print(schema())
    if args.rules:
        return _rules(args)
    if args.all == bool(args.file):
        return complain(
            Words(
                "请给出案卷文件（JSON）或 --all，二者选一；结构见 --schema",
                "name a file of cases (JSON) or --all, one of both; see --schema",
            ),
            args.lang,
        )
    try:
        cases = _stored() if args.all else read(read_bytes(args.file, load(os.environ).max_file_bytes, args.lang))
        _known(args.problem, {case.id for case in cases})
        examination = Examination(cases)
        if args.draw is None:
            wanted = [case for case in cases if not args.problem or case.id in args.problem]
            return _tell([examination.of(case) for case in wanted], args)
        closed = [case for case in cases if case.when("closed")]
        listed = weights({case.id: [sign.rule.weight for sign in examination.of(case).open] for case in closed})
        if args.sealed is None:
            return _seal(listed, sealed(listed), args)
        drawn = draw(listed, args.seed, args.draw, list_sha256=args.sealed)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    except WrongFileError as error:
        return complain(error.words, args.lang)
    if args.format == "json":
        return _print(drawn.plain())
    for number, one in enumerate(drawn.drawn, 1):
        print(
            Words(f"{number}. {one.id}（权重 {one.weight}）", f"{number}. {one.id} (weight {one.weight})").speak(
                args.lang
            )
        )
    return 0


def _stored() -> tuple[Case, ...]:
    """Cases of this installation."""
    from anlan.cli.django import setup

    setup()
    from anlan.ledger import casebook
    from anlan.ledger.models import Problem

    return casebook.cases(Problem.objects.filter(joined_into=None))


def _known(wanted: Sequence[str], ids: set[str]) -> None:
    missing = [one for one in wanted if one not in ids]
    if missing:
        raise InputError(
            *(Words(f"案卷里没有问题“{one}”", f"there is no problem “{one}” in the file") for one in missing)
        )


def _print(value: object) -> int:
    print(json.dumps(value, ensure_ascii=False, indent=1))
    return 0


def _rules(args: argparse.Namespace) -> int:
    from anlan.ledger.integrity import table

    rules = table().rules.values()
    if args.format == "json":
        return _print(
            [
                {
                    "id": one.id,
                    "of": one.of or None,
                    "weight": one.weight,
                    **{
                        name: words._asdict()
                        for name, words in (("title", one.title), ("rule", one.rule), ("question", one.ask))
                    },
                }
                for one in rules
            ]
        )
    for one in rules:
        print(f"{one.id} [{one.weight}] {one.title.speak(args.lang)}")
        print(f"    {one.rule.speak(args.lang)}")
    return 0


def _seal(listed: dict[str, int], digest: str, args: argparse.Namespace) -> int:
    if args.format == "json":
        return _print({"list_sha256": digest, "list": sorted(listed.items())})
    print(
        Words(
            f"名单 {len(listed)} 个，校验值 {digest}\n请先登记并公布校验值，再用事先约定的种子抽取："
            f"--draw {args.draw} --sealed {digest} --seed …",
            f"{len(listed)} closures, hash {digest}\nrecord and publish it first, then draw with the seed agreed "
            f"upon: --draw {args.draw} --sealed {digest} --seed …",
        ).speak(args.lang)
    )
    return 0


def _tell(found: list[Findings], args: argparse.Namespace) -> int:
    lang = args.lang
    if args.format == "json":
        return _print({"problems": [one.plain() for one in found]})
    for one in found:
        print(f"{one.case.id} {one.case.title}".strip())
        if not one.signs:
            print("  " + Words("没有看到疑点", "no signs were seen").speak(lang))
        for sign in one.signs:
            print(
                f"  {sign.rule.id} {sign.rule.title.speak(lang)}"
                + Words(f"（权重 {sign.rule.weight}）", f" (weight {sign.rule.weight})").speak(lang)
            )
            for words in sign.seen:
                print(f"     {words.speak(lang)}")
            if sign.answer:
                print(
                    "     "
                    + Words(
                        f"已答复：{sign.answer.text}（{sign.answer.by}）",
                        f"answered: {sign.answer.text} ({sign.answer.by})",
                    ).speak(lang)
                )
            else:
                print("     " + Words(f"请核实：{sign.rule.ask.zh}", f"question: {sign.rule.ask.en}").speak(lang))
        for gap in one.unchecked:
            print(
                "  "
                + Words(
                    f"未核查 {'、'.join(gap.signs)}：{gap.why.zh}", f"not checked {', '.join(gap.signs)}: {gap.why.en}"
                ).speak(lang)
            )
    print(Words("疑点只是向人提出的问题，不是结论。", "Signs are questions to a person and no verdict.").speak(lang))
    return 0
