"""`anlan ledger`: read clerks' ledgers; the other actions stand in files of their own (`ledger_merge`, …)."""

from __future__ import annotations

import argparse
import importlib
from types import ModuleType
from typing import Final

# Each is a module `ledger_<action>` here, with `add(actions)` that adds its parser and `run(args) -> int`.
ACTIONS: Final = ("read", "merge", "take", "integrity")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb with the actions that are there."""
    parser = subparsers.add_parser(
        "ledger",
        help="问题台账 / ledgers of problems",
        description="问题台账：读取、归并、核查 / ledgers of problems: read, merge, examine",
    )
    found = {name: module for name in ACTIONS if (module := _load(name))}
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(found))
    for module in found.values():
        module.add(actions)
    for action in actions.choices.values():
        # Also behind the action; SUPPRESS keeps the one before it when there is none here.
        action.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help="语言 / language")


def run(args: argparse.Namespace) -> int:
    """Runs the action that was asked for and gives its exit status."""
    module = _load(args.action)
    assert module is not None
    return int(module.run(args))


def _load(name: str) -> ModuleType | None:
    module = f"anlan.cli.ledger_{name}"
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name == module:
            return None
        raise
