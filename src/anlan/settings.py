"""The settings of Anlan: one list, read from the environment.

A setting is data: its name, its type with the unit, its default and a help text in both languages. Parsing
is strict: a value that does not fit, or an ANLAN_ name nobody knows, is reported with the way out, and all
of them at once.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

PREFIX = "ANLAN_"
# The one setting without the prefix: its name is what every hosting place uses.
DATABASE_URL = "DATABASE_URL"
# Switches of the test run (which database, which browser) are no settings of the product.
TEST_PREFIX = "ANLAN_TEST_"
# Value of a setting of something that is not used.
OFF = "off"


class Words(NamedTuple):
    """One message in the two languages of the product."""

    zh: str
    en: str

    def speak(self, lang: str) -> str:
        """Message in `lang`; Chinese for any language but English.

        >>> Words("单位", "unit").speak("en")
        'unit'
        """
        return self.en if lang == "en" else self.zh


class InputError(ValueError):
    """What the user gave cannot be used. `problems` lists everything that is wrong with it, never only the first."""

    def __init__(self, *problems: Words) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = problems

    def speak(self, lang: str) -> str:
        """All problems in `lang`, one a line."""
        return "\n".join(problem.speak(lang) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `low` and `high` (inclusive, in `unit`) make it a whole number, `choices` one of a few words."""

    name: str
    default: str
    help: Words
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def kind(self) -> str:
        """Type of the value, as the documentation prints it: text, choice or whole number."""
        if self.choices:
            return "choice"
        return "text" if self.low is None else "whole number"

    def problem(self, value: str) -> Words | None:
        """What is wrong with `value`, or None."""
        if not value.strip():
            return Words(f"{self.name} 是空的：请填写，或取消这个变量", f"{self.name} is empty: set it, or unset it")
        if self.choices and value not in self.choices:
            return Words(
                f"{self.name}={value}：只能是 {'、'.join(self.choices)}",
                f"{self.name}={value}: must be one of {', '.join(self.choices)}",
            )
        if self.low is None or self.high is None:
            return None
        # int() would also take "1_0", " 10 " and digits of other scripts.
        if not re.fullmatch("[0-9]{1,9}", value) or not self.low <= int(value) <= self.high:
            return Words(
                f"{self.name}={value}：应为 {self.low} 到 {self.high} 之间的整数（{self.unit}）",
                f"{self.name}={value}: must be a whole number of {self.unit} from {self.low} to {self.high}",
            )
        return None


SETTINGS = (
    Setting(
        "ANLAN_PACK",
        default="changjiang",
        help=Words(
            "地区包：随产品提供的包的名称，或包含 pack.toml 的文件夹（写成带斜杠的路径）",
            "District pack: the name of a pack that comes with the product, or a folder with a pack.toml "
            "(written as a path with a slash)",
        ),
    ),
    Setting(
        "ANLAN_LANG",
        default="zh",
        choices=("zh", "en"),
        help=Words("提示信息的语言；文件内容不翻译", "Language of the messages; data are never translated"),
    ),
    Setting(
        "ANLAN_MAX_FILE_MB",
        default="64",
        unit="MB",
        low=1,
        high=4096,
        help=Words(
            "可读入的最大文件（1 MB = 1,000,000 字节）",
            "Largest file that is read (1 MB = 1,000,000 bytes)",
        ),
    ),
    Setting(
        "ANLAN_HOME",
        default="anlan-home",
        help=Words(
            "数据文件夹：数据库、文件库、日志和密钥都在里面",
            "Folder of the data: databases, vault, logs and the secret key are in it",
        ),
    ),
    Setting(
        "DATABASE_URL",
        default="embedded",
        help=Words(
            "数据库：embedded 为内置（ANLAN_HOME 下三个文件），或 postgresql://用户:口令@主机:端口/库名",
            "Database: embedded (three files in ANLAN_HOME), or postgresql://user:password@host:port/name",
        ),
    ),
    Setting(
        "ANLAN_HOST",
        default="127.0.0.1",
        help=Words("监听的地址；0.0.0.0 为所有网卡", "Address to listen on; 0.0.0.0 for every network card"),
    ),
    Setting(
        "ANLAN_PORT",
        default="8212",
        unit="port",
        low=1,
        high=65535,
        help=Words("监听的端口", "Port to listen on"),
    ),
    Setting(
        "ANLAN_ALLOWED_HOSTS",
        default="localhost,127.0.0.1",
        help=Words(
            "浏览器可以用来访问的主机名或地址，以逗号分隔",
            "Host names or addresses that browsers may use, separated by commas",
        ),
    ),
    Setting(
        "ANLAN_HTTPS",
        default="off",
        choices=("off", "on"),
        help=Words(
            "on：用户经 TLS 访问，登录凭证只经 TLS 发送（--tls 时自动为 on）",
            "on: users come through TLS, and cookies travel by TLS only (on by itself with --tls)",
        ),
    ),
    Setting(
        "ANLAN_WORKERS",
        default="2",
        unit="processes",
        low=1,
        high=64,
        help=Words("网页服务的进程数", "Number of web server processes"),
    ),
    Setting(
        "ANLAN_GATEWAY_HOST",
        default="127.0.0.1",
        help=Words(
            "接收数采仪报文的地址；0.0.0.0 为所有网卡",
            "Address on which frames of data loggers are received; 0.0.0.0 for every network card",
        ),
    ),
    Setting(
        "ANLAN_GATEWAY_PORT",
        default="0",
        unit="port",
        low=0,
        high=65535,
        help=Words(
            "接收数采仪报文的端口；0 为 anlan up 自选（网站端口加 1000 起第一个空闲的），anlan gateway 用 9212",
            "Port on which frames of data loggers are received; 0 lets anlan up choose (the first free one from the "
            "port of the web site plus 1000 on), and is 9212 for anlan gateway",
        ),
    ),
    Setting(
        "ANLAN_SESSION_MINUTES",
        default="30",
        unit="minutes",
        low=5,
        high=480,
        help=Words("无操作多久后自动退出", "Idle time after which a session ends"),
    ),
    Setting(
        "ANLAN_LOCK_FAILURES",
        default="5",
        unit="failures",
        low=3,
        high=20,
        help=Words("连续登录失败多少次后锁定账户", "Failed logins in a row that lock an account"),
    ),
    Setting(
        "ANLAN_LOCK_MINUTES",
        default="30",
        unit="minutes",
        low=1,
        high=1440,
        help=Words("锁定多久", "How long an account stays locked"),
    ),
    Setting(
        "ANLAN_PASSWORD_LENGTH",
        default="10",
        unit="characters",
        low=8,
        high=64,
        help=Words("口令最短长度", "Shortest password"),
    ),
    Setting(
        "ANLAN_PASSWORD_DAYS",
        default="90",
        unit="days",
        low=0,
        high=3650,
        help=Words("口令多久必须更换；0 为不要求", "Age at which a password must be changed; 0 for never"),
    ),
    Setting(
        "ANLAN_MAIL_HOST",
        default="off",
        help=Words("发送电子邮件的 SMTP 服务器；off 为不发", "SMTP server that sends e-mail; off for none"),
    ),
    Setting(
        "ANLAN_MAIL_PORT",
        default="25",
        unit="port",
        low=1,
        high=65535,
        help=Words("SMTP 服务器的端口", "Port of the SMTP server"),
    ),
    Setting(
        "ANLAN_MAIL_TLS",
        default="off",
        choices=("off", "starttls", "tls"),
        help=Words(
            "与 SMTP 服务器的连接如何加密：off 不加密，starttls 连上后加密，tls 一开始就加密",
            "How the connection to the SMTP server is encrypted: not, after connecting, or from the start",
        ),
    ),
    Setting(
        "ANLAN_MAIL_FROM",
        default="off",
        help=Words("电子邮件的发件地址", "Address that e-mail comes from"),
    ),
    Setting(
        "ANLAN_MAIL_USER",
        default="off",
        help=Words("登录 SMTP 服务器的用户名；off 为不登录", "User at the SMTP server; off for no login"),
    ),
    Setting(
        "ANLAN_MAIL_PASSWORD_FILE",
        default="off",
        help=Words("存放 SMTP 口令的文件", "File with the password at the SMTP server"),
    ),
    Setting(
        "ANLAN_WEBHOOK_URL",
        default="off",
        help=Words(
            "接收消息的网址：https，或内网地址（本机、10.x 等）的 http；off 为不发",
            "Address that receives notices: https, or http at a private address; off for none",
        ),
    ),
    Setting(
        "ANLAN_WEBHOOK_SECRET_FILE",
        default="off",
        help=Words("存放签名密钥的文件", "File with the secret that signs what is sent there"),
    ),
    Setting(
        "ANLAN_SITE_URL",
        default="off",
        help=Words(
            "用户访问本系统的网址，写进邮件的链接；off 时邮件只写页面路径",
            "Address at which users reach the system, for the links of e-mail; off for the path of the page only",
        ),
    ),
    Setting(
        "ANLAN_DELIVERY_DAYS",
        default="90",
        unit="days",
        low=1,
        high=3650,
        help=Words("外发消息的记录保留多久", "How long the records of what was sent out are kept"),
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Values in force, one field a setting; whole numbers in the unit of their setting."""

    pack: str
    lang: str
    max_file_mb: int
    home: Path
    database_url: str
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    https: bool
    workers: int
    gateway_host: str
    gateway_port: int
    session_minutes: int
    lock_failures: int
    lock_minutes: int
    password_length: int
    password_days: int
    mail_host: str
    mail_port: int
    mail_tls: str
    mail_from: str
    mail_user: str
    mail_password_file: str
    webhook_url: str
    webhook_secret_file: str
    site_url: str
    delivery_days: int

    @property
    def max_file_bytes(self) -> int:
        """Largest file that is read, in bytes."""
        return self.max_file_mb * 1_000_000


def _ways_out(values: Mapping[str, str]) -> list[Words]:
    """What is wrong with the settings of e-mail and webhook, taken together."""
    problems = []
    for on, needed in (
        ("ANLAN_MAIL_HOST", "ANLAN_MAIL_FROM"),
        ("ANLAN_MAIL_USER", "ANLAN_MAIL_PASSWORD_FILE"),
        ("ANLAN_WEBHOOK_URL", "ANLAN_WEBHOOK_SECRET_FILE"),
    ):
        if values[on] != OFF and values[needed] == OFF:
            problems.append(Words(f"设了 {on}，还须设 {needed}", f"{on} is set: set {needed} too"))
    url = values["ANLAN_WEBHOOK_URL"]
    if url != OFF and not _may_receive(url):
        # The address may hold a key, so it is not repeated here.
        problems.append(
            Words(
                "ANLAN_WEBHOOK_URL：应为 https 网址，或以数字写的内网地址的 http 网址，不带用户名和口令",
                "ANLAN_WEBHOOK_URL: must be an https address, or http at a private address in digits, without a login",
            )
        )
    if (site := values["ANLAN_SITE_URL"]) != OFF and not re.fullmatch(r"https?://[^\s/?#@]+/?", site):
        problems.append(
            Words(
                f"ANLAN_SITE_URL={site}：应形如 https://office.example ，不带路径、用户名和口令",
                f"ANLAN_SITE_URL={site}: must be like https://office.example without a path or a login",
            )
        )
    return problems


def _may_receive(url: str) -> bool:
    """Whether notices may be sent there: names are not taken for http, because a name may lead anywhere."""
    try:
        parts = urlsplit(url)
        if parts.username is not None or not parts.hostname or parts.port == 0 or re.search(r"\s", url):
            return False
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost"):
            return True
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return False
    inside = address.is_loopback or address.is_private
    return parts.scheme == "http" and inside and not (address.is_link_local or address.is_unspecified)


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment given; names absent from it take their defaults.

    Raises InputError with every wrong value and every unknown ANLAN_ name.

    >>> load({"ANLAN_LANG": "en"}).lang
    'en'
    """
    known = {setting.name: setting for setting in SETTINGS}
    problems = [
        found for name, setting in known.items() if name in environ and (found := setting.problem(environ[name]))
    ]
    for name in sorted(environ):
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            problems.append(
                Words(
                    f"没有 {name} 这项设置" + (f"：是不是 {nearest[0]}？" if nearest else ""),
                    f"there is no setting {name}" + (f": was {nearest[0]} meant?" if nearest else ""),
                )
            )
    values = {name: environ.get(name, setting.default) for name, setting in known.items()}
    problems += _ways_out(values)
    if problems:
        raise InputError(*problems)
    return Settings(
        pack=values["ANLAN_PACK"],
        lang=values["ANLAN_LANG"],
        max_file_mb=int(values["ANLAN_MAX_FILE_MB"]),
        home=Path(values["ANLAN_HOME"]).expanduser().absolute(),
        database_url=values[DATABASE_URL],
        host=values["ANLAN_HOST"],
        port=int(values["ANLAN_PORT"]),
        allowed_hosts=tuple(
            name for host in values["ANLAN_ALLOWED_HOSTS"].split(",") if (name := host.strip().strip("[]"))
        ),
        https=values["ANLAN_HTTPS"] == "on",
        workers=int(values["ANLAN_WORKERS"]),
        gateway_host=values["ANLAN_GATEWAY_HOST"],
        gateway_port=int(values["ANLAN_GATEWAY_PORT"]),
        session_minutes=int(values["ANLAN_SESSION_MINUTES"]),
        lock_failures=int(values["ANLAN_LOCK_FAILURES"]),
        lock_minutes=int(values["ANLAN_LOCK_MINUTES"]),
        password_length=int(values["ANLAN_PASSWORD_LENGTH"]),
        password_days=int(values["ANLAN_PASSWORD_DAYS"]),
        mail_host=values["ANLAN_MAIL_HOST"],
        mail_port=int(values["ANLAN_MAIL_PORT"]),
        mail_tls=values["ANLAN_MAIL_TLS"],
        mail_from=values["ANLAN_MAIL_FROM"],
        mail_user=values["ANLAN_MAIL_USER"],
        mail_password_file=values["ANLAN_MAIL_PASSWORD_FILE"],
        webhook_url=values["ANLAN_WEBHOOK_URL"],
        webhook_secret_file=values["ANLAN_WEBHOOK_SECRET_FILE"],
        site_url=values["ANLAN_SITE_URL"].rstrip("/"),
        delivery_days=int(values["ANLAN_DELIVERY_DAYS"]),
    )
