"""`anlan lint`: what a document leaves unclear, one finding a line, as editors and scripts read it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from anlan.cli.files import WRONG, Desk, WrongFileError, add_document_options, complain
from anlan.plan import words
from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.model import Severity
from anlan.plan.document import Document, Lines, one_line
from anlan.plan.report import report
from anlan.settings import InputError


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "lint",
        help="检查工作方案 / check a work plan",
        description="列出工作方案的疑点，每行一处：file:line:col CODE message / "
        "list the findings on a work plan, one a line: file:line:col CODE message",
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE|-", help="文件，或 - 表示标准输入 / files, or - for standard input"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")
    add_document_options(parser)


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 1 if there are errors among the findings, 2 if a file gives no text, else 0."""
    try:
        desk = Desk(args)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return WRONG
    status = 0
    answered: list[dict[str, Any]] = []
    for name in args.files:
        try:
            document = desk.compile(name)
        except WrongFileError as error:
            status = complain(error.words, args.lang)
            continue
        desk.remark(document)
        if document.count(Severity.ERROR):
            status = max(status, 1)
        if args.format == "json":
            answered += [{"file": name, **one} for one in report(document, args.lang)["diagnostics"]]
            continue
        for line in _lines(document, args.lang):
            print(line)
        if sys.stderr.isatty():
            print(f"{name}  {words.findings(document).speak(args.lang)}", file=sys.stderr)
    if args.format == "json":
        print(json.dumps(answered, ensure_ascii=False, indent=2))
    return status


def _lines(document: Document, lang: str) -> list[str]:
    lines = Lines(document.plan.text)
    told = []
    for one in document.plan.diagnostics:
        line, column = lines.place(one.span.start)
        said = f"{words.SEVERITIES[one.severity].speak(lang)}: {one_line(message(one, lang))}"
        told.append(f"{document.name}:{line}:{column} {one.code} {said}")
    return told
