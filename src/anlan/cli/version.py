"""`anlan version`: which version this is, and which one wrote the data."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
from importlib import metadata

import anlan
from anlan.settings import InputError, Words, load
from anlan.web.install import home


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser("version", help="版本 / versions of the program and its data")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 if the settings are wrong."""
    try:
        settings = load(os.environ)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return 2
    rows = [
        ("anlan", Words("安澜", "Anlan"), anlan.__version__),
        ("data", Words("数据", "data"), home.written_by(settings.home)),
        ("python", Words("Python", "Python"), platform.python_version()),
        ("django", Words("Django", "Django"), metadata.version("django")),
        ("sqlite", Words("SQLite", "SQLite"), sqlite3.sqlite_version),
        ("home", Words("数据文件夹", "folder"), str(settings.home)),
    ]
    if args.format == "json":
        print(json.dumps({code: value or None for code, _, value in rows}, ensure_ascii=False, indent=2))
        return 0
    nothing = Words("还没有", "none yet").speak(args.lang)
    for _, words, value in rows:
        print(f"{words.speak(args.lang)}\t{value or nothing}")
    return 0
