"""The linter: specs against each other, and every check against its two rows. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anlan.registers.spec import judging, names
from anlan.registers.spec import others as beyond
from anlan.registers.spec.expression import Expression, read
from anlan.registers.spec.model import NUMBERS, PERIOD, Check, Spec, Type
from anlan.registers.spec.parts import see_condition
from anlan.registers.spec.reading import Table
from anlan.registers.spec.values import Unfit
from anlan.settings import InputError, Words


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a spec, found only with the others at hand. `grave` ones keep it from being installed."""

    register: str
    words: Words
    grave: bool = True


def lint(specs: Iterable[Spec]) -> list[Problem]:
    """Everything that is wrong with a set of specs that stand together, by register."""
    given = list(specs)
    by_id = {one.id: one for one in given}
    found: list[Problem] = []
    for one in sorted({spec.id for spec in given if [other.id for other in given].count(spec.id) > 1}):
        found.append(Problem(one, Words(f"{one}：有两份同名的台账", f"{one}: two registers have this id")))
    for spec in given:
        found += [Problem(spec.id, words) for words in _problems(spec, by_id)]
        found += [Problem(spec.id, words, grave=False) for words in _advice(spec)]
    return found


def bound(spec: Spec, others: Mapping[str, Spec]) -> Spec:
    """Spec whose expressions have been read with the fields of its references known. Raises InputError."""
    kinds, choices = names.kinds(spec, others), names.choices(spec, others)

    def again(expression: Expression | None) -> Expression | None:
        return read(expression.text, kinds, choices) if isinstance(expression, Expression) else None

    fields = tuple(dataclasses.replace(one, formula=again(one.formula)) if one.formula else one for one in spec.fields)
    checks = tuple(
        dataclasses.replace(one, expression=again(one.expression)) if one.expression else one for one in spec.checks
    )
    return dataclasses.replace(spec, fields=fields, checks=checks, by_id={})


def _problems(spec: Spec, others: Mapping[str, Spec]) -> Iterable[Words]:
    front = f"{spec.id}：", f"{spec.id}: "
    missing = [one for one in spec.of_type(Type.REFERENCE) if one.register not in others]
    for one in missing:
        yield Words(
            f"{front[0]}字段 {one.id} 引用的台账 {one.register} 不存在",
            f"{front[1]}field {one.id} refers to the register {one.register}, which there is not",
        )
    if missing:
        return
    try:
        whole = bound(spec, others)
    except InputError as error:
        for problem in error.problems:
            yield Words(front[0] + problem.zh, front[1] + problem.en)
        return
    yield from beyond.problems(whole, others)
    for check in whole.checks:
        yield from _examples(check, whole, others)
        for name in judging.placeholders(check):
            reference, _dot, last = name.partition(".")
            field = whole.by_id.get(reference)
            known = others[field.register].by_id if field is not None and field.type is Type.REFERENCE else None
            if known is not None and last not in ("", "label") and last not in known:
                yield Words(
                    f"{front[0]}检查 {check.id} 的说明里 {{{name}}} 不是字段",
                    f"{front[1]}check {check.id}: {{{name}}} in the message is no field",
                )
    if whole.period and whole.period.expects not in ("", "unit"):
        there = others[whole.field(whole.period.expects).register]
        noted: list[Words] = []
        for place, condition in enumerate(whole.period.where, 1):
            see_condition(Table({}, f"period.where[{place}]", noted), condition, there)
        yield from (Words(front[0] + one.zh, front[1] + one.en) for one in noted)


def _examples(check: Check, spec: Spec, others: Mapping[str, Spec]) -> Iterable[Words]:
    place = f"{spec.id}：检查 {check.id} 的", f"{spec.id}: check {check.id}: "
    for name, row, wanted in (("failing", check.failing, True), ("passing", check.passing, False)):
        try:
            outcome = judging.fails_example(check, spec, others, row)
        except Unfit as unfit:
            yield Words(f"{place[0]} {name} 例子：{unfit.words.zh}", f"{place[1]}the {name} row: {unfit.words.en}")
            continue
        if outcome is not wanted:
            yield Words(
                f"{place[0]} {name} 例子{'没有被查出' if wanted else '被查出有误'}",
                f"{place[1]}the {name} row {'passes' if wanted else 'fails'}",
            )
        if not wanted and check.expression is not None:
            try:
                known = check.expression(judging.example(spec, others, row))
            except Unfit:
                continue
            if known is None:
                yield Words(
                    f"{place[0]} passing 例子缺值，检查没有真正执行",
                    f"{place[1]}the passing row lacks values, so the check was not really made",
                )


def _advice(spec: Spec) -> Iterable[Words]:
    """What is worth a second look, but keeps nothing from working."""
    if not spec.seed_rows and not spec.basis:
        yield Words(f"{spec.id}：没有写依据（basis）", f"{spec.id}: says no basis")
    for one in spec.fields:
        if one.type in NUMBERS and one.type is not Type.COMPUTED and (one.low is None or one.high is None):
            yield Words(
                f"{spec.id}：字段 {one.id} 没有写合理范围（min、max）", f"{spec.id}: field {one.id} has no range"
            )
    if not spec.indicators:
        yield Words(f"{spec.id}：没有指标", f"{spec.id}: has no indicator")
    unseen = {one.section for one in spec.fields if one.section} ^ {one.id for one in spec.sections}
    for one_id in sorted(unseen):
        yield Words(f"{spec.id}：分节 {one_id} 里没有字段", f"{spec.id}: section {one_id} has no field")
    if spec.period is None and PERIOD in spec.columns:
        yield Words(f"{spec.id}：没有期次", f"{spec.id}: has no period")
