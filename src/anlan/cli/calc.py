"""`anlan calc`: lists the calculations, shows one, or runs it on JSON from standard input."""

from __future__ import annotations

import argparse
import functools
import io
import itertools
import json
import os
import sys
from collections.abc import Iterator
from typing import cast

from anlan.calculations import registry
from anlan.foundation.calc.explain import Bilingual, Lang
from anlan.foundation.calc.inputs import Input
from anlan.foundation.calc.registry import Registry, UnknownCalculationError
from anlan.foundation.calc.spec import Calculation, Output
from anlan.foundation.calc.stream import JsonSource, MalformedJsonError
from anlan.plan import pack
from anlan.settings import InputError, load

_WRONG = 2


@functools.cache
def _registry() -> Registry:
    """Calculations on the calendar of the district's pack. Raises InputError if the pack cannot be read."""
    return registry(pack.load(load(os.environ).pack).calendar)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "calc",
        help="计算 / calculations",
        description="anlan calc list | anlan calc show ID | anlan calc ID < in.json",
    )
    parser.add_argument("what", metavar="list|show|ID", help="列出、查看，或按编号计算 / list, show, or the id to run")
    parser.add_argument("id", nargs="?", metavar="ID", help="要查看的计算 / the calculation to show")
    parser.add_argument("--json", action="store_true", help="list、show 以 JSON 输出 / list and show as JSON")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 for an unknown id, malformed JSON or wrong input."""
    lang = cast(Lang, args.lang)
    try:
        return _run(args, lang)
    except InputError as error:
        for problem in error.problems:
            print(problem.speak(lang), file=sys.stderr)
        return _WRONG


def _run(args: argparse.Namespace, lang: Lang) -> int:
    wanted = args.id if args.what == "show" else args.what
    if (args.what == "show") != (args.id is not None):
        return _complain(lang, "用法:", "usage:", "anlan calc list | show ID | ID < in.json")
    if wanted == "list":
        _list(lang, args.json)
        return 0
    try:
        calculation = _registry()[wanted]
    except UnknownCalculationError as unknown:
        if unknown.nearest:
            return _complain(
                lang, f"没有计算 {wanted}，是否指", f"no calculation {wanted}; did you mean", unknown.nearest + "?"
            )
        return _complain(lang, f"没有计算 {wanted}；见", f"no calculation {wanted}; see", "anlan calc list")
    if args.what == "show":
        print(_dumps(calculation.describe(), indent=2) if args.json else "\n".join(_shown(calculation, lang)))
        return 0
    return _calculate(calculation, lang)


def _complain(lang: Lang, zh: str, en: str, rest: str) -> int:
    print(Bilingual(zh, en).tell(lang), rest, file=sys.stderr)
    return _WRONG


def _dumps(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)


def _list(lang: Lang, as_json: bool) -> None:
    if as_json:
        rows = [{key: one.describe()[key] for key in ("id", "title", "source", "rule_versions")} for one in _registry()]
        print("[\n" + ",\n".join(map(_dumps, rows)) + "\n]")
        return
    width = max(len(one.id) for one in _registry())
    for one in _registry():
        print(f"{one.id:<{width}}  {one.title.tell(lang)}  [{one.source.tell(lang)}]")


def _shown(calculation: Calculation, lang: Lang) -> Iterator[str]:
    """Spec for people, with the first worked example run."""

    def say(zh: str, en: str) -> str:
        return Bilingual(zh, en).tell(lang)

    yield f"{calculation.id}  {calculation.title.tell(lang)}"
    if calculation.note:
        yield calculation.note.tell(lang)
    yield f"{say('依据', 'Source')}: {calculation.source.tell(lang)}"
    for version in calculation.versions:
        until = f" – {version.last_day}" if version.last_day else ""
        yield f"{say('规则版本', 'Rule version')}: {version.name} ({version.first_day}{until})"
    yield f"\n{say('输入', 'Inputs')}:"
    for one in calculation.inputs:
        yield f"  {one.name}  {one.title.tell(lang)}  {_input(one, lang)}"
        for code, name in cast("dict[str, dict[str, str]]", one.type.describe().get("choices", {})).items():
            yield f"      {code}  {name[lang]}"
    for group in calculation.exactly_one:
        yield f"  {say('恰好给出一个', 'exactly one of')}: {', '.join(group)}"
    for group in calculation.at_least_one:
        yield f"  {say('至少给出一个', 'at least one of')}: {', '.join(group)}"
    yield f"\n{say('输出', 'Outputs')}:"
    for out in calculation.outputs:
        yield f"  {out.name}  {out.title.tell(lang)}  {_output(out, lang)}"
    example = calculation.examples[0].inputs
    yield f"\n{say('算例', 'Worked example')}:"
    yield f"  {_dumps(example)}"
    yield "  " + _dumps(_registry().run(calculation.id, example, lang), indent=2).replace("\n", "\n  ")


def _input(one: Input, lang: Lang) -> str:
    facts = {k: v for k, v in one.type.describe().items() if k != "choices" and v not in ("", None)}
    told = [f"{v}" if k == "type" else f"{k} {v}" for k, v in facts.items()]
    need = Bilingual("必填", "required") if one.required else Bilingual("可选", "optional")
    return f"({need.tell(lang)}; {', '.join(told)})"


def _output(out: Output, lang: Lang) -> str:
    rounding = out.rounding.tell(lang) if out.rounding else ""
    if out.decimals is not None:
        rounding = f"GB/T 8170: {out.decimals}"
    return f"({', '.join(part for part in (out.kind, out.unit, rounding) if part)})"


def _calculate(calculation: Calculation, lang: Lang) -> int:
    if sys.stdin.isatty():
        _complain(lang, "等待标准输入的 JSON，以", "waiting for JSON on standard input, end with", "Ctrl-D")
    try:
        # utf-8-sig: office programs begin a file with a byte order mark.
        source = JsonSource(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline=""))
        if source.is_array:
            return _rows(calculation, source.rows(), lang)
        outcome = _registry().compute(calculation.id, source.value())
        print(_dumps(outcome.to_json(lang)))
        return _WRONG if outcome.wrong_input else 0
    except MalformedJsonError as error:
        if error.row is None:
            return _complain(lang, "标准输入不是有效的 JSON:", "standard input is not valid JSON:", error.reason)
        return _complain(
            lang,
            f"标准输入的 JSON 在第 {error.row + 1} 条记录处有误(前 {error.row} 条已计算):",
            f"standard input stops being valid JSON at row {error.row + 1} ({error.row} rows were answered):",
            error.reason,
        )
    except UnicodeDecodeError as error:
        return _complain(lang, "标准输入不是 UTF-8 文本:", "standard input is not UTF-8 text:", f"byte {error.start}")


def _rows(calculation: Calculation, rows: Iterator[object], lang: Lang) -> int:
    """Writes each answer as it comes. The array is closed whatever happens, so that what was answered can be read."""
    wrong = False
    opening = itertools.chain(["[\n"], itertools.repeat(",\n"))
    try:
        for outcome in _registry().compute_many(calculation.id, rows):
            wrong = wrong or outcome.wrong_input
            sys.stdout.write(next(opening) + _dumps(outcome.to_json(lang)))
    except (MalformedJsonError, UnicodeDecodeError):
        sys.stdout.write("\n]\n" if next(opening) == ",\n" else "[]\n")
        raise
    sys.stdout.write("\n]\n" if next(opening) == ",\n" else "[]\n")
    return _WRONG if wrong else 0
