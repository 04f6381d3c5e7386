"""`anlan plan`: plans and tasks of this installation: receive, list, open questions, settle, issue, breakdown."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anlan.cli import plan_targets
from anlan.cli.django import setup
from anlan.cli.files import STDIN, WRONG, WrongFileError, complain, read_bytes, write_bytes
from anlan.settings import InputError, Words, load

if TYPE_CHECKING:
    from anlan.plan.models import Plan

_FORMS = ("docx", "xlsx", "pdf")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("plan", help="文稿与任务 / plans and tasks of this installation")
    actions = parser.add_subparsers(
        dest="action",
        required=True,
        metavar="receive|list|open|waive|issue|tasks|breakdown|versions|compare|targets|bind|…",
    )
    one = actions.add_parser("receive", help="收入一份文稿 / take a document in as a plan")
    one.add_argument("file", metavar="FILE|-")
    one.add_argument("--year", type=int, help="文稿的年份 / year of the plan")
    one = actions.add_parser("list", help="列出文稿 / list plans")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser("open", help="列出未落实的疑点 / list what is still open")
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser(
        "waive", help="保留全部未落实处，说明理由 / leave all that is open as it is, with a reason"
    )
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument("--reason", required=True, help="理由 / reason")
    one = actions.add_parser("issue", help="下达任务 / hand the tasks out")
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument(
        "--on", type=_day, metavar="YYYY-MM-DD", help="下达日期，缺省为今天 / day of issue, today by default"
    )
    one = actions.add_parser("tasks", help="列出任务 / list tasks")
    one.add_argument("--unit", help="单位简称 / short name of a unit")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser("breakdown", help="任务分解表 / task breakdown")
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument("-o", "--output", required=True, metavar="FILE.docx|xlsx|pdf")
    one = actions.add_parser("versions", help="列出文稿的各版 / list the versions of a plan's document")
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser(
        "compare",
        help="与现行版本逐条比对，不收入 / compare with the version in force; nothing is taken in",
    )
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument("file", metavar="FILE|-")
    one.add_argument("--all", action="store_true", help="未变的也列出 / list what is the same as well")
    one.add_argument("--format", choices=("table", "json"), default="table")

    plan_targets.add(actions)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: YYYY-MM-DD") from None


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


def _plan(key: int) -> Plan:
    from anlan.plan.models import Plan

    found = Plan.objects.filter(pk=key).first()
    if found is None:
        raise InputError(
            Words(f"没有编号为 {key} 的文稿：用 anlan plan list 查看", f"there is no plan {key}: see anlan plan list")
        )
    return found


def _receive(args: argparse.Namespace) -> int:
    import os

    from anlan.foundation.access.actor import machine
    from anlan.plan.actions import receive

    data = read_bytes(args.file, load(os.environ).max_file_bytes, args.lang)
    name = "stdin.txt" if args.file == STDIN else Path(args.file).name
    plan = receive(machine("console"), data, name, year=args.year)
    print(f"{plan.pk}\t{plan.title}")
    return 0


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


def _list(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.plan import queries

    return _rows(
        args,
        [
            {
                "id": plan.pk,
                "title": plan.title,
                "year": plan.year,
                "state": plan.state,
                "measures": getattr(plan, "measures", None) or 0,
                "open": getattr(plan, "open", None) or 0,
                "sample": plan.sample,
            }
            for plan in queries.plans(machine("console"))
        ],
    )


def _open(args: argparse.Namespace) -> int:
    from anlan.plan import queries

    rows = queries.questions(_plan(args.plan)).filter(closed_at__isnull=True)
    return _rows(
        args,
        [
            {"id": row.pk, "kind": row.kind, "measure": str(row.measure), "name": row.duty.name if row.duty else None}
            for row in rows
        ],
    )


def _waive(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.plan import queries
    from anlan.plan.actions import waive

    plan = _plan(args.plan)
    print(waive(machine("console"), plan, queries.questions(plan).filter(closed_at__isnull=True), args.reason))
    return 0


def _issue(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.plan.actions import issue

    print(issue(machine("console"), _plan(args.plan), on=args.on))
    return 0


def _tasks(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.org.models import Unit
    from anlan.plan import queries

    rows = queries.tasks(machine("console"))
    if args.unit:
        unit = Unit.objects.filter(short_name=args.unit).first()
        if unit is None:
            raise InputError(Words(f"没有简称为“{args.unit}”的单位", f"there is no unit of the short name {args.unit}"))
        rows = queries.of_unit(rows, unit.pk)
    found = list(rows)
    lights = queries.lights(found)
    return _rows(
        args,
        [
            {
                "id": task.pk,
                "number": task.number,
                "title": task.title,
                "due": task.due,
                "light": lights[task.pk].colour or None,
                "units": "、".join(str(part.unit) for part in task.duties.all()),
            }
            for task in found
        ],
    )


def _breakdown(args: argparse.Namespace) -> int:
    from django.utils import translation

    from anlan.plan.breakdown import breakdown

    form = Path(args.output).suffix.lstrip(".").lower()
    if form not in _FORMS:
        raise InputError(
            Words(
                f"{args.output}：后缀应为 {'、'.join(_FORMS)}",
                f"{args.output}: the name must end in {', '.join(_FORMS)}",
            )
        )
    with translation.override("en" if args.lang == "en" else "zh-hans"):
        data = breakdown(_plan(args.plan), form)
    write_bytes(args.output, data, STDIN, args.lang)
    return 0


def _versions(args: argparse.Namespace) -> int:
    return _rows(
        args,
        [
            {
                "version": row.number,
                "state": row.state,
                "name": row.name,
                "came_in": row.created_at,
                "measures": row.measures.count(),
                "reason": row.reason or None,
            }
            for row in _plan(args.plan).documents.all()
        ],
    )


def _compare(args: argparse.Namespace) -> int:
    import os

    from anlan.plan import comparing, queries
    from anlan.plan.bodies import bodies, register
    from anlan.plan.compiler.reading import Unreadable
    from anlan.plan.document import compile_document
    from anlan.plan.matching.pairing import Kind, match, relations

    plan = _plan(args.plan)
    data = read_bytes(args.file, load(os.environ).max_file_bytes, args.lang)
    name = "stdin.txt" if args.file == STDIN else Path(args.file).name
    try:
        compiled = compile_document(data, name, year=plan.year, district=register(bodies())).plan
    except Unreadable as reason:
        raise InputError(Words(f"{name}：{reason.zh}", f"{name}: {reason.en}")) from reason
    document = queries.document(plan)
    old, new = comparing.clauses(document, document.measures.all()), comparing.of_compiled(compiled)
    left, right = {one.key: one for one in old}, {one.key: one for one in new}
    rows = []
    for relation in relations(match(old, new), old, new):
        if relation.kind in (Kind.SAME, Kind.RENUMBERED) and not args.all:
            continue
        for edge in relation.edges:
            rows.append(
                {
                    "kind": relation.kind.value,
                    "old": f"{left[edge.old].number} {left[edge.old].title}" if edge.old is not None else None,
                    "new": f"{right[edge.new].number} {right[edge.new].title}" if edge.new is not None else None,
                    "alike": round(edge.score * 100),
                    "doubtful": edge.doubtful,
                }
            )
    return _rows(args, rows)


_RUNS = {
    "receive": _receive,
    "list": _list,
    "open": _open,
    "waive": _waive,
    "issue": _issue,
    "tasks": _tasks,
    "breakdown": _breakdown,
    "versions": _versions,
    "compare": _compare,
    **plan_targets.RUNS,
}
