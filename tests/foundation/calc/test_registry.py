"""The registry: one answer shape, every fault at once, worked examples that hold, batch equal to scalar."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest

from anlan.calculations import registry
from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import (
    Choice,
    Count,
    Day,
    Flag,
    Input,
    ListOf,
    MapOf,
    Number,
    OneOrMany,
    Record,
    Words,
)
from anlan.foundation.calc.registry import Registry, UnknownCalculationError
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion

B = Bilingual("名", "name")


def share(inputs: Mapping[str, object]) -> Answer:
    part, whole = cast("Decimal", inputs["part"]), cast("Decimal", inputs["whole"])
    percent = part / whole * 100 if whole else None
    return Answer({"percent": percent, "part": part}, (step("占 {p}", "{p} of it", p=percent),))


def shares(many: Sequence[Mapping[str, object]]) -> list[Answer]:
    return [share(inputs) for inputs in many]


SHARE = Calculation(
    id="test.share",
    title=Bilingual("占比", "Share"),
    inputs=(Input("part", Number("t", Decimal(0)), B), Input("whole", Number("t", Decimal(0), Decimal(1000)), B)),
    outputs=(Output("percent", "decimal string or null", B, "%", decimals=1), Output("part", "number", B, "t")),
    source=Bilingual("出处", "source"),
    versions=(RuleVersion("1", dt.date(2020, 1, 1), dt.date(2024, 12, 31)), RuleVersion("2", dt.date(2025, 1, 1))),
    examples=(Example({"part": 1, "whole": 8}, {"percent": "12.5"}),),
    function=share,
)


@pytest.mark.parametrize("id", [one.id for one in registry()])
def test_every_worked_example_gives_what_it_says(id: str) -> None:
    calculation = registry()[id]
    for example in calculation.examples:
        answer = registry().run(id, example.inputs)
        assert {name: answer[name] for name in example.outputs} == dict(example.outputs)


@pytest.mark.parametrize("id", [one.id for one in registry()])
def test_every_result_is_json_and_explains_itself_in_both_languages(id: str) -> None:
    calculation = registry()[id]
    for example in calculation.examples:
        for lang in ("zh", "en"):
            answer: dict[str, Any] = registry().run(id, example.inputs, lang)
            json.dumps(answer, allow_nan=False)
            assert list(answer) == [*(out.name for out in calculation.outputs), "explain"]
            explain = answer["explain"]
            assert explain["steps"]
            assert explain["clause"]
            assert explain["rule_version"]
            if lang == "en":
                assert not re.search("[\u4e00-\u9fff]", " ".join([*explain["steps"], explain["clause"]]))


@pytest.mark.parametrize("id", [one.id for one in registry()])
def test_every_batch_form_answers_as_the_scalar_one(id: str) -> None:
    calculation = registry()[id]
    rows = [example.inputs for example in calculation.examples] * 2
    many = [outcome.to_json("zh") for outcome in registry().compute_many(id, rows)]
    assert many == [registry().run(id, row) for row in rows]


@pytest.mark.parametrize("id", [one.id for one in registry()])
def test_every_spec_is_json_and_has_english_words(id: str) -> None:
    spec = registry()[id].describe()
    assert json.loads(json.dumps(spec, ensure_ascii=False)) == spec
    titles = [one.title for one in registry()[id].inputs] + [one.title for one in registry()[id].outputs]
    assert all(title.zh and title.en and not re.search("[\u4e00-\u9fff]", title.en) for title in titles)


def test_outputs_are_rounded_as_declared_and_other_numbers_stay_numbers() -> None:
    # 1 / 32 = 3.125 %: to one decimal 3.1; 1 / 8 000 would be 0.0125.
    assert Registry([SHARE]).run("test.share", {"part": 1, "whole": 32}) == {
        "percent": "3.1",
        "part": 1,
        "explain": {"steps": ["占 3.12500"], "clause": "出处", "rule_version": "2"},
    }


def test_what_is_not_defined_is_null() -> None:
    assert Registry([SHARE]).run("test.share", {"part": 0, "whole": 0})["percent"] is None


def test_a_float_counts_as_the_digits_it_prints() -> None:
    assert Registry([SHARE]).run("test.share", {"part": 0.1, "whole": 1})["part"] == 0.1


def test_an_output_the_spec_does_not_declare_is_a_mistake() -> None:
    stray = replace(SHARE, function=lambda inputs: Answer({"percnt": None}, ()))
    with pytest.raises(ValueError, match="percnt"):
        Registry([stray]).run("test.share", {"part": 1, "whole": 2})


def test_the_batch_form_gets_sound_rows_only_and_order_is_kept() -> None:
    seen: list[int] = []

    def batch(many: Sequence[Mapping[str, object]]) -> list[Answer]:
        seen.append(len(many))
        return shares(many)

    batched = Registry([replace(SHARE, batch=batch)])
    rows: list[object] = [{"part": n, "whole": 1000} if n % 3 else {"part": n} for n in range(1100)]
    many = [outcome.to_json("zh") for outcome in batched.compute_many("test.share", rows)]
    assert many == [Registry([SHARE]).run("test.share", row) for row in rows]
    # 500 + 500 + 100 rows, of which every third (0, 3, 6 …) is refused: 167, 167 and 33.
    assert seen == [333, 333, 67]


def test_rows_are_taken_as_they_are_asked_for() -> None:
    def endless() -> Any:
        while True:
            yield {"part": 1, "whole": 2}

    outcomes = Registry([SHARE]).compute_many("test.share", endless())
    assert next(outcomes).to_json("zh")["percent"] == "50.0"


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(UnknownCalculationError) as caught:
        registry().run("law.deadlines", {})
    assert caught.value.nearest == "law.deadline"


def test_an_id_cannot_stand_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        Registry([SHARE, SHARE])


@pytest.mark.parametrize(
    "change, why",
    [
        ({"id": "Share"}, "room.name"),
        ({"examples": ()}, "worked example"),
        ({"versions": ()}, "rule version"),
        ({"exactly_one": (("part",),)}, "group"),
        ({"at_least_one": (("parts",),)}, "group"),
        ({"outputs": (Output("explain", "text", B),)}, "taken"),
        ({"inputs": (SHARE.inputs[0], SHARE.inputs[0])}, "twice"),
    ],
)
def test_a_spec_that_contradicts_itself_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(SHARE, **change)


@pytest.mark.parametrize("given", [None, 3, "x", [], True])
def test_input_that_is_no_object_is_refused_as_a_whole(given: object) -> None:
    answer = cast("dict[str, dict[str, str]]", Registry([SHARE]).run("test.share", given))
    assert (answer["error"]["code"], answer["error"]["field"]) == ("wrong_type", "")


def test_messages_come_in_the_language_asked_for() -> None:
    zh, en = (cast("Any", Registry([SHARE]).run("test.share", {"part": -1}, lang)) for lang in ("zh", "en"))
    assert [fault["message"] for fault in zh["errors"]] == ["part 应不小于 0 t，收到 -1。", "缺少 whole。"]
    assert [fault["message"] for fault in en["errors"]] == ["part must be at least 0 t, got -1.", "whole is missing."]


def codes(kind: Any, value: object) -> list[tuple[str, str]]:
    faults: list[Fault] = []
    kind.read(value, "f", faults)
    return [(fault.code, fault.field) for fault in faults]


POINT = Record((Input("mu", Number(), B), Input("on", Day(), B, required=False)))


@pytest.mark.parametrize(
    "kind, value, expected",
    [
        (Number(), 1.5, []),
        (Number(), "1.5", [("wrong_type", "f")]),
        (Number(text=True), "1.50", []),
        (Number(text=True), "1,50", [("wrong_type", "f")]),
        (Number(text=True), "NaN", [("wrong_type", "f")]),
        (Number(text=True), "１２", [("wrong_type", "f")]),
        (Number(), False, [("wrong_type", "f")]),
        (Number(), float("inf"), [("not_finite", "f")]),
        (Number(), Decimal("1e999999"), [("out_of_range", "f")]),
        (Number(minimum=Decimal(0)), 0, []),
        (Number(minimum=Decimal(0), above=True), 0, [("out_of_range", "f")]),
        (Number(maximum=Decimal(1)), Decimal("1.0000000001"), [("out_of_range", "f")]),
        (Count(), 10.0, []),
        (Count(), 10.5, [("wrong_type", "f")]),
        (Flag(), "true", [("wrong_type", "f")]),
        (Words(longest=3), "四个字了", [("wrong_length", "f")]),
        (Words(), "", [("wrong_length", "f")]),
        (Choice({"river": B}), "rivers", [("not_a_choice", "f")]),
        (Choice({"river": B}), 1, [("wrong_type", "f")]),
        (Day(), "2025-05-21T08:00", [("not_a_date", "f")]),
        (Day(or_time=True), "2025-05-21T25:00", [("not_a_date", "f")]),
        (Day(), dt.date(2025, 5, 21), []),
        (ListOf(Number(), shortest=2), [1], [("wrong_length", "f")]),
        (ListOf(Number()), [1, None, "x"], [("wrong_type", "f[1]"), ("wrong_type", "f[2]")]),
        (ListOf(Number()), {"0": 1}, [("wrong_type", "f")]),
        (OneOrMany(Number()), 1, []),
        (OneOrMany(Number()), [1, True], [("wrong_type", "f[1]")]),
        (MapOf(Number(), keys=("cod", "tp")), {"cod": 1, "tpp": 2}, [("unknown_field", "f.tpp")]),
        (MapOf(Number(), fewest=1), {}, [("wrong_length", "f")]),
        (MapOf(Number()), [1], [("wrong_type", "f")]),
        (ListOf(POINT), [{"mu": 1}, {"m": 1}], [("unknown_field", "f[1].m"), ("missing", "f[1].mu")]),
        (POINT, {"mu": 1, "on": None}, []),
    ],
)
def test_input_types_are_strict(kind: Any, value: object, expected: list[tuple[str, str]]) -> None:
    assert codes(kind, value) == expected


def test_a_check_between_inputs_runs_only_on_sound_ones() -> None:
    def check(inputs: Mapping[str, object]) -> list[Fault]:
        whole = cast("Decimal", inputs["whole"]) >= cast("Decimal", inputs["part"])
        return [] if whole else [Fault("too_much", "part", step("多", "too much"))]

    checked = Registry([replace(SHARE, check=check)])
    assert cast("Any", checked.run("test.share", {"part": 3, "whole": 2}))["error"]["code"] == "too_much"
    assert cast("Any", checked.run("test.share", {"part": 3}))["error"]["code"] == "missing"
