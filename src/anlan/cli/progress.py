"""`anlan progress`: rounds of reports of this installation: list, open, what is missing, sheets out and in again."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from anlan.cli.django import setup
from anlan.cli.files import WRONG, WrongFileError, complain
from anlan.settings import InputError, Words

if TYPE_CHECKING:
    from pathlib import Path

    from anlan.plan.models import Plan
    from anlan.plan.progress.models import Round
    from anlan.plan.progress.periods import Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("progress", help="进展调度 / rounds of reports of this installation")
    actions = parser.add_subparsers(dest="action", required=True, metavar="rounds|missing|open-round|sheet|take")
    one = actions.add_parser("rounds", help="列出各期调度 / list the rounds")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser("missing", help="列出逾期未报的事项 / list what is overdue and was not sent")
    one.add_argument("--unit", help="单位简称 / short name of a unit")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser("open-round", help="启动调度 / open a round")
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument(
        "--period",
        type=_period,
        metavar="YYYY-MM|YYYY-Qn",
        help="哪一期，缺省为本期 / which period, the current one by default",
    )
    one.add_argument(
        "--due", type=_day, metavar="YYYY-MM-DD", help="报送截止日，缺省按工作日推算 / day reports are due"
    )
    one = actions.add_parser(
        "sheet", help="写出一期的填报表，每个单位一张 / write the workbook of a round, a sheet a unit"
    )
    one.add_argument("round", type=int, metavar="ROUND")
    one.add_argument("-o", "--output", required=True, metavar="FILE.xlsx")
    one.add_argument(
        "--unit", action="append", default=[], help="只要这个单位的（简称，可多次） / only this unit's sheet"
    )
    one = actions.add_parser(
        "take", help="检查收回的填报表，加 --write 才写入 / look at sheets that came back; --write them"
    )
    one.add_argument("file", nargs="+", metavar="FILE")
    one.add_argument("--round", type=int, metavar="ROUND", help="哪一期，缺省看表里的编号 / which round")
    one.add_argument("--write", action="store_true", help="写入没有错误的行 / write the rows that are right")
    one.add_argument("--reason", default="", help="理由，写入时必填 / reason, needed to write")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: YYYY-MM-DD") from None


def _period(text: str) -> tuple[dt.date, str]:
    """First day and rhythm of a period: 2022-09 is a month, 2022-Q3 a quarter."""
    if found := re.fullmatch("([0-9]{4})-(0[1-9]|1[0-2])", text):
        return dt.date(int(found[1]), int(found[2]), 1), "month"
    if found := re.fullmatch("([0-9]{4})-[Qq]([1-4])", text):
        return dt.date(int(found[1]), int(found[2]) * 3 - 2, 1), "quarter"
    raise argparse.ArgumentTypeError(f"{text}: YYYY-MM, YYYY-Q1 … YYYY-Q4")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 for wrong input, everything wrong with it said."""
    try:
        setup()
        return int(_RUNS[args.action](args))
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    except WrongFileError as error:
        return complain(error.words, args.lang)


def _rows(args: argparse.Namespace, rows: list[dict[str, Any]]) -> int:
    """Rows as JSON or as lines of tab-separated values with a head."""
    if args.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return 0
    if rows:
        print("\t".join(rows[0]))
    for row in rows:
        print("\t".join("" if value is None else " ".join(str(value).split()) for value in row.values()))
    return 0


def _rounds(args: argparse.Namespace) -> int:
    from django.utils import translation

    from anlan.foundation.access.actor import machine
    from anlan.plan.progress import queries

    with translation.override("en" if args.lang == "en" else "zh-hans"):
        return _rows(
            args,
            [
                {
                    "id": one.pk,
                    "plan": one.plan_id,
                    "round": str(one),
                    "first": one.first,
                    "last": one.last,
                    "due": one.due_on,
                    **{name: getattr(one, name) for name in ("owing", "sent", "accepted", "late", "missing")},
                }
                for one in queries.rounds(machine("console"))
            ],
        )


def _missing(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.org.models import Unit
    from anlan.plan.progress import queries

    rows = queries.missing(machine("console"))
    if args.unit:
        unit = Unit.objects.filter(short_name=args.unit).first()
        if unit is None:
            raise InputError(Words(f"没有简称为“{args.unit}”的单位", f"there is no unit of the short name {args.unit}"))
        rows = rows.filter(unit=unit)
    return _rows(
        args,
        [
            {
                "round": row.round_id,
                "unit": row.unit.short_name,
                "task": str(row.task),
                "owes": row.owes,
                "due": row.due_on,
            }
            for row in rows
        ],
    )


def _open(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anlan.foundation.access.actor import machine
    from anlan.plan.models import Plan
    from anlan.plan.progress import calling, periods

    plan = Plan.objects.filter(pk=args.plan).first()
    if plan is None:
        raise InputError(
            Words(
                f"没有编号为 {args.plan} 的文稿：用 anlan plan list 查看",
                f"there is no plan {args.plan}: see anlan plan list",
            )
        )
    day, rhythm = args.period or (timezone.localdate(), calling.schedule_of(plan).rhythm)
    span: Span = periods.holding(day, rhythm)
    made = calling.open_round(machine("console"), plan, span.first, span.last, due_on=args.due)
    print(f"{made.pk}\t{_name(plan)}\t{made.due_on}")
    return 0


def _name(plan: Plan) -> str:
    return " ".join(plan.title.split())


def _round(key: int) -> Round:
    from anlan.plan.progress.models import Round

    found = Round.objects.filter(pk=key, void=False).select_related("plan").first()
    if found is None:
        raise InputError(
            Words(
                f"没有编号为 {key} 的一期：用 anlan progress rounds 查看",
                f"there is no round {key}: see anlan progress rounds",
            )
        )
    return found


def _sheet(args: argparse.Namespace) -> int:
    from anlan.cli.files import STDIN, write_bytes
    from anlan.foundation.access.actor import machine
    from anlan.plan.progress import piece_book, piece_rows, piece_taking

    if not args.output.lower().endswith(".xlsx"):
        raise InputError(Words(f"{args.output}：只能写 .xlsx 文件", f"{args.output}: only .xlsx files are written"))
    round_ = _round(args.round)
    rows = [row for row in piece_rows.rows(machine("console"), round_) if not row.owed.excused]
    there = {row.owed.unit.short_name for row in rows}
    if strange := [unit for unit in args.unit if unit not in there]:
        raise InputError(
            *(
                Words(
                    f"“{unit}”在这一期没有应报的事项：请核对简称", f"{unit} owes nothing in this round: check the name"
                )
                for unit in strange
            )
        )
    if args.unit:
        rows = [row for row in rows if row.owed.unit.short_name in args.unit]
    lang = "en" if args.lang == "en" else "zh"
    spec = piece_taking.importable(round_).spec
    write_bytes(args.output, piece_book.book(rows, round_, spec, lang), STDIN, args.lang)
    return 0


def _take(args: argparse.Namespace) -> int:
    from pathlib import Path

    if args.write and len(args.reason.strip()) < 2:
        raise InputError(Words("写入须用 --reason 写明理由", "to write, give a reason with --reason"))
    return max(_take_one(args, Path(name)) for name in args.file)


def _take_one(args: argparse.Namespace, path: Path) -> int:
    import os

    from django.utils import translation

    from anlan.cli.files import read_bytes
    from anlan.foundation.access.actor import machine
    from anlan.foundation.sheets import staging
    from anlan.foundation.sheets.models import RowState
    from anlan.plan.progress import piece_taking
    from anlan.settings import load

    actor, name = machine("console"), path.name
    data = read_bytes(str(path), load(os.environ).max_file_bytes, args.lang)
    with translation.override("en" if args.lang == "en" else "zh-hans"):
        round_ = _round(args.round) if args.round else piece_taking.round_of(data, name)
        sheet = piece_taking.importable(round_)
        if args.write:
            dry, _applied = staging.take(actor, sheet, data, name, reason=args.reason.strip())
        else:
            dry = staging.examine(sheet.seen_by(actor), data, name)
    for words in [*dry.checked.notices, *(Words(one.speak("zh"), one.speak("en")) for one in dry.faults)]:
        print(words.speak(args.lang), file=sys.stderr)
    for line in dry.work:
        for key in line.changed(sheet.spec):
            column = sheet.spec.column(key)
            old, new = (column.show((row or {}).get(key), args.lang) for row in (line.before, line.values))
            print("\t".join([line.sheet, str(line.number), column.title.speak(args.lang), old, new]))
    todo, same, wrong = len(dry.work), dry.count(RowState.UNCHANGED), dry.count(RowState.ERROR)
    done = Words("已写入" if args.write else "可写入", "rows written" if args.write else "rows to be written")
    print(
        Words(
            f"{name}：{done.zh} {todo} 行，有误 {wrong} 行，没有变化 {same} 行",
            f"{name}: {todo} {done.en}, {wrong} wrong, {same} without a change",
        ).speak(args.lang)
    )
    return WRONG if dry.faults else 0


_RUNS = {"rounds": _rounds, "missing": _missing, "open-round": _open, "sheet": _sheet, "take": _take}
