"""One form for the ways in which the same text is typed: widths, traditional and variant characters, item numbers."""

from __future__ import annotations

import functools
import re
import unicodedata

# Variants that are neither traditional nor simplified, and slips of input methods that stand for one word only.
_VARIANTS = {
    "汚": "污",
    "圬": "污",
    "砿": "矿",
    "綫": "线",
    "鑛": "矿",
    "処": "处",
    "沒": "没",
    "囯": "国",
    "厰": "厂",
    "滙": "汇",
    "隄": "堤",
    "裏": "里",
    "峯": "峰",
    "羣": "群",
    "堿": "碱",
    "舖": "铺",
    "併": "并",
    "査": "查",
}
_SLIPS = {"马头装": "码头装", "处里设施": "处理设施", "污水处里": "污水处理", "㎥": "m3"}
_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
# Cells of places, sources and units recur, and are read more than once; descriptions are not kept.
_SHORT = 32
_CJK = range(0x4E00, 0x9FFF)
# 1. （一） 问题： 反馈问题3： before the sentence itself.
_NUMBERED = re.compile(
    r"^(?:(?:反馈)?(?:存在)?(?:的)?(?:主要)?问题\d{0,3}[:：]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[.、](?!\d)|"
    r"第?[一二三四五六七八九十]{1,3}[、.是]|[①-⑳])+"
)


@functools.cache
def _table() -> dict[int, str]:
    """Traditional to simplified, one for one (OpenCC's table), and the variants."""
    import opencc

    characters = [chr(code) for code in _CJK]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    simplified = {ord(a): b for a, b in zip(characters, converted, strict=True) if a != b and len(b) == 1}
    return simplified | {ord(a): b for a, b in _VARIANTS.items()}


def fold(text: str) -> str:
    """Text in half-width, simplified, lower-case characters, without white space.

    >>> fold("占用 ３８０Ｍ，約2.5㎡"), fold("汚水管綫")
    ('占用380m,约2.5m2', '污水管线')
    """
    return _folded(text) if len(text) < _SHORT else _folded.__wrapped__(text)


@functools.lru_cache(maxsize=1 << 17)
def _folded(text: str) -> str:
    text = _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_table())
    for slip, meant in _SLIPS.items():
        if slip in text:
            text = text.replace(slip, meant)
    return text


def sentence(text: str) -> str:
    """Folded text without the number or the label before it.

    >>> sentence("（一）反馈问题：昌江岸线被占用"), sentence("1.2公里管网破损")
    ('昌江岸线被占用', '1.2公里管网破损')
    """
    return _NUMBERED.sub("", fold(text))
