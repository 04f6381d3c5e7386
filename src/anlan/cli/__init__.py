"""The `anlan` command: one file per verb, each with `add(subparsers)` and `run(args) -> int`."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from types import ModuleType

import anlan
from anlan.settings import Words

VERBS = (
    "up",
    "init",
    "check",
    "plan",
    "progress",
    "units",
    "registers",
    "worker",
    "token",
    "journal",
    "vault",
    "backup",
    "restore",
    "upgrade",
    "version",
    "compile",
    "lint",
    "calc",
    "hj212",
    "gateway",
    "readings",
    "ledger",
)
_LANGUAGES = ("zh", "en")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb and gives its exit status; 2 is wrong usage or wrong input. `args.lang` is zh or en."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # Whatever the locale says, our words are UTF-8; a lone surrogate leaves as the escape that JSON knows.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Only the verb that is asked for is loaded, so that one does not wait for the libraries of another.
    verbs = {name: verb for name in ([v for v in VERBS if v in arguments] or VERBS) if (verb := _load(name))}
    try:
        args = _parser(verbs, arguments).parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    try:
        status: int = verbs[args.verb].run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        # By its module, because verbs without a database load no Django.
        if type(error).__module__ != "django.db.utils":
            raise
        print(_of_store(str(error)).speak(args.lang), file=sys.stderr)
        return 2
    return status


def _of_store(told: str) -> Words:
    """What an error of the store means to whoever typed the command."""
    if "no such table" in told or "no such column" in told or "does not exist" in told:
        return Words(
            "ANLAN_HOME 里还没有建好的系统，或者还没有升级：请先运行 anlan init（新建）或 anlan upgrade（升级）",
            "ANLAN_HOME holds no installation, or one that was not upgraded: run anlan init or anlan upgrade first",
        )
    if "locked" in told:
        return Words("数据库正忙，没有写入，请稍后再试", "the database is busy and nothing was written: try again")
    return Words(f"数据库出错：{told}", f"the database says: {told}")


def _load(name: str) -> ModuleType | None:
    module = f"{__name__}.{name}"
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name == module:
            return None
        raise


def _parser(verbs: dict[str, ModuleType], arguments: Sequence[str]) -> argparse.ArgumentParser:
    default = os.environ.get("ANLAN_LANG") or "zh"
    parser = argparse.ArgumentParser(
        prog="anlan",
        description="安澜：把政府工作方案变成有人负责、可计量、可证明的工作 / " + (anlan.__doc__ or ""),
    )
    parser.add_argument("--version", action="version", version=f"anlan {anlan.__version__}")
    _add_language(parser, default)
    subparsers = parser.add_subparsers(dest="verb", required=True, metavar="|".join(VERBS))
    for verb in verbs.values():
        verb.add(subparsers)
    for sub in dict.fromkeys(subparsers.choices.values()):
        # Also after the verb; SUPPRESS keeps the one before the verb when there is none after it.
        _add_language(sub, argparse.SUPPRESS)
    asked = argparse.ArgumentParser(add_help=False)
    asked.add_argument("--lang", nargs="?", default=default)
    _speak(parser, asked.parse_known_args(arguments)[0].lang)
    if default not in _LANGUAGES:
        parser.error(f"ANLAN_LANG={default}: zh 或 en / zh or en")
    return parser


def _add_language(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--lang", choices=_LANGUAGES, default=default, help="语言 / language (ANLAN_LANG; zh)")


def _speak(parser: argparse.ArgumentParser, lang: str) -> None:
    """Leaves one language of help texts, which are written "Chinese / English"."""

    def half(text: str | None) -> str | None:
        return text.split(" / ", 1)[lang == "en"] if text and " / " in text else text

    parser.description = half(parser.description)
    for action in parser._actions:
        action.help = half(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                choice.help = half(choice.help)
            for inside in dict.fromkeys(action.choices.values()):
                _speak(inside, lang)
