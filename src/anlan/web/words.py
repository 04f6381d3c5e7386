"""The English of the pages: finds every Chinese text in code and templates, and compiles the catalogue for gettext.

`python -m anlan.web.words [FILE.po …]` writes the .mo files (git ignores them, the wheel carries them) after merging
the entries of the files; with `--check` it lists what has no English and what nobody uses. It needs no gettext tools.
"""

from __future__ import annotations

import argparse
import ast
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation import templatize

LOCALE = Path(__file__).with_name("locale")
SOURCE = Path(__file__).resolve().parents[1]
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
# Chinese texts stand for themselves. They have a catalogue all the same: where English is the installation's language,
# Django would fall back to it for every text that the Chinese catalogue lacks.
CHINESE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.mo"

_PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_QUOTED = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_IN_TEMPLATE = re.compile(
    rf"\b(?:_|gettext)\(\s*{_QUOTED}\s*\)|\bngettext\(\s*{_QUOTED}\s*,\s*{_QUOTED}\s*,", re.DOTALL
)
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals={}; plural={};\n"


@dataclass(slots=True)
class Entry:
    """Text with its translation: one, or one for each number where `plural` is the text for several."""

    text: str
    plural: str = ""
    told: list[str] = field(default_factory=list)
    fuzzy: bool = False


class CatalogueError(ValueError):
    """Catalogue that cannot be read; says the line."""


def used(source: Path = SOURCE) -> dict[str, str]:
    """Texts of all code and templates, each with its plural ("" where it has none)."""
    found: dict[str, str] = {}
    for path in sorted(source.rglob("*.py")):
        for text, plural in in_code(path.read_text(encoding="utf-8")):
            found[text] = plural or found.get(text, "")
    for path in sorted(source.rglob("templates/**/*.html")):
        for text, plural in in_template(path.read_text(encoding="utf-8")):
            found[text] = plural or found.get(text, "")
    return found


def in_code(source: str) -> Iterator[tuple[str, str]]:
    """Texts that a module gives to gettext.

    >>> list(in_code('_("任务"), ngettext("一", "多", n), other("x")'))
    [('任务', ''), ('一', '多')]
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in _PLAIN and len(node.args) == 1 and texts:
            yield texts[0], ""
        elif name in _PLURAL and len(texts) == 2:
            yield texts[0], texts[1]


def in_template(source: str) -> Iterator[tuple[str, str]]:
    """Texts of the translate and blocktranslate tags of a template."""
    for match in _IN_TEMPLATE.finditer(templatize(source)):
        one, first, several = match.groups()
        if one:
            yield ast.literal_eval(one), ""
        else:
            yield ast.literal_eval(first), ast.literal_eval(several)


def read(po: str) -> list[Entry]:
    """Entries of a catalogue but its header. Raises CatalogueError.

    >>> read('msgid "任务"\\nmsgstr "Task"\\n')[0].told
    ['Task']
    """
    entries: list[Entry] = []
    fuzzy = False
    goal = ""
    for number, line in enumerate(po.splitlines(), start=1):
        line = line.strip()
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line:
            goal = ""
            continue
        match = re.fullmatch(r"(?:(msgid|msgid_plural|msgstr)(?:\[(\d)\])?\s+)?(\".*\")", line)
        if match is None or not (match[1] or goal):
            raise CatalogueError(f"line {number}: {line}")
        piece = str(ast.literal_eval(match[3]))
        if match[1]:
            goal = match[1]
            if goal == "msgid":
                entries.append(Entry("", fuzzy=fuzzy))
                fuzzy = False
            if not entries:
                raise CatalogueError(f"line {number}: {line}")
            if goal == "msgstr":
                entries[-1].told.append("")
        if goal == "msgid":
            entries[-1].text += piece
        elif goal == "msgid_plural":
            entries[-1].plural += piece
        else:
            entries[-1].told[-1] += piece
    return [entry for entry in entries if entry.text]


def written(entries: Iterable[Entry]) -> str:
    """Catalogue as a file, in the order of the texts."""
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=UTF-8\\n"', '"Language: en\\n"']
    for entry in sorted(entries, key=lambda one: one.text):
        lines += ["", f"msgid {_quoted(entry.text)}"]
        if entry.plural:
            lines.append(f"msgid_plural {_quoted(entry.plural)}")
            lines += [f"msgstr[{number}] {_quoted(told)}" for number, told in enumerate(entry.told)]
        else:
            lines.append(f"msgstr {_quoted(entry.told[0])}")
    return "\n".join(lines) + "\n"


def compiled(texts: Mapping[str, str], forms: int = 2, rule: str = "(n != 1)") -> bytes:
    """Catalogue in the binary form of gettext. Several forms of a text are joined by NUL, as it wants them."""
    pairs = {"": _HEADER.format(forms, rule), **texts}
    keys = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    start = 28 + 16 * len(keys)
    tables: tuple[list[int], list[int]] = ([], [])
    data = b""
    for column, table in enumerate(tables):
        for pair in keys:
            table += [len(pair[column]), start + len(data)]
            data += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + struct.pack(f"<{4 * len(keys)}I", *tables[0], *tables[1]) + data


def refresh() -> bool:
    """Writes the .mo files if the catalogue is newer; False if they are fresh, or where the folder is read-only."""
    english = ENGLISH.with_suffix(".mo")
    source = ENGLISH.stat().st_mtime_ns
    if all(path.is_file() and path.stat().st_mtime_ns >= source for path in (english, CHINESE)):
        return False
    entries = read(ENGLISH.read_text(encoding="utf-8"))
    several = {entry.text: f"{entry.text}\0{entry.plural}" if entry.plural else entry.text for entry in entries}
    told = {several[entry.text]: "\0".join(entry.told) for entry in entries if all(entry.told)}
    own = {key: key.partition("\0")[2] or key for key in several.values()}
    try:
        _replace(english, compiled(told))
        _replace(CHINESE, compiled(own, 1, "0"))
    except PermissionError:
        return False
    return True


def problems() -> list[str]:
    """What is wrong with the English: texts without it, fuzzy ones, ones that nobody uses, places that differ."""
    found = []
    entries = read(ENGLISH.read_text(encoding="utf-8"))
    known = {entry.text: entry for entry in entries}
    texts = used()
    if len(known) != len(entries):
        found.append("a text stands twice")
    for text, plural in texts.items():
        entry = known.get(text)
        if entry is None or not entry.told or not all(entry.told):
            found.append(f"no English: {text}")
        elif entry.plural != plural or len(entry.told) != (2 if plural else 1):
            found.append(f"other plural: {text}")
        elif entry.fuzzy:
            found.append(f"fuzzy: {text}")
        elif any(not _places(told) <= _places(text) for told in entry.told):
            found.append(f"names a place the text has not: {text}")
    found += [f"used nowhere: {text}" for text in known if text not in texts]
    return found


def merge(files: Iterable[Path]) -> None:
    """Adds the entries of other catalogues to the English one, and leaves out what nobody uses any more.

    What the English one has already stays as it is.
    """
    known = {entry.text: entry for entry in read(ENGLISH.read_text(encoding="utf-8"))}
    for path in files:
        for entry in read(path.read_text(encoding="utf-8")):
            if entry.text not in known or (entry.plural and not known[entry.text].plural):
                known[entry.text] = entry
    texts = used()
    _replace(ENGLISH, written(entry for text, entry in known.items() if text in texts).encode())


def main(argv: Sequence[str] | None = None) -> int:
    """Command line: compiles, after merging the files named; with --check lists what is wrong (1 if anything is)."""
    parser = argparse.ArgumentParser(prog="python -m anlan.web.words", description="英文词条 / English of the pages")
    parser.add_argument("--check", action="store_true", help="只检查 / only check")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.po", help="并入的词条 / entries to merge")
    args = parser.parse_args(argv)
    if not settings.configured:
        settings.configure(USE_I18N=True)
    if args.check:
        wrong = problems()
        print("\n".join(wrong))
        return 1 if wrong else 0
    if args.files:
        merge(args.files)
    refresh()
    return 0


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def _replace(path: Path, data: bytes) -> None:
    """Written so that two servers starting at once leave a whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(path)


if __name__ == "__main__":
    sys.exit(main())
