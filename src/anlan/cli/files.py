"""Files as the verbs take and give them: bytes of FILE or standard input, messages about what went wrong."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from anlan.plan import pack
from anlan.plan.compiler.reading import Unreadable
from anlan.plan.document import Document, OrganRegister, compile_document
from anlan.settings import Settings, Words, load

STDIN: Final = "-"
WRONG: Final = 2
# After this long a person wonders whether anything happens.
PATIENCE_SECONDS: Final = 2.0
_REASONS: Final[dict[type[Exception], Words]] = {
    FileNotFoundError: Words("没有这个文件", "there is no such file"),
    IsADirectoryError: Words("这是文件夹，不是文件", "this is a folder, not a file"),
    NotADirectoryError: Words("路径中有一段不是文件夹", "a part of the path is no folder"),
    PermissionError: Words("没有权限", "permission denied"),
}


class WrongFileError(Exception):
    """File that cannot be read or written. `words` say which and why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def complain(words: Words, lang: str) -> int:
    """Says what is wrong on standard error and gives the exit status for it."""
    print(words.speak(lang), file=sys.stderr)
    return WRONG


def add_document_options(parser: argparse.ArgumentParser) -> None:
    """Options of every verb that compiles a document."""
    parser.add_argument(
        "--year",
        type=_year,
        metavar="Y",
        help="文件的年份，代替文中写的 / year of the document, instead of the one it states",
    )
    parser.add_argument(
        "--units",
        metavar="FILE",
        help="单位表（CSV 或 Excel），代替地区包里的 / register of units (CSV or Excel), instead of the pack's",
    )


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1949 <= int(text) <= 2199):
        raise argparse.ArgumentTypeError(f"{text}: 1949–2199")
    return int(text)


class Desk:
    """What compiling needs besides the document: settings and registers, read once for all files.

    Raises InputError if a setting, the pack or the register named by `--units` is not as it must be.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        self.lang: str = args.lang
        self.settings: Settings = load(os.environ)
        self._year: int | None = args.year
        self._units: OrganRegister | None = None
        self._district: OrganRegister | None = None
        if args.units is not None:
            path = Path(args.units)
            self._units = OrganRegister(Words(path.name, path.name), pack.load_organs(path))
        else:
            district = pack.load(self.settings.pack)
            place = next((one.name for one in district.divisions if one.code == district.region_code), district.name.zh)
            self._district = OrganRegister(district.name, district.organs, place)

    def compile(self, name: str) -> Document:
        """Compiled document of FILE or, for -, of standard input. Raises WrongFileError."""
        data = read_bytes(name, self.settings.max_file_bytes, self.lang)
        try:
            with _patience(name, self.lang):
                return compile_document(data, name, year=self._year, units=self._units, district=self._district)
        except Unreadable as reason:
            raise WrongFileError(Words(f"{name}：{reason.zh}", f"{name}: {reason.en}")) from reason

    def remark(self, document: Document) -> None:
        """Says on standard error what the reader of the file remarked."""
        for remark in document.source.remarks:
            words = Words(f"{document.name}：{remark.zh}", f"{document.name}: {remark.en}")
            print(words.speak(self.lang), file=sys.stderr)


def read_bytes(name: str, limit: int, lang: str) -> bytes:
    """Bytes of FILE or, for -, of standard input; never more than `limit`. Raises WrongFileError."""
    try:
        if name == STDIN:
            if sys.stdin is None:
                raise WrongFileError(Words("标准输入已关闭", "standard input is closed"))
            if sys.stdin.isatty():
                wait = Words(
                    "等待标准输入的文字，以 Ctrl-D 结束", "waiting for text on standard input, end with Ctrl-D"
                )
                print(wait.speak(lang), file=sys.stderr)
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise WrongFileError(_reason(name, error, Words("无法读取", "cannot read"))) from error
    if len(data) > limit:
        mb = f"{limit / 1e6:g} MB"
        zh = f"{name}：超过 {mb}（1 MB = 1,000,000 字节），请只保留方案正文，或调高 ANLAN_MAX_FILE_MB"
        en = f"{name}: larger than {mb} (1,000,000 bytes each); keep only the plan itself, or raise ANLAN_MAX_FILE_MB"
        raise WrongFileError(Words(zh, en))
    return data


def write_bytes(name: str, data: bytes, document: str, lang: str) -> None:
    """Writes a result, never over the `document` that it came from, and tells a person so. Raises WrongFileError."""
    path = Path(name)
    try:
        if document != STDIN and path.exists() and path.samefile(document):
            raise WrongFileError(
                Words(
                    f"{name} 就是要解析的文件，不能覆盖；请换一个输出文件",
                    f"{name} is the document itself and is not overwritten; choose another file",
                )
            )
        path.write_bytes(data)
    except (OSError, ValueError) as error:
        raise WrongFileError(_reason(name, error, Words("无法写入", "cannot write"))) from error
    if sys.stderr.isatty():
        print(Words(f"已写入 {name}", f"written to {name}").speak(lang), file=sys.stderr)


def standard_output() -> BinaryIO:
    """Standard output for bytes."""
    sys.stdout.flush()
    return sys.stdout.buffer


def _reason(name: str, error: OSError | ValueError, what: Words) -> Words:
    strerror = getattr(error, "strerror", None) or str(error)
    why = _REASONS.get(type(error), Words(strerror, strerror))
    return Words(f"{what.zh} {name}：{why.zh}", f"{what.en} {name}: {why.en}")


@contextlib.contextmanager
def _patience(name: str, lang: str) -> Iterator[None]:
    """Tells a person at the terminal that long work goes on."""
    if not sys.stderr.isatty():
        yield
        return
    words = Words(f"{name}：正在解析，文件较大，请稍候……", f"{name}: still compiling, this is a long one …")
    timer = threading.Timer(PATIENCE_SECONDS, lambda: print(words.speak(lang), file=sys.stderr, flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
