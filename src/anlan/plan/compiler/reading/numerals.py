"""Numbers as Word prints them in automatic numbering (ECMA-376 part 1, 17.18.59 ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED_HANZI = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def print_number(number: int, form: str) -> str:
    """Number in a format of Word's; decimal where the format is unknown or has no sign for so large a number.

    >>> print_number(21, "chineseCounting"), print_number(3, "decimalEnclosedCircle"), print_number(28, "upperLetter")
    ('二十一', '③', 'BB')
    """
    printer = _PRINTERS.get(form)
    printed = printer(number) if printer else None
    return str(number) if printed is None else printed


def _by_digit(number: int, zero: str = "〇") -> str | None:
    return "".join(_DIGITS[int(d)] for d in str(number)).replace("〇", zero) if number >= 0 else None


def _counting(number: int) -> str | None:
    """一 … 十 … 九十九, then digit by digit (一○○): what Word calls chineseCounting."""
    if number >= 100:
        return _by_digit(number, "○")
    return _thousands(number)


def _thousands(number: int, digits: str = _DIGITS, places: str = "十百千", zero: str = "零") -> str | None:
    if not 0 <= number < 10_000:
        return None
    if number == 0:
        return zero
    printed = ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            printed += digits[digit] + (places[place - 1] if place else "")
        elif printed and number % 10**place and not printed.endswith(zero):
            printed += zero
    # 十一, not 一十一 - but 壹拾壹, which cheques want in full.
    return printed[1:] if digits == _DIGITS and 10 <= number < 20 else printed


def _japanese(number: int) -> str | None:
    printed = _thousands(number, zero="")
    if printed is None or number < 100:
        return "〇" if number == 0 else printed
    return printed.replace("一百", "百").replace("一千", "千")


def _legal(digits: str) -> Callable[[int], str | None]:
    return lambda number: _thousands(number, digits, "拾佰仟")


def _letters(number: int) -> str | None:
    # Word doubles letters after Z: AA, BB … where a spreadsheet would say AA, AB.
    return chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 780 else None


def _roman(number: int) -> str | None:
    if not 0 < number < 4000:
        return None
    printed = ""
    for value, sign in _ROMAN:
        printed += sign * (number // value)
        number %= value
    return printed


def _lower(printer: Callable[[int], str | None]) -> Callable[[int], str | None]:
    return lambda number: (printed := printer(number)) and printed.lower()


def _row(first: str, count: int) -> Callable[[int], str | None]:
    """Signs that stand in a row in Unicode, the first for 1."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= count else None


def _cycle(signs: str) -> Callable[[int], str | None]:
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else None


def _circled(number: int) -> str | None:
    for first, last, sign in ((1, 20, "①"), (21, 35, "㉑"), (36, 50, "㊱")):
        if first <= number <= last:
            return chr(ord(sign) + number - first)
    return None


def _full_width(number: int) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in str(number))


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


_PRINTERS: dict[str, Callable[[int], str | None]] = {
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _thousands,
    "taiwaneseCountingThousand": _thousands,
    "ideographDigital": _by_digit,
    "japaneseDigitalTenThousand": _by_digit,
    "taiwaneseDigital": lambda number: _by_digit(number, "○"),
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": _legal("零壹贰叁肆伍陆柒捌玖"),
    "ideographLegalTraditional": _legal("零壹貳參肆伍陸柒捌玖"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _cycle(_CIRCLED_HANZI),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _row("⒈", 20),
    "decimalEnclosedParen": _row("⑴", 20),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalZero": lambda number: f"{number:02d}",
    "numberInDash": lambda number: f"- {number} -",
    "ordinal": _ordinal,
    "upperLetter": _letters,
    "lowerLetter": _lower(_letters),
    "upperRoman": _roman,
    "lowerRoman": _lower(_roman),
    "none": lambda number: "",
}
