"""`anlan check`: what is wrong with the installation, and the way out."""

from __future__ import annotations

import argparse
import json
import os
import sys

from anlan.cli.django import setup
from anlan.settings import Words
from anlan.web.install import checks

_MARKS = {"ok": Words("正常", "ok"), "warning": Words("警告", "warning"), "error": Words("错误", "error")}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "check",
        help="检查安装 / check the installation",
        description="检查设置、数据文件夹、数据库、时钟、后台程序、日历、字体和审计日志；有错误时返回 1 / "
        "check settings, folder, database, clock, worker, calendar, font and journal; status 1 if one is in error",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 1 if anything is in error, else 0."""
    findings = []
    for one in checks.look(os.environ, setup):
        findings.append(one)
        if args.format == "text":
            mark = _MARKS[one.state].speak(args.lang)
            print(f"{mark:<{4 if args.lang == 'zh' else 8}}{one.code:<12}{one.words.speak(args.lang)}")
    if args.format == "json":
        rows = [{"code": one.code, "state": one.state, "words": one.words.speak(args.lang)} for one in findings]
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
        print()
    return 1 if any(one.state == "error" for one in findings) else 0
