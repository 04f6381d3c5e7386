"""Ways to damage a plan: what scanners, copying, editors and hostile hands do to a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_WORDS = """
    1. 12. （一） 一、 第三条 第一章 1.1 （3） ① 任务一： 附件1： 附件： 目录 序号 1.2.3 2） 第一部分 二是
    2025年 2025年2月30日 12月底前 每月25日前 到2027年 上半年 1-3月 0月0日 9999年 十四五期间 年底前完成 2025-2020年
    5个工作日内 立行立改 长期坚持 二○二五年十三月 13月 31日前 2025.13.40 2025-00-00 截止时间：2025-02-31 11月至2月
    （牵头单位： 责任单位： （市发改委负责） 市住建局牵头 、区水利局 由区农业农村局会同 等有关部门 配合单位： 负责）
    整改时限： 问题描述： 整改措施： 责任领导： 排在第一位的为牵头单位，下同 各乡镇（街道） 按职责分工负责 对辖区负总责
    达到95%以上 不低于3 8000% 10余万元 三分之二 翻两番 百分之 1,000,000.5亿元 五百 0. 99999999999999999999万亩 3-2个
    国办发〔2025〕3号 《关于印发某方案的通知》 发布时间：2025-13-01 来源： 責任單位： |序号|任务| 征求意见结果：无
"""
PIECES = (
    *"（）()〔〕[]【】《》“”\"'。；：，、,;:.-—…|/%※○●①⑳\t\n\r\x00\u3000\u200b\ufeff\ud800😀亿万千百十一二三0129",
    *_WORDS.split(),
    "序号\t任务\t责任单位\n",
    "1\t加强管理\t市水利局\n",
    "序号\n任务\n责任单位\n1\n加强管理\n市水利局\n",
    "某市人民政府办公室\n2025年1月1日\n",
)
_WIDER = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_NARROWER = {wide: narrow for narrow, wide in _WIDER.items()}
_LONGEST = 33_000


def _cut(text: str, random: Random, longest: int = 400) -> tuple[int, int]:
    start = random.randint(0, len(text))
    return start, min(len(text), start + random.randint(0, longest))


def flip(text: str, random: Random) -> str:
    """Some characters are others."""
    characters = list(text)
    for _ in range(random.randint(1, 20)):
        if characters:
            characters[random.randrange(len(characters))] = random.choice((*text, random.choice(PIECES)))
    return "".join(characters)


def delete(text: str, random: Random) -> str:
    """A stretch is missing."""
    start, end = _cut(text, random)
    return text[:start] + text[end:]


def delete_one_kind(text: str, random: Random) -> str:
    """A mark is missing everywhere, or nearly so."""
    mark = random.choice(text) if text else ""
    return "".join(c for c in text if c != mark or random.random() < 0.1)


def duplicate(text: str, random: Random) -> str:
    """A stretch stands twice."""
    start, end = _cut(text, random)
    return text[:end] + text[start:]


def swap(text: str, random: Random) -> str:
    """Two stretches have changed places."""
    (a, b), (c, d) = sorted((_cut(text, random), _cut(text, random)))
    c, d = max(b, c), max(b, d)
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def insert(text: str, random: Random) -> str:
    """Brackets, marks, numbers, dates and duty phrases stand where they should not."""
    for _ in range(random.randint(1, 12)):
        place = random.randint(0, len(text))
        text = text[:place] + random.choice(PIECES) * random.choice((1, 1, 1, 2, 9)) + text[place:]
    return text


def widths(text: str, random: Random) -> str:
    """Half-width characters are full-width or the other way round, all or some."""
    table = random.choice((_WIDER, _NARROWER))
    if random.random() < 0.5:
        return text.translate(table)
    return "".join(c.translate(table) if random.random() < 0.3 else c for c in text)


def join_lines(text: str, random: Random) -> str:
    """Line breaks are missing."""
    return text.replace("\n", "") if random.random() < 0.5 else re.sub("\n", lambda _: random.choice("\n "), text)


def break_lines(text: str, random: Random) -> str:
    """Lines break everywhere, or at a fixed width as on paper."""
    width = random.choice((1, 1, 2, 7, 20, 38))
    mark = random.choice(("\n", "\n", "\r\n", "\n\n", "\t"))
    return mark.join(text[i : i + width] for i in range(0, len(text), width))


def shuffle_lines(text: str, random: Random) -> str:
    """Lines have lost their order."""
    lines = text.split("\n")
    random.shuffle(lines)
    return "\n".join(lines)


def truncate(text: str, random: Random) -> str:
    """The text breaks off, at its end or its beginning."""
    place = random.randint(0, len(text))
    return text[:place] if random.random() < 0.7 else text[place:]


def repeat(text: str, random: Random) -> str:
    """A short stretch stands ten thousand times, as far as 100 kB hold it."""
    start, end = _cut(text, random, 30)
    fragment = text[start:end] or random.choice(PIECES)
    times = min(10_000, max(1, (_LONGEST - len(text)) // len(fragment)))
    return text[:start] + fragment * times + text[end:]


def noise(text: str, random: Random) -> str:
    """Nothing but pieces."""
    return "".join(random.choice(PIECES) for _ in range(random.randint(0, 300)))


ALL: tuple[Callable[[str, Random], str], ...] = (
    flip, delete, delete_one_kind, duplicate, swap, insert, insert, widths, join_lines, break_lines, shuffle_lines,
    truncate, noise,
)  # fmt: skip


def mutate(text: str, random: Random) -> str:
    """Text damaged once to five times, at most about 100 kB of UTF-8."""
    for _ in range(random.randint(1, 5)):
        text = random.choice(ALL)(text, random)[:_LONGEST]
    return repeat(text, random)[:_LONGEST] if random.random() < 0.03 else text
