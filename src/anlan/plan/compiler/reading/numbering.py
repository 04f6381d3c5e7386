"""Word's automatic numbering, computed: the 一、 and （二） that stand on the page but nowhere in the text.

Terms are those of ECMA-376 part 1, 17.9: a paragraph names an instance (num) and a level, the instance
an abstract numbering, which holds the levels. Counters belong to the abstract numbering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import etree

from anlan.plan.compiler.reading.numerals import print_number
from anlan.plan.compiler.reading.symbols import bullet
from anlan.plan.compiler.reading.xml import local

_PLACE = re.compile(r"%([1-9])")
_SEPARATORS = {"tab": "\t", "space": " ", "nothing": ""}
_LEVELS = 9
# Word's counters end at 32 767; a start value beyond is damage.
_MOST = 32_767
# Styles based on styles: Word allows eleven generations; a ring of styles is damage.
_GENERATIONS = 12


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbering. `restart` is None for "after any higher level", 0 for never, else a level from 1."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    separator: str = "\t"
    restart: int | None = None
    legal: bool = False
    style: str = ""
    width: int = 0
    hidden: bool = False


@dataclass(slots=True)
class _Instance:
    name: str
    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(frozen=True, slots=True)
class Style:
    """What reading needs of a style: its parent, its numbering and whether its text is hidden (None: as the parent)."""

    parent: str = ""
    instance: str | None = None
    level: int | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class Styles:
    """Styles of a document by their id; `default` is that of paragraphs which name none."""

    by_id: Mapping[str, Style] = field(default_factory=dict)
    default: str = ""

    def chain(self, name: str) -> Iterator[tuple[str, Style]]:
        """Style and those it is based on, itself first."""

        def ancestors() -> Iterator[tuple[str, Style]]:
            at = name
            while at in self.by_id:
                yield at, self.by_id[at]
                at = self.by_id[at].parent

        return islice(ancestors(), _GENERATIONS)

    def hidden(self, name: str) -> bool:
        """Whether a style hides its text."""
        return next((style.hidden for _, style in self.chain(name) if style.hidden is not None), False)


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """First child of that name, or of that path of names."""
    for name in names:
        if element is None:
            return None
        element = next((c for c in element if local(c) == name), None)
    return element


def attribute(element: etree._Element | None, name: str = "val") -> str | None:
    """Attribute by its name without namespace; None if the element or the attribute is missing."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def on(element: etree._Element | None) -> bool:
    """Whether an on/off property is there and not switched off."""
    return element is not None and (attribute(element) or "true") not in {"0", "false", "off", "none"}


def number(text: str | None) -> int | None:
    """Whole number of an attribute; None if it is missing, no number or beyond what Word counts to."""
    try:
        value = int(text or "")
    except ValueError:
        return None
    return value if -_MOST <= value <= _MOST else None


def read_styles(root: etree._Element | None) -> Styles:
    """Styles of a document's styles part."""
    styles: dict[str, Style] = {}
    default = ""
    for element in root if root is not None else ():
        name = attribute(element, "styleId")
        if local(element) != "style" or not name:
            continue
        properties = child(element, "pPr", "numPr")
        vanish = child(element, "rPr", "vanish")
        styles[name] = Style(
            parent=attribute(child(element, "basedOn")) or "",
            instance=attribute(child(properties, "numId")),
            level=number(attribute(child(properties, "ilvl"))),
            hidden=None if vanish is None else on(vanish),
        )
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true", "on"}:
            default = name
    return Styles(styles, default)


def _read_level(element: etree._Element, base: Level | None = None) -> Level:
    level = base or Level()
    form = child(element, "numFmt")
    if form is None:
        # A format of its own ("001, 002, …") stands in an alternative that newer Word reads.
        form = next((e for e in element.iter() if local(e) == "numFmt"), None)
    custom = attribute(form, "format") or ""
    font = attribute(child(element, "rPr", "rFonts"), "ascii") or ""
    text = attribute(child(element, "lvlText"))
    name = attribute(form) or level.form
    start = number(attribute(child(element, "start")))
    if child(element, "lvlPicBulletId") is not None:
        text = "•"
    elif text is not None and name == "bullet":
        text = bullet(text, font)
    return replace(
        level,
        start=level.start if start is None else start,
        form="decimal" if name == "custom" else name,
        text=level.text if text is None else text,
        separator=_SEPARATORS.get(attribute(child(element, "suff")) or "tab", "\t"),
        restart=number(attribute(child(element, "lvlRestart"))),
        legal=on(child(element, "isLgl")),
        style=attribute(child(element, "pStyle")) or level.style,
        width=len(custom.split(",")[0].strip()) if custom[:1] == "0" else 0,
        hidden=on(child(element, "rPr", "vanish")),
    )


def _read_levels(element: etree._Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for each in element:
        at = number(attribute(each, "ilvl"))
        if local(each) == "lvl" and at is not None and 0 <= at < _LEVELS:
            levels[at] = _read_level(each)
    return levels


class Numbering:
    """Counters of one document; `label` must be asked once for each paragraph, in order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._instances: dict[str, _Instance] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        abstracts: dict[str, dict[int, Level]] = {}
        links: dict[str, str] = {}
        elements = list(root) if root is not None else []
        for element in elements:
            name = attribute(element, "abstractNumId")
            if local(element) == "abstractNum" and name is not None:
                abstracts[name] = _read_levels(element)
                if link := attribute(child(element, "numStyleLink")):
                    links[name] = link
        targets = {
            attribute(element, "numId"): attribute(child(element, "abstractNumId")) or ""
            for element in elements
            if local(element) == "num"
        }
        for element in elements:
            name = attribute(element, "numId")
            if local(element) == "num" and name is not None:
                abstract = targets[name]
                if abstract in links and (style := styles.by_id.get(links[abstract])):
                    abstract = targets.get(style.instance, abstract)
                self._instances[name] = _read_instance(element, name, abstract, abstracts.get(abstract, {}))

    def label(self, properties: etree._Element | None) -> str:
        """Number of the next paragraph as printed, with what separates it from the text; empty if it has none."""
        instance, at = self._place(properties)
        if instance is None:
            return ""
        level = instance.levels.get(at)
        if level is None:
            return ""
        self._count(instance, at, level)
        if level.hidden:
            return ""
        if level.form == "bullet":
            return level.text + level.separator if level.text else ""
        printed = _PLACE.sub(lambda match: self._printed(instance, int(match[1]) - 1, level), level.text)
        return printed + level.separator if printed else ""

    def _place(self, properties: etree._Element | None) -> tuple[_Instance | None, int]:
        """Instance and level of a paragraph: its own, else those of its style or of one that this is based on."""
        own = child(properties, "numPr")
        name = attribute(child(own, "numId"))
        at = number(attribute(child(own, "ilvl")))
        if name is None:
            used = attribute(child(properties, "pStyle")) or self._styles.default
            for holder, style in self._styles.chain(used):
                if style.instance is None:
                    at = style.level if at is None else at
                    continue
                name = style.instance
                if at is None and (found := self._instances.get(name)):
                    tied = {level.style: i for i, level in found.levels.items() if level.style}
                    at = tied.get(used, tied.get(holder, style.level))
                break
        # Instance 0 takes the numbering of the style away again.
        if name is None or name == "0":
            return None, 0
        return self._instances.get(name), min(max(at or 0, 0), _LEVELS - 1)

    def _count(self, instance: _Instance, at: int, level: Level) -> None:
        counters = self._counters.setdefault(instance.abstract, {})
        name = (instance.name, at)
        if name not in self._begun and at in instance.starts:
            counters[at] = instance.starts[at]
        elif at in counters:
            counters[at] += 1
        else:
            counters[at] = level.start
        self._begun.add(name)
        for lower in range(at + 1, _LEVELS):
            restart = instance.levels[lower].restart if lower in instance.levels else None
            if restart is None or at + 1 <= restart:
                counters.pop(lower, None)

    def _printed(self, instance: _Instance, at: int, asking: Level) -> str:
        level = instance.levels.get(at)
        if level is None:
            return ""
        # A level that was never counted prints its start: "1.1" where the first paragraph is of level two.
        value = self._counters[instance.abstract].get(at, instance.starts.get(at, level.start))
        if asking.legal:
            return str(value)
        return str(value).zfill(level.width) if level.width else print_number(value, level.form)


def _read_instance(element: etree._Element, name: str, abstract: str, levels: Mapping[int, Level]) -> _Instance:
    instance = _Instance(name, abstract, dict(levels), {})
    for override in element:
        at = number(attribute(override, "ilvl"))
        if local(override) != "lvlOverride" or at is None or not 0 <= at < _LEVELS:
            continue
        if (level := child(override, "lvl")) is not None:
            instance.levels[at] = _read_level(level, instance.levels.get(at))
        if (start := number(attribute(child(override, "startOverride")))) is not None:
            instance.starts[at] = start
    return instance
