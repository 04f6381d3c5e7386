"""`anlan readings export`: readings as CSV."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from anlan.cli.django import setup
from anlan.cli.files import WRONG
from anlan.settings import InputError, Words


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("readings", help="监测数据 / readings")
    actions = parser.add_subparsers(dest="action", required=True, metavar="export")
    export = actions.add_parser("export", help="导出为 CSV / write as CSV")
    export.add_argument("--device", default="", metavar="MN", help="只导这台设备的 / only those of this device")
    export.add_argument("--since", type=_moment, metavar="TIME", help="从这一时刻起（含） / from this moment on")
    export.add_argument("--until", type=_moment, metavar="TIME", help="到这一时刻止（不含） / up to this moment")
    export.add_argument(
        "-o", "--output", metavar="FILE", help="写入文件，缺省为标准输出 / file instead of standard output"
    )


def _moment(text: str) -> int:
    """Milliseconds since 1970 of a date or a moment; without an offset it is Beijing time."""
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: 2026-08-01, 2026-08-01T08:00") from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
    return round(when.timestamp() * 1000)


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 for wrong settings or a file that cannot be written."""
    try:
        setup()
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    from anlan.monitor.lake import export

    given = {name: value for name, value in (("since", args.since), ("until", args.until)) if value is not None}
    if args.output is None:
        export.write(sys.stdout, mn=args.device, **given)
        return 0
    try:
        with Path(args.output).open("w", encoding="utf-8-sig", newline="") as file:
            count = export.write(file, mn=args.device, **given)
    except OSError as error:
        words = Words(f"写不了 {args.output}：{error.strerror}", f"cannot write {args.output}: {error.strerror}")
        print(words.speak(args.lang), file=sys.stderr)
        return WRONG
    print(Words(f"已写 {count} 行", f"{count} rows written").speak(args.lang), file=sys.stderr)
    return 0
