"""`anlan ledger merge`: which rows of one or several ledgers are the same problem, how likely, and why."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from anlan.cli.files import STDIN, WRONG, WrongFileError, complain, read_bytes
from anlan.settings import InputError, Words, load

if TYPE_CHECKING:
    from anlan.ledger.linkage import Merged, Pair, Row
    from anlan.ledger.reading import Reading, Record

# A ledger of 100,000 rows has 35 MB, more than a plan may have.
_LEAST_LIMIT = 256_000_000


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the action to `anlan ledger`."""
    parser = actions.add_parser(
        "merge",
        help="归并台账：找出各份台账中的同一问题 / merge ledgers: find the same problem in all of them",
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE|-", help="台账文件，或 - 表示标准输入 / ledgers, or - for standard input"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")
    parser.add_argument(
        "--least",
        type=_chance,
        metavar="P",
        help="只列出概率不低于此值的行对（默认 0.1） / pairs from this probability up (0.1)",
    )


def _chance(text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = -1.0
    if not 0 <= chance <= 1:
        raise argparse.ArgumentTypeError(f"{text}: 0–1")
    return chance


def run(args: argparse.Namespace) -> int:
    """Runs the action: 2 if a file gives no table, else 0."""
    from anlan.ledger.linkage import merge
    from anlan.ledger.reading import read

    readings: list[Reading] = []
    # All that is read stays until the end: looking for garbage among millions of values would only take time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        # A file named twice is read once.
        names = list({os.path.realpath(name): name for name in reversed(args.files)}.values())[::-1]
        limit = max(load(os.environ).max_file_bytes, _LEAST_LIMIT)
        for name in names:
            data = read_bytes(name, limit, args.lang)
            readings.append(read(data, "-" if name == STDIN else os.path.basename(name)))
        rows = _rows(readings, names, args.lang)
        merged = merge(rows)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    except WrongFileError as error:
        return complain(error.words, args.lang)
    finally:
        if collecting:
            gc.enable()
    pairs = [pair for pair in merged.pairs if args.least is None or pair.probability >= args.least]
    if args.format == "json":
        _json(merged, pairs)
    else:
        _text(merged, pairs, {row.id: row for row in rows}, args.lang)
    return 0


def _rows(readings: list[Reading], names: list[str], lang: str) -> list[Row]:
    """Rows of all files. An id that several rows have counts for none of them, and that is said."""
    own = Counter(record.record_id for reading in readings for record in reading.records if record.record_id)
    files = Counter(reading.name for reading in readings)
    twice = sorted(name for name, count in own.items() if count > 1)
    if twice:
        listed = "、".join(twice[:5]) + ("…" if len(twice) > 5 else "")
        words = Words(
            f"编号重复，改用“文件:工作表:行”：{listed}",
            f"ids that several rows have give way to file:sheet:row: {listed}",
        )
        print(words.speak(lang), file=sys.stderr)
    found: dict[str, Row] = {}
    for reading, path in zip(readings, names, strict=True):
        name = reading.name if files[reading.name] == 1 else path
        titles = [one.title for one in reading.proposals if one.field == "place"]
        for record in reading.records:
            row = _row(record, name, own, next((told for one in titles if (told := record.original.get(one))), ""))
            found.setdefault(row.id, row)
    return list(found.values())


def _row(record: Record, name: str, own: Counter[str], cell: str) -> Row:
    from anlan.ledger.as_row import row_of

    if record.record_id and own[record.record_id] == 1:
        known = record.record_id
    else:
        known = f"{name}:{record.sheet or ''}:{record.excel_row}" + (f":{record.part}" if record.part > 1 else "")
    return row_of(record, known, cell)


def _json(merged: Merged, pairs: list[Pair]) -> None:
    # Written piece by piece: the whole of a big ledger is never in memory as one text.
    write = sys.stdout.write
    write('{"clusters": [')
    for place, cluster in enumerate(merged.clusters):
        write((",\n" if place else "\n") + json.dumps(cluster, ensure_ascii=False))
    write('\n], "pairs": [')
    for place, pair in enumerate(pairs):
        write((",\n" if place else "\n") + json.dumps(_plain(pair), ensure_ascii=False))
    write("\n]}\n")


def _plain(pair: Pair) -> dict[str, Any]:
    return {
        "a": pair.a,
        "b": pair.b,
        "probability": round(pair.probability, 4),
        "why": [
            {
                "field": one.field,
                "level": one.level,
                "weight": one.weight,
                "a": one.left,
                "b": one.right,
                "zh": one.words.zh,
                "en": one.words.en,
            }
            for one in pair.why
        ],
    }


def _text(merged: Merged, pairs: list[Pair], rows: dict[str, Row], lang: str) -> None:
    def say(zh: str, en: str) -> str:
        return Words(zh, en).speak(lang)

    several = [cluster for cluster in merged.clusters if len(cluster) > 1]
    for number, cluster in enumerate(several, 1):
        print(say(f"同一问题 {number}：", f"The same problem {number}:"))
        for one in cluster:
            print(f"  {one}  {rows[one].place}  {rows[one].description}")
    home = {one: place for place, cluster in enumerate(merged.clusters) for one in cluster}
    open_pairs = [pair for pair in pairs if home[pair.a] != home[pair.b]]
    for pair in open_pairs:
        print(say(f"请人工判断（{pair.probability:.0%}）：", f"For a person to judge ({pair.probability:.0%}):"))
        for one in (pair.a, pair.b):
            print(f"  {one}  {rows[one].place}  {rows[one].description}")
        for reason in pair.why:
            print(f"    {reason.weight:+.2f}  {reason.words.speak(lang)}")
    print(
        say(
            f"共 {len(rows)} 行，{len(merged.clusters)} 个问题；{len(several)} 个问题出现不止一次，"
            f"{len(open_pairs)} 对待人工判断",
            f"{len(rows)} rows, {len(merged.clusters)} problems; {len(several)} stand more than once, "
            f"{len(open_pairs)} pairs for a person to judge",
        )
    )
