"""`anlan ledger read`: a clerk's ledger to records with where each came from."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from anlan.cli.files import STDIN, WRONG, WrongFileError, complain, read_bytes
from anlan.ledger.reading import FIELD_WORDS, Field, read
from anlan.plan import pack
from anlan.settings import InputError, Words, load

if TYPE_CHECKING:
    from anlan.ledger.reading import Reading

# Kinds of a pack's divisions that are towns.
_TOWNS: Final = frozenset({"town", "township", "street"})


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the action to `anlan ledger`."""
    parser = actions.add_parser(
        "read",
        help="读取一份台账（xlsx、xls、csv 或粘贴的表格） / read a ledger (xlsx, xls, csv or a pasted table)",
    )
    parser.add_argument("file", metavar="FILE|-", help="文件，或 - 表示标准输入 / a file, or - for standard input")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="输出形式 / form of the output")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_column,
        metavar="C=FIELD",
        help="指定某列是什么（可写 表名!C=deadline，可重复） / what a column holds (also SHEET!C=deadline; repeatable)",
    )


def _column(text: str) -> tuple[str, Field | None]:
    column, _, name = text.rpartition("=")
    letters = column.rpartition("!")[2]
    if not letters.isascii() or not letters.isalpha() or (name != "none" and name not in list(Field)):
        raise argparse.ArgumentTypeError(f"{text}: C=FIELD; FIELD: {', '.join(Field)}, none")
    return column, None if name == "none" else Field(name)


def run(args: argparse.Namespace) -> int:
    """Runs the action: 0 for whatever could be read, 2 for what is no sheet or wrong usage."""
    try:
        settings = load(os.environ)
        data = read_bytes(args.file, settings.max_file_bytes, args.lang)
        # The district's towns are found in running text also where no cell names them.
        towns = [one.name for one in pack.load(settings.pack).divisions if one.kind in _TOWNS]
        name = "-" if args.file == STDIN else os.path.basename(args.file)
        found = read(data, name, columns=dict(args.column), towns=towns)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    except WrongFileError as error:
        return complain(error.words, args.lang)
    if args.format == "json":
        print(json.dumps(found.plain(args.lang), ensure_ascii=False, indent=1))
    else:
        _show(found, args.lang)
    return 0


def _show(found: Reading, lang: str) -> None:
    console = Console(file=sys.stdout, markup=False, emoji=False, highlight=False)

    def say(zh: str, en: str) -> str:
        return Words(zh, en).speak(lang)

    columns = Table(title=say("各列认作什么", "What the columns are taken for"), title_justify="left")
    for title in (say("表", "Sheet"), say("列", "Column"), say("表头", "Title"), say("认作", "Taken for")):
        columns.add_column(title, overflow="fold")
    columns.add_column(say("把握", "Sure"), justify="right")
    for one in found.proposals:
        taken = f"{FIELD_WORDS[one.field].speak(lang)} ({one.field.value})" if one.field else "—"
        columns.add_row(one.sheet or "", one.column, one.title, taken, f"{one.confidence:.0%}")
    console.print(columns)
    rows = Table(title=say("问题", "Problems"), title_justify="left")
    for title in (say("行", "Row"), say("地点", "Place"), say("问题", "Problem"), say("责任单位", "Units")):
        rows.add_column(title, overflow="fold")
    for title in (say("披露", "Disclosed"), say("时限", "Deadline")):
        rows.add_column(title, no_wrap=True)
    for record in found.records:
        where = f"{record.sheet}!{record.excel_row}" if record.sheet else str(record.excel_row)
        shown = (record.place, record.description, record.unit_text, record.disclosed, record.deadline)
        rows.add_row(where, *(text or "" for text in shown))
    console.print(rows)
    for doubt in found.doubts:
        where = " ".join(part for part in (doubt.sheet, str(doubt.row or "")) if part)
        console.print(f"{where}{say('：', ': ')}{doubt.words.speak(lang)}")
    console.print(
        say(
            f"共 {len(found.records)} 个问题，{len(found.left_out)} 行不是问题，{len(found.doubts)} 处请人工核对",
            f"{len(found.records)} problems, {len(found.left_out)} rows that are none, {len(found.doubts)} doubts",
        )
    )
