"""`anlan plan targets|proposals|bind|unbind|refuse`: what counts the targets of a plan."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from anlan.settings import InputError, Words

if TYPE_CHECKING:
    from anlan.plan.models import Plan, Target, Task


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the actions to `anlan plan`."""
    one = actions.add_parser("targets", help="列出目标：单位报告、台账数、差异 / list targets: reported, counted, gap")
    one.add_argument("plan", type=int, metavar="PLAN")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser("proposals", help="列出可以绑定的指标 / list indicators that could count a target")
    one.add_argument("target", type=int, metavar="TARGET")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = actions.add_parser("bind", help="绑定台账指标 / count a target by an indicator")
    one.add_argument("target", type=int, metavar="TARGET")
    one.add_argument("indicator", metavar="REGISTER.INDICATOR")
    one.add_argument(
        "--by", action="append", default=[], type=_pair, metavar="FIELD=VALUE", help="只计这些记录 / only these rows"
    )
    one.add_argument(
        "--period", default="", metavar="latest|YYYY", help="取哪一期，缺省为全部 / which period, all by default"
    )
    one.add_argument("--water", action="store_true", help="按 1 吨 = 1 立方米换算 / take 1 t for 1 m3")
    one.add_argument("--reason", default="", help="说明 / why")
    one = actions.add_parser("unbind", help="解除绑定 / take a target off its indicator")
    one.add_argument("target", type=int, metavar="TARGET")
    one.add_argument("--reason", required=True, help="理由 / why")
    one = actions.add_parser("refuse", help="排除建议的指标 / refuse a proposed indicator")
    one.add_argument("target", type=int, metavar="TARGET")
    one.add_argument("indicator", metavar="REGISTER.INDICATOR")
    one.add_argument("--reason", default="", help="理由 / why")


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not (field and equals and value):
        raise argparse.ArgumentTypeError(f"{text}: FIELD=VALUE")
    return field, value


def _rows(args: argparse.Namespace, rows: list[dict[str, Any]]) -> int:
    if args.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return 0
    if rows:
        print("\t".join(rows[0]))
    for row in rows:
        print("\t".join("" if value is None else " ".join(str(value).split()) for value in row.values()))
    return 0


def _plan(key: int) -> Plan:
    from anlan.foundation.access.actor import machine
    from anlan.plan.binding import queries

    found = next((one for one in queries.reading(machine("console")) if one.pk == key), None)
    if found is None:
        raise InputError(
            Words(
                f"没有编号为 {key} 的已下达文稿，或它没有目标：用 anlan plan list 查看",
                f"there is no issued plan {key} with targets: see anlan plan list",
            )
        )
    return found


def _target(key: int) -> tuple[Target, Task]:
    from anlan.plan.models import Target, Task

    target = Target.objects.select_related("measure").filter(pk=key).first()
    task = Task.objects.filter(measure=target.measure_id, void=False, parent__isnull=True).first() if target else None
    if target is None or task is None:
        raise InputError(
            Words(
                f"没有编号为 {key} 的目标：用 anlan plan targets 文稿编号 查看",
                f"there is no target {key}: see anlan plan targets PLAN",
            )
        )
    return target, task


def _targets(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.plan.binding import queries
    from anlan.plan.binding.api import line_of

    found = [line_of(one) for one in queries.lines(machine("console"), _plan(args.plan))]
    if args.format == "json":
        return _rows(args, [one.model_dump() for one in found])
    return _rows(
        args,
        [
            {
                "id": one.target,
                "number": one.number,
                "target": one.text,
                "unit": one.unit,
                "reported": one.reported,
                "counted": one.bound.value if one.bound else None,
                "gap": one.gap,
                "percent": one.bound.percent if one.bound else None,
                "indicator": one.bound.indicator if one.bound else None,
                "rows": one.bound.rows if one.bound else None,
                "look": "yes" if one.bound and (one.bound.changed or one.bound.gone) else None,
            }
            for one in found
        ],
    )


def _proposals(args: argparse.Namespace) -> int:
    from anlan.plan.binding import queries

    target, task = _target(args.target)
    return _rows(
        args,
        [
            {
                "indicator": f"{one.indicator.source}.{one.indicator.id}",
                "title": f"{one.indicator.source_title.speak(args.lang)} {one.indicator.title.speak(args.lang)}",
                "unit": one.indicator.unit,
                "words": "、".join(one.words),
                "owners": "、".join(one.owners),
            }
            for one in queries.proposals(target, task)
        ],
    )


def _bind(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.plan.binding import actions, queries

    target, _task = _target(args.target)
    source, _dot, indicator = args.indicator.partition(".")
    actions.bind(
        machine("console"),
        target,
        source,
        indicator,
        narrowed=dict(args.by),
        period=args.period,
        water=args.water,
        reason=args.reason,
    )
    found = queries.bound([target])[target.pk]
    print(f"{target.text}\t{'' if found.shown is None else f'{found.shown:f}{target.unit}'}\t{found.rows}")
    return 0


def _unbind(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.plan.binding import actions

    target, _task = _target(args.target)
    actions.unbind(machine("console"), target, reason=args.reason)
    return 0


def _refuse(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.plan.binding import actions

    target, _task = _target(args.target)
    source, _dot, indicator = args.indicator.partition(".")
    actions.refuse(machine("console"), target, source, indicator, reason=args.reason)
    return 0


RUNS = {"targets": _targets, "proposals": _proposals, "bind": _bind, "unbind": _unbind, "refuse": _refuse}
