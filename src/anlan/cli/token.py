"""`anlan token`: tokens of the interface for programs, made and taken back at the server's console."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys

from anlan.cli.django import setup
from anlan.settings import InputError, Words

_WRONG = 2
_USUAL_DAYS = 90


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    told = "接口令牌：列出、生成、收回 / tokens of the interface: list, make, take back"
    parser = subparsers.add_parser("token", help=told, description=told)
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|create|revoke")
    listed = actions.add_parser("list", help="列出令牌 / list the tokens", description="列出令牌 / list the tokens")
    listed.add_argument("--format", choices=("text", "json"), default="text", help="输出形式 / form of the output")
    made = actions.add_parser(
        "create",
        help="为一个账户生成令牌，只显示一次 / make a token for an account; it is shown once",
        description="为一个账户生成令牌，只显示一次 / make a token for an account; it is shown once",
    )
    made.add_argument("account", help="登录名 / login name")
    made.add_argument("--name", required=True, help="给哪个程序用 / which program it is for")
    made.add_argument("--scope", action="append", default=[], help="范围，可写多次 / scope; may be given several times")
    made.add_argument("--days", type=int, default=_USUAL_DAYS, help="有效天数，最多 366 / days, 366 at most")
    taken = actions.add_parser(
        "revoke", help="收回令牌 / take a token back", description="收回令牌 / take a token back"
    )
    taken.add_argument("id", type=int, help="令牌编号，见 list / number of the token, see list")
    taken.add_argument("--reason", required=True, help="理由，记入审计日志 / reason, for the journal")


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 2 if something given is wrong, else 0."""
    try:
        setup()
        return {"list": _list, "create": _create, "revoke": _revoke}[args.action](args)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG


def _list(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.interface import queries

    rows = list(queries.tokens(machine("anlan token list")))
    used = queries.last_used(rows)
    told = [
        {
            "id": one.pk,
            "account": one.account.get_username(),
            "name": one.name,
            "scopes": one.scopes,
            "expires_on": one.expires_on.isoformat(),
            "revoked": one.revoked_at is not None,
            "last_used": used[one.pk].isoformat() if one.pk in used else None,
        }
        for one in rows
    ]
    if args.format == "json":
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    for one in rows:
        over = (
            Words("已收回", "taken back") if one.revoked_at else Words(f"到 {one.expires_on}", f"to {one.expires_on}")
        )
        print(one.pk, one.account.get_username(), one.name, ",".join(one.scopes), over.speak(args.lang), sep="\t")
    if not told:
        print(Words("还没有令牌", "there are no tokens").speak(args.lang))
    return 0


def _create(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anlan.foundation.access.actor import machine
    from anlan.foundation.access.models import Account
    from anlan.foundation.interface import actions
    from anlan.foundation.interface.scopes import known

    account = Account.objects.filter(name=args.account.strip().lower(), is_active=True).first()
    if account is None:
        raise InputError(Words(f"没有在用的账户“{args.account}”", f"there is no open account {args.account}"))
    if not args.scope:
        there = "、".join(sorted(known()))
        raise InputError(Words(f"请用 --scope 写明范围：{there}", f"name the scopes with --scope: {there}"))
    last = timezone.localdate() + dt.timedelta(days=max(min(args.days, 10_000), -1))
    _, secret = actions.create(machine("anlan token create"), args.name, args.scope, last, account_id=account.pk)
    print(secret)
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from anlan.foundation.access.actor import machine
    from anlan.foundation.interface import actions
    from anlan.foundation.interface.models import Token

    token = Token.objects.filter(pk=args.id).first() if 0 < args.id < 2**63 else None
    if token is None:
        raise InputError(Words(f"没有编号 {args.id} 的令牌", f"there is no token {args.id}"))
    actions.revoke(machine("anlan token revoke"), token, reason=args.reason)
    print(Words(f"已收回“{token}”", f"taken back: {token}").speak(args.lang))
    return 0
