"""Numbers as Chinese documents print them, read exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    **{c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{c: i for i, c in enumerate("○壹貳參肆伍陸柒捌玖")},
    "两": 2,
    "兩": 2,
}
SCALES = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8,
    "拾": 10, "佰": 100, "仟": 1000, "萬": 10**4, "億": 10**8,
}  # fmt: skip
SPELLED = "".join(DIGITS) + "".join(SCALES)
# Longer runs are identity codes, telephone or account numbers, not amounts; the bound also keeps arithmetic exact.
MOST_DIGITS = 18

_WIDTHS = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
_ARABIC = re.compile(r"[0-9]{1,18}(?:,[0-9]{3}){0,5}(?:\.[0-9]{1,18})?")
_PIECE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?)([十百千万亿]{0,2})")
_HUNDREDTHS = {"百分之": 100, "千分之": 1000, "万分之": 10000}


def decimal(value: Fraction) -> Decimal:
    """Fraction as a decimal: exact where it ends within 28 digits, else rounded half to even at 28.

    >>> decimal(Fraction(20000, 3))
    Decimal('6666.666666666666666666666667')
    """
    return Decimal(value.numerator) / Decimal(value.denominator)


def arabic(text: str) -> Decimal | None:
    """Number in digits, with thousands separators and full-width forms; None if it is none.

    >>> arabic("１２，３４５.5"), arabic("1,23")
    (Decimal('12345.5'), None)
    """
    plain = text.translate(_WIDTHS)
    if not _ARABIC.fullmatch(plain):
        return None
    bare = plain.replace(",", "")
    return Decimal(bare) if len(bare) <= 2 * MOST_DIGITS else None


def spelled(text: str) -> Decimal | None:
    """Number in Chinese numerals, ordinary or financial; None if it is none.

    >>> spelled("三千二百"), spelled("一百零五"), spelled("两万五"), spelled("二〇二五"), spelled("三点五")
    (Decimal('3200'), Decimal('105'), Decimal('25000'), Decimal('2025'), Decimal('3.5'))
    >>> spelled("万"), spelled("十百"), spelled("一万一万")
    (None, None, None)
    """
    whole, point, part = text.partition("点")
    if len(text) > 2 * MOST_DIGITS or not whole or (point and not part) or any(c not in DIGITS for c in part):
        return None
    if all(c in DIGITS for c in whole):
        # A row of digits is read place by place, but 两三 is "two or three".
        if len(whole) > 1 and any(c in "两兩" for c in whole):
            return None
        integer: int | None = int("".join(str(DIGITS[c]) for c in whole))
    else:
        integer = _grouped(whole)
    if integer is None:
        return None
    return Decimal(f"{integer}.{''.join(str(DIGITS[c]) for c in part)}") if part else Decimal(integer)


def _grouped(text: str) -> int | None:
    """Numerals with 十百千 inside groups of 万 and 亿; each step must go down."""
    total = group = 0
    digit: int | None = None
    limit, ceiling = 10**4, 10**13
    last = 0
    for character in text:
        if character in DIGITS:
            if digit is not None:
                return None
            if DIGITS[character] == 0:
                last = 0
            else:
                digit = DIGITS[character]
            continue
        scale = SCALES.get(character)
        if scale is None:
            return None
        if scale < 10**4:
            if scale >= limit or (digit is None and (scale > 10 or group)):
                return None
            group += (digit or 1) * scale
            limit = scale
        elif scale == 10**4:
            group += digit or 0
            if not group or ceiling <= scale:
                return None
            total, group, limit, ceiling = total + group * scale, 0, 10**4, scale
        else:
            amount = total + group + (digit or 0)
            if not amount or amount >= 10**8 or ceiling == 10**8:
                return None
            total, group, limit, ceiling = amount * scale, 0, 10**4, scale
        digit, last = None, scale
    if digit is not None:
        # 三百五 is 350: after a step without 零 the last digit counts in the next lower place.
        group += digit * (last // 10 if last > 10 else 1)
    return total + group


def mixed(text: str) -> Decimal | None:
    """Digits with scale characters: 6.05万, 3万5千, 1亿2千万.

    >>> mixed("6.05万"), mixed("1亿2千万"), mixed("5万亿"), mixed("3千5万")
    (Decimal('60500.00'), Decimal('120000000'), Decimal('5000000000000'), None)
    """
    place, total, ceiling = 0, Fraction(0), 10**17
    for _ in range(4):
        piece = _PIECE.match(text, place)
        if not piece:
            break
        scale = multiplier(piece[2])
        if scale >= ceiling:
            return None
        total, ceiling, place = total + Fraction(piece[1]) * scale, scale, piece.end()
        if place == len(text):
            exact = Decimal(piece[1]) * scale
            return exact if total == Fraction(exact) else decimal(total)
    return None


def multiplier(scale: str) -> int:
    """Factor that scale characters stand for, 1 for none.

    >>> multiplier("万"), multiplier("千万"), multiplier("万亿"), multiplier("")
    (10000, 10000000, 1000000000000, 1)
    """
    factor = 1
    for character in scale:
        factor *= SCALES[character]
    return factor


def number(text: str) -> Decimal | None:
    """Number printed in `text` and nothing else; None if it is none. Shares become fractions of one.

    Exact, except shares that do not end (三分之二), which are rounded half to even at 28 digits.

    >>> number("3,200"), number("三千二百"), number("十二"), number("6.05万"), number("1.2亿")
    (Decimal('3200'), Decimal('3200'), Decimal('12'), Decimal('60500.00'), Decimal('120000000.0'))
    >>> number("百分之三十"), number("３５％"), number("四分之三"), number("一批")
    (Decimal('0.3'), Decimal('0.35'), Decimal('0.75'), None)
    """
    plain = text.strip().translate(_WIDTHS)
    if len(plain) > 4 * MOST_DIGITS:
        return None
    if plain[:3] in _HUNDREDTHS:
        share = number(plain[3:]) if plain[3:] != "百" else Decimal(100)
        return None if share is None else share / _HUNDREDTHS[plain[:3]]
    below, over, above = plain.partition("分之")
    if over:
        return share_of(above, below)
    if plain.endswith(("%", "‰")):
        amount = arabic(plain[:-1])
        return None if amount is None else amount / (100 if plain[-1] == "%" else 1000)
    exact = arabic(plain)
    if exact is None:
        exact = mixed(plain) if plain[:1].isdecimal() else spelled(plain)
    return exact


def share_of(above: str, below: str) -> Decimal | None:
    """Fraction `above` over `below`, both spelled or in digits; None if either is no number.

    >>> share_of("二", "三")
    Decimal('0.6666666666666666666666666667')
    """
    numerator, denominator = (arabic(part) if part[:1].isdecimal() else spelled(part) for part in (above, below))
    if numerator is None or not denominator:
        return None
    return decimal(Fraction(numerator) / Fraction(denominator))
