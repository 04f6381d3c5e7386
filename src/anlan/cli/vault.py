"""`anlan vault`: whether every file still is what it was when it came; its photographs stand in `vault_images`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from anlan.cli import vault_images
from anlan.cli.django import setup
from anlan.settings import InputError, Words

if TYPE_CHECKING:
    from anlan.foundation.vault.queries import Fault, Verification

_WRONG = 2
_ORPHAN = Words("没有登记（上传中断留下，无害）", "has no row (left by a cut upload, harmless)")
_STATES = {"missing": Words("缺失", "missing"), "changed": Words("已被改动", "changed")}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "vault",
        help="检查文件库 / check the vault of files",
        description="检查文件库 / check the vault of files",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="verify|images")
    verify = actions.add_parser(
        "verify",
        help="重算每个文件的校验值，列出缺失、被改动的和多余的 / "
        "recompute all hashes and list what is missing, changed or surplus",
        description="重算每个文件的校验值；有缺失或被改动的文件时返回 1 / "
        "recompute the hash of every file; status 1 if one is missing or changed",
    )
    verify.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")
    vault_images.add(actions)


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 1 if a file is missing or changed, 2 if the settings are wrong, else 0."""
    if args.action == "images" and args.images not in vault_images.STORED:
        return vault_images.run(args)
    try:
        setup()
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG
    if args.action == "images":
        return vault_images.run(args)
    from anlan.foundation.vault import queries

    found = queries.verify()
    if args.format == "json":
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        _tell(found, args.lang)
    return 0 if found.is_sound else 1


def _tell(found: Verification, lang: str) -> None:
    for fault in found.faults:
        names = "、".join(fault.names)
        print(f"{fault.sha256}  {_STATES[fault.state].speak(lang)}  {names}")
    for sha256 in found.orphans:
        print(f"{sha256}  {_ORPHAN.speak(lang)}")
    missing, changed = _count(found, "missing"), _count(found, "changed")
    total = Words(
        f"共 {found.files} 个文件、{found.size} 字节：{missing} 个缺失，{changed} 个被改动，"
        f"{len(found.orphans)} 个没有登记，{len(found.unfinished)} 个正在上传或未传完",
        f"{found.files} files, {found.size} bytes: {missing} missing, {changed} changed, "
        f"{len(found.orphans)} without a row, {len(found.unfinished)} on their way in or unfinished",
    )
    print(total.speak(lang))
    if not found.is_sound:
        print(
            Words(
                "请从备份恢复缺失和被改动的文件，并查明原因",
                "restore what is missing or changed from a backup, and find out how it came about",
            ).speak(lang),
            file=sys.stderr,
        )


def _count(found: Verification, state: str) -> int:
    return sum(fault.state == state for fault in found.faults)


def _as_json(found: Verification) -> dict[str, Any]:
    return {
        "sound": found.is_sound,
        "files": found.files,
        "bytes": found.size,
        "missing": [_fault(fault) for fault in found.faults if fault.state == "missing"],
        "changed": [
            _fault(fault) | {"found_sha256": fault.found} for fault in found.faults if fault.state == "changed"
        ],
        "orphaned": list(found.orphans),
        "unfinished": list(found.unfinished),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {"sha256": fault.sha256, "names": list(fault.names), "received_at": fault.received_at.isoformat()}
