"""`anlan init`: founds the real installation of a district, without sample data."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from anlan.cli.django import setup
from anlan.plan import pack
from anlan.settings import InputError, Settings, Words, load
from anlan.web.install import exchange, home, token

if TYPE_CHECKING:
    from anlan.web.install.founding import First

_WRONG = 2
_NAMES = ("system", "security", "audit")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb to the command."""
    parser = subparsers.add_parser(
        "init",
        help="建立正式安装 / found a real installation",
        description="建立正式安装：区划、单位、三个管理员，不装示例数据。登录名可带姓名：--system zhangsan=张三 / "
        "found the installation of a district: divisions, units, three administrators; no sample data. "
        "A login name may carry the person's: --system zhangsan=张三",
    )
    parser.add_argument(
        "--units",
        metavar="FILE",
        help="单位表（CSV 或 Excel），缺省用地区包里的 / register of units (CSV or Excel), by default the pack's",
    )
    parser.add_argument("--system", metavar="N", help="系统管理员的登录名 / login name of the system administrator")
    parser.add_argument("--security", metavar="N", help="安全管理员的登录名 / login name of the security administrator")
    parser.add_argument("--audit", metavar="N", help="审计管理员的登录名 / login name of the audit administrator")
    parser.add_argument(
        "--code",
        metavar="N",
        help="只给已有账户发新的一次性口令，用于管理员都不能登录时 / "
        "only a new one-time code for an account that is there, for when no administrator can sign in",
    )


def run(args: argparse.Namespace) -> int:
    """Runs the verb: 0, or 2 if nothing was made."""
    os.umask(0o077)
    try:
        settings = load(os.environ)
        if args.code:
            return _new_code(args)
        return _found(args, settings)
    except InputError as error:
        print(error.speak(args.lang), file=sys.stderr)
        return _WRONG


def _found(args: argparse.Namespace, settings: Settings) -> int:
    missing = [f"--{name}" for name in _NAMES if not (getattr(args, name) or "").partition("=")[0].strip()]
    if missing:
        raise InputError(
            Words(f"还须给出 {'、'.join(missing)} 的登录名", f"login names are missing: {', '.join(missing)}")
        )
    given = pack.load(settings.pack)
    organs = pack.load_organs(Path(args.units), settings.max_file_bytes) if args.units else given.organs
    exchange_is_over(settings)
    setup()
    from anlan.foundation.access.roles import Role
    from anlan.web.install import founding, stores

    stores.prepare()
    home.mark(settings.home)
    roles = dict(zip((Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN), _NAMES, strict=True))
    made = founding.found(given.divisions, organs, {role: _first(getattr(args, name)) for role, name in roles.items()})
    token.spend(settings.home)
    print(
        Words(
            f"已建立{given.name.zh}的安装：{made.units} 个单位，{made.groups} 个集合",
            f"founded the installation of {given.name.en}: {made.units} units, {made.groups} groups",
        ).speak(args.lang)
    )
    for role, (name, code) in made.codes.items():
        print(f"{role.label if args.lang == 'zh' else role.value}\t{name}\t{code}")
    print(_use_of_codes().speak(args.lang))
    return 0


def exchange_is_over(settings: Settings) -> None:
    """Refuses a folder that a newer version wrote or a restore was cut off in."""
    home.refuse_newer(settings.home)
    if (settings.home / exchange.READY).is_dir():
        raise InputError(
            Words(
                "有一次恢复没有做完：请先运行 anlan up 或再次 anlan restore",
                "a restore was cut off: run anlan up, or anlan restore again, first",
            )
        )


def _first(text: str) -> First:
    from anlan.web.install.founding import First

    name, _, person = text.partition("=")
    return First(name.strip(), person.strip())


def _new_code(args: argparse.Namespace) -> int:
    setup()
    from anlan.foundation.access.actions import issue_reset_code
    from anlan.foundation.access.actor import machine
    from anlan.foundation.access.models import Account

    account = Account.objects.filter(name=args.code.strip().lower(), is_active=True).first()
    if account is None:
        raise InputError(Words(f"没有可用的账户“{args.code}”", f"there is no account {args.code!r} that can sign in"))
    print(f"{account.name}\t{issue_reset_code(machine('console'), account)}")
    print(_use_of_codes().speak(args.lang))
    return 0


def _use_of_codes() -> Words:
    return Words(
        "最后一栏是一次性口令，24 小时内有效，请当面交给本人：登录后须改成自己的口令。这里不再显示",
        "the last column is a one-time code, good for 24 hours and not shown again: hand it over in person; whoever "
        "signs in with it has to choose a password",
    )
