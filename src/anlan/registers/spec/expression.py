"""The expressions of checks and formulas: a small whitelisted language over exact numbers. Pure.

    stock == previous.stock + received - used
    facility == 'none' or capacity > 0
    round(flow / plant.capacity * 100, 1) <= 120

The syntax is that of Python's expressions, of which little is let through: numbers, texts in quotes, true and false,
names, + - * /, comparisons, in, and, or, not, "a if c else b", and the functions of FUNCTIONS. Numbers are exact
fractions: nothing is rounded unless round() says so. What is not filled in is unknown: a sum with it is unknown, a
comparison with it neither holds nor fails, and a check fails only where it is known to.
"""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, TypeAlias

from anlan.settings import InputError, Words

# Fraction for every number; a point is (longitude, latitude) in degrees.
Value: TypeAlias = Fraction | str | bool | dt.date | tuple[Fraction, Fraction] | None
Given: TypeAlias = Mapping[str, Value]
_Run: TypeAlias = Callable[[Given], Value]
LONGEST = 1000
_DEEPEST = 60


class Kind(StrEnum):
    """Kind of a value; of a thing one can only ask whether it is there."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    YESNO = "yesno"
    POINT = "point"
    THING = "thing"
    # Of a register that is not at hand yet: the linter reads the expression again when it is.
    ANY = "any"


_WORDS = {
    Kind.NUMBER: Words("数", "a number"),
    Kind.TEXT: Words("文字", "a text"),
    Kind.DATE: Words("日期", "a date"),
    Kind.YESNO: Words("是否", "true or false"),
    Kind.POINT: Words("坐标", "a point"),
    Kind.THING: Words("附件、单位或引用", "a file, unit or reference"),
    Kind.ANY: Words("引用的字段", "a field of a reference"),
}


@dataclass(frozen=True, slots=True)
class Expression:
    """Expression that was read: its text, the dotted names it asks for, the kind of its value."""

    text: str
    names: frozenset[str]
    kind: Kind
    run: _Run
    # Templates call whatever can be called: this is to be looked at there.
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, given: Given) -> Value:
        """Value for these values by dotted name; a name that is not given is unknown (None)."""
        return self.run(given)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def read(
    text: str,
    kinds: Mapping[str, Kind],
    choices: Mapping[str, frozenset[str]] | None = None,
    fronts: tuple[str, ...] = (),
) -> Expression:
    """Expression of a text. `kinds` are the dotted names there are, `choices` the ids of those that have some.

    A name that begins with one of `fronts` and a dot, and is none of `kinds`, is let through with any kind.

    Raises InputError with everything that is wrong with it.
    """
    if len(text) > LONGEST:
        raise InputError(Words(f"表达式超过 {LONGEST} 字", f"the expression is longer than {LONGEST} characters"))
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = getattr(error, "offset", None)
        raise InputError(
            Words(
                f"表达式“{text}”读不懂" + (f"（第 {place} 个字符附近）" if place else ""),
                f"the expression “{text}” cannot be read" + (f" (near character {place})" if place else ""),
            )
        ) from None
    reader = _Reader(text.strip(), kinds, choices or {}, fronts)
    kind, run = reader.node(tree.body, 0)
    if reader.problems:
        raise InputError(*dict.fromkeys(reader.problems))
    return Expression(text.strip(), frozenset(reader.names), kind, run)


def texts_of(text: str) -> list[str]:
    """Texts in quotes that an expression may give as its value.

    >>> texts_of("'heavy' if sd < 10 else 'light' if state == 'open' else kind")
    ['heavy', 'light']
    """
    found: list[str] = []

    def look(node: ast.expr) -> None:
        if isinstance(node, ast.IfExp):
            look(node.body)
            look(node.orelse)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)

    look(ast.parse(text.strip(), mode="eval").body)
    return found


_UNKNOWN: tuple[Kind, _Run] = (Kind.THING, lambda given: None)


class _Reader:
    """Turns the syntax tree into functions, noting names and everything that is not allowed."""

    def __init__(
        self, text: str, kinds: Mapping[str, Kind], choices: Mapping[str, frozenset[str]], fronts: tuple[str, ...]
    ) -> None:
        self.text, self.kinds, self.choices, self.fronts = text, kinds, choices, fronts
        self.names: set[str] = set()
        self.problems: list[Words] = []

    def wrong(self, zh: str, en: str) -> tuple[Kind, _Run]:
        self.problems.append(Words(f"表达式“{self.text}”：{zh}", f"the expression “{self.text}”: {en}"))
        return _UNKNOWN

    def node(self, node: ast.expr, depth: int) -> tuple[Kind, _Run]:
        if depth > _DEEPEST:
            return self.wrong("嵌套太深", "nested too deeply")
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                run = self._of(inner, Kind.NUMBER, depth)
                return Kind.NUMBER, _one(lambda x: -x, run)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                run = self._of(inner, Kind.YESNO, depth)
                return Kind.YESNO, _one(lambda x: not x, run)
            case ast.BinOp(op=op) if type(op) in _ARITHMETIC:
                one, other = self._of(node.left, Kind.NUMBER, depth), self._of(node.right, Kind.NUMBER, depth)
                return Kind.NUMBER, _two(_ARITHMETIC[type(op)], one, other)
            case ast.BoolOp():
                runs = [self._of(value, Kind.YESNO, depth) for value in node.values]
                return Kind.YESNO, _joined(runs, stop=isinstance(node.op, ast.Or))
            case ast.Compare():
                return self._compare(node, depth)
            case ast.IfExp():
                test = self._of(node.test, Kind.YESNO, depth)
                (kind, then), (other_kind, other) = self.node(node.body, depth + 1), self.node(node.orelse, depth + 1)
                if kind != other_kind and Kind.ANY not in (kind, other_kind):
                    self.wrong("if 两边不是同一类值", "both sides of if must be of one kind")
                return (
                    other_kind if kind is Kind.ANY else kind
                ), lambda given: None if (x := test(given)) is None else (then if x else other)(given)
            case ast.Call():
                return self._call(node, depth)
            case _:
                shown = ast.get_source_segment(self.text, node) or self.text
                return self.wrong(f"不能用“{shown}”这种写法", f"“{shown}” is not allowed")

    def _of(self, node: ast.expr, wanted: Kind, depth: int) -> _Run:
        before = len(self.problems)
        kind, run = self.node(node, depth + 1)
        if kind not in (wanted, Kind.ANY) and wanted is not Kind.ANY and len(self.problems) == before:
            shown = ast.get_source_segment(self.text, node) or self.text
            self.wrong(
                f"“{shown}”是{_WORDS[kind].zh}，这里要{_WORDS[wanted].zh}",
                f"“{shown}” is {_WORDS[kind].en}, here must stand {_WORDS[wanted].en}",
            )
        return run

    def _constant(self, node: ast.Constant) -> tuple[Kind, _Run]:
        value = node.value
        if isinstance(value, bool):
            return Kind.YESNO, lambda given: value
        if isinstance(value, str):
            return Kind.TEXT, lambda given: value
        if isinstance(value, int | float):
            # Not the float, whose digits are not those that were written.
            written = (ast.get_source_segment(self.text, node) or str(value)).replace("_", "")
            if len(written) <= 40 and all(character in "0123456789." for character in written):
                number = Fraction(written)
                return Kind.NUMBER, lambda given: number
        shown = ast.get_source_segment(self.text, node) or ""
        return self.wrong(f"“{shown}”不是可用的数", f"“{shown}” is no number that can be used")

    def _name(self, node: ast.Name | ast.Attribute) -> tuple[Kind, _Run]:
        name = _dotted(node)
        if name in ("true", "false"):
            truth = name == "true"
            return Kind.YESNO, lambda given: truth
        if name not in self.kinds and name.count(".") == 1 and name.split(".")[0] in self.fronts:
            self.names.add(name)
            return Kind.ANY, lambda given: given.get(name)
        if name not in self.kinds:
            return self.wrong(f"没有名为“{name}”的字段", f"there is no field “{name}”")
        self.names.add(name)
        return self.kinds[name], lambda given: given.get(name)

    def _compare(self, node: ast.Compare, depth: int) -> tuple[Kind, _Run]:
        runs: list[_Run] = []
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                runs.append(self._among(left, op, right, depth))
            elif type(op) in _COMPARISONS:
                before = len(self.problems)
                (kind, one), (other_kind, other) = self.node(left, depth + 1), self.node(right, depth + 1)
                alike = kind == other_kind or Kind.ANY in (kind, other_kind)
                if len(self.problems) == before and (not alike or kind in (Kind.THING, Kind.POINT)):
                    self.wrong(
                        f"{_WORDS[kind].zh}不能与{_WORDS[other_kind].zh}比较",
                        f"{_WORDS[kind].en} cannot be compared with {_WORDS[other_kind].en}",
                    )
                self._known_choice(left, right)
                self._known_choice(right, left)
                runs.append(_two(_COMPARISONS[type(op)], one, other))
            else:
                self.wrong("比较只能用 == != < <= > >= in", "compare with == != < <= > >= in")
            left = right
        return Kind.YESNO, _joined(runs, stop=False) if len(runs) != 1 else runs[0]

    def _among(self, left: ast.expr, op: ast.cmpop, right: ast.expr, depth: int) -> _Run:
        if not isinstance(right, ast.Tuple | ast.List) or not all(isinstance(e, ast.Constant) for e in right.elts):
            self.wrong("in 后面要写成 ('a', 'b')", "after in stands a list like ('a', 'b')")
            return _UNKNOWN[1]
        kind, run = self.node(left, depth + 1)
        entries = []
        for entry in right.elts:
            self._known_choice(left, entry)
            entries.append(self._of(entry, kind, depth)({}))
        wanted, negative = frozenset(entries), isinstance(op, ast.NotIn)
        return lambda given: None if (x := run(given)) is None else (x in wanted) != negative

    def _known_choice(self, node: ast.expr, other: ast.expr) -> None:
        """A text compared with a choice must be one of its ids: a slip there would never fail."""
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(other, ast.Constant):
            known = self.choices.get(_dotted(node))
            if known is not None and other.value not in known:
                slip = str(other.value)
                self.wrong(
                    f"“{slip}”不是“{_dotted(node)}”的选项；可用：{'、'.join(sorted(known))}",
                    f"“{slip}” is no choice of {_dotted(node)}; there are: {', '.join(sorted(known))}",
                )

    def _call(self, node: ast.Call, depth: int) -> tuple[Kind, _Run]:
        from anlan.registers.spec.functions import FUNCTIONS

        name = _dotted(node.func) if isinstance(node.func, ast.Name) else ""
        function = FUNCTIONS.get(name)
        if function is None or node.keywords:
            shown = ast.get_source_segment(self.text, node.func) or "?"
            return self.wrong(
                f"没有函数“{shown}”；有：{'、'.join(sorted(FUNCTIONS))}",
                f"there is no function “{shown}”; there are: {', '.join(sorted(FUNCTIONS))}",
            )
        least, most = function.least, function.most
        if not least <= len(node.args) <= most:
            return self.wrong(f"{name} 的参数个数不对", f"{name} has another number of arguments")
        runs = []
        for place, argument in enumerate(node.args):
            wanted = function.takes[min(place, len(function.takes) - 1)]
            runs.append(self.node(argument, depth + 1)[1] if wanted is None else self._of(argument, wanted, depth))
        run = function.run
        if function.unknown:
            return function.gives, lambda given: run(*[one(given) for one in runs])

        def strict(given: Given) -> Value:
            values = [one(given) for one in runs]
            return None if any(value is None for value in values) else run(*values)

        return function.gives, strict


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return "?"


def _one(operation: Callable[..., Value], inner: _Run) -> _Run:
    def run(given: Given) -> Value:
        value = inner(given)
        return None if value is None else operation(value)

    return run


def _two(operation: Callable[..., Value], one: _Run, other: _Run) -> _Run:
    def run(given: Given) -> Value:
        left = one(given)
        if left is None:
            return None
        right = other(given)
        return None if right is None else operation(left, right)

    return run


def _joined(runs: list[_Run], *, stop: bool) -> _Run:
    """And, or: unknown where what is known does not decide."""

    def run(given: Given) -> Value:
        unknown = False
        for one in runs:
            value = one(given)
            if value is None:
                unknown = True
            elif bool(value) is stop:
                return stop
        return None if unknown else not stop

    return run


_ARITHMETIC: dict[type[ast.operator], Callable[..., Value]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    # Nothing is divided by nothing: the result is unknown, as is a rate without a whole.
    ast.Div: lambda a, b: a / b if b else None,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[..., Value]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}
