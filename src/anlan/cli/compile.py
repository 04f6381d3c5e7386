"""`anlan compile`: a document to measures, owners, targets, deadlines and findings, as table, JSON or Excel."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Final

from rich.console import Console

from anlan.cli.files import (
    WRONG,
    Desk,
    WrongFileError,
    add_document_options,
    complain,
    standard_output,
    write_bytes,
)
from anlan.plan.document import Document
from anlan.plan.export import workbook
from anlan.plan.report import report
from anlan.plan.show import show
from anlan.settings import InputError, Words

TABLE: Final = "table"
JSON: Final = "json"
XLSX: Final = "xlsx"
_BY_SUFFIX: Final = {".json": JSON, ".xlsx": XLSX}
# Width of a table in a file, where no terminal gives one.
_FILE_WIDTH: Final = 100


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "compile",
        help="解析工作方案 / compile a work plan",
        description="解析工作方案：任务、单位、时限、目标和疑点 / "
        "compile a work plan to measures, units, deadlines, targets and findings",
    )
    parser.add_argument("file", metavar="FILE|-", help="文件，或 - 表示标准输入 / a file, or - for standard input")
    parser.add_argument(
        "--format",
        choices=(TABLE, JSON, XLSX),
        help="输出形式；缺省按输出文件的后缀，否则为 table / "
        "form of the output; by default that of the output file's suffix, else table",
    )
    add_document_options(parser)
    parser.add_argument(
        "--text-out",
        metavar="FILE",
        help="把解析所得的文本另存(UTF-8),各位置都在其中计数 / "
        "write the decoded text (UTF-8), in which all positions count",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="写入文件，不写标准输出 / write to a file instead")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0 for any text, 2 for what is no text, no readable file or wrong usage."""
    form: str = args.format or (_BY_SUFFIX.get(Path(args.output).suffix.lower()) if args.output else None) or TABLE
    if form == XLSX and not args.output and sys.stdout.isatty():
        words = Words(
            "Excel 文件不能显示在终端里：请加 -o 文件名.xlsx",
            "a workbook cannot be shown in a terminal: add -o NAME.xlsx",
        )
        return complain(words, args.lang)
    try:
        desk = Desk(args)
        document = desk.compile(args.file)
        if args.text_out:
            write_bytes(args.text_out, document.plan.text.encode("utf-8"), args.file, args.lang)
        _give(document, form, args)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    except WrongFileError as error:
        return complain(error.words, args.lang)
    desk.remark(document)
    return 0


def _give(document: Document, form: str, args: argparse.Namespace) -> None:
    if form == TABLE and not args.output:
        show(document, Console(file=sys.stdout, markup=False, emoji=False), args.lang)
        return
    data = _bytes(document, form, args.lang)
    if args.output:
        write_bytes(args.output, data, args.file, args.lang)
    else:
        standard_output().write(data)
        standard_output().flush()


def _bytes(document: Document, form: str, lang: str) -> bytes:
    if form == XLSX:
        return workbook(document, lang)
    if form == JSON:
        return (json.dumps(report(document, lang), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
    text = io.StringIO()
    show(document, Console(file=text, width=_FILE_WIDTH, color_system=None, markup=False, emoji=False), lang)
    return text.getvalue().encode()
