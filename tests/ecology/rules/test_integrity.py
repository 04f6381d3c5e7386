"""Diversity, biotic index and integrity index: by hand, against the worked example, and where nothing is defined."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.ecology.rules import integrity
from anlan.foundation.calc.registry import Registry
from anlan.foundation.calc.sources import facts


def run(id: str, **inputs: Any) -> Any:
    return registry().run(f"eco.{id}", inputs)


def test_diversity_by_hand() -> None:
    # p = ½, ¼, ¼: H = ½·ln 2 + ½·ln 4 = 1.5 ln 2, in bits 1.5; Margalef 2/ln 8; Pielou 1.5 ln 2/ln 3.
    answer = run("diversity", counts=[4, 2, 2, 0])
    assert answer["H_ln"] == pytest.approx(1.5 * math.log(2), abs=1e-15)
    assert answer["H_log2"] == pytest.approx(1.5, abs=1e-15)
    assert answer["Margalef"] == pytest.approx(2 / math.log(8), abs=1e-15)
    assert answer["Pielou"] == pytest.approx(1.5 * math.log(2) / math.log(3), abs=1e-15)
    assert (answer["S"], answer["N"], answer["BergerParker"]) == (3, 8, 0.5)


@pytest.mark.parametrize(
    "counts, nulls",
    [
        ([], {"H_ln", "H_log2", "Margalef", "Pielou", "BergerParker"}),
        ([0, 0], {"H_ln", "H_log2", "Margalef", "Pielou", "BergerParker"}),
        ([1], {"Margalef", "Pielou"}),
        ([9], {"Pielou"}),
        ([1, 1], set()),
    ],
)
def test_what_is_not_defined_is_null(counts: list[int], nulls: set[str]) -> None:
    assert {key for key, value in run("diversity", counts=counts).items() if value is None} == nulls


@given(st.lists(st.integers(0, 1000), max_size=30))
def test_diversity_stays_within_its_bounds(counts: list[int]) -> None:
    answer = run("diversity", counts=counts)
    if answer["S"] > 1:
        assert 0 < answer["Pielou"] <= 1 + 1e-12
        assert answer["H_ln"] <= math.log(answer["S"]) + 1e-12
        assert 1 / answer["S"] <= answer["BergerParker"] + 1e-12
    assert answer == run("diversity", counts=counts[::-1])


@pytest.mark.parametrize(
    "tolerance, grade",
    [
        ("3.5", "极清洁"),
        ("3.505", "极清洁"),  # half way: to the even 3.50
        ("3.5051", "很清洁"),
        ("3.51", "很清洁"),
        ("4.5", "很清洁"),
        ("4.51", "清洁"),
        ("6.5", "一般"),
        ("7.5", "轻度污染"),
        ("8.5", "污染"),
        ("8.51", "严重污染"),
        (10, "严重污染"),
        (0, "极清洁"),
    ],
)
def test_the_biotic_index_is_graded_at_two_decimals(tolerance: Any, grade: str) -> None:
    assert run("biotic_index", taxa=[{"n": 3, "tolerance": tolerance}])["grade"] == grade


def test_individuals_without_tolerance_count_only_in_the_coverage() -> None:
    answer = run("biotic_index", taxa=[{"n": 1, "tolerance": 4}, {"n": 3, "tolerance": None}])
    assert (answer["BI"], answer["coverage"]) == (4, 0.25)


@pytest.mark.parametrize("taxa, coverage", [([], None), ([{"n": 5}], 0), ([{"n": 0, "tolerance": 3}], None)])
def test_without_rated_individuals_there_is_no_index(taxa: list[Any], coverage: float | None) -> None:
    answer = run("biotic_index", taxa=taxa)
    assert (answer["BI"], answer["grade"], answer["coverage"]) == (None, None, coverage)


@pytest.mark.parametrize(
    "reference, impaired, quality",
    [
        ([10, 12, 14], [1, 2, 3], 3),  # boxes 11–13 and 1.5–2.5
        ([2, 4, 6], [0, 2, 4], 2),  # boxes 3–5 and 1–3 touch, each median outside the other's box
        ([0, 10, 10], [4, 4, 16], 1),  # boxes 5–10 and 4–10: median 10 on the edge is inside, median 4 is outside
        ([1, 2, 3], [1, 2, 3], 0),
    ],
)
def test_discrimination_by_hand(reference: list[int], impaired: list[int], quality: int) -> None:
    answer = run("ibi_discrimination", reference=reference, impaired=impaired)
    assert (answer["IQ"], answer["keep"]) == (quality, quality >= 2)


def test_percentiles_differ_by_method_and_say_so() -> None:
    # Of 1, 2, 3, 4: type 7 has 25 % at place 1.75, type 6 at 1.25.
    boxes = {
        kind: run("ibi_discrimination", reference=[1, 2, 3, 4], impaired=[0], percentile=kind)["box_reference"]
        for kind in ("linear", "weibull")
    }
    assert boxes == {"linear": [1.75, 2.5, 3.25], "weibull": [1.25, 2.5, 3.75]}


@pytest.mark.parametrize("values, direction", [([0, 0], "down"), ([3, 3], "up"), ([-5, -1], "down"), ([7], "up")])
def test_a_metric_that_cannot_be_scored_is_invalid(values: list[int], direction: str) -> None:
    answer = run("ibi_score", values=values, direction=direction)
    assert (answer["scores"], answer["status"]) == (None, "metric_invalid")


@given(st.lists(st.integers(0, 100), min_size=2, max_size=20), st.sampled_from(["up", "down"]))
def test_scores_keep_the_order_and_stay_within_0_and_1(values: list[int], direction: str) -> None:
    scores = run("ibi_score", values=values, direction=direction)["scores"]
    if scores is not None:
        assert all(0 <= score <= 1 for score in scores)
        pairs = sorted(zip(values, scores, strict=True), reverse=direction == "up")
        assert [score for _, score in pairs] == sorted(scores)


def test_cuts_of_a_published_study() -> None:
    answer = run("ibi_grade", method="p95", p95="24.0", values=["19.2000001", 19.2, 14.4, 9.6, 4.8, 0])
    assert answer["cuts"] == [19.2, 14.4, 9.6, 4.8]
    assert answer["grades"] == ["健康", "亚健康", "一般", "较差", "极差", "极差"]


def test_reference_grading_needs_reference_sites() -> None:
    answer = run("ibi_grade", method="reference", values=[1])
    assert [(f["code"], f["field"]) for f in answer["errors"]] == [("missing", "p25")]
    assert run("ibi_grade", method="all_p95", values=[])["status"] == "not_defined"
    assert run("ibi_grade", method="all_p95", values=[0, 0])["grades"] is None


def test_the_official_index_has_no_cutoffs_of_ours() -> None:
    answer = run("yangtze_index", score=70)
    assert (answer["grade"], answer["status"]) == (None, "cutoffs_not_configured")
    assert "未核实" in answer["explain"]["steps"][0]


@pytest.mark.parametrize("score, grade", [(80, "优"), (79.99, "良"), (20, "差"), (1, "差"), (0.99, "无鱼")])
def test_configured_cutoffs_are_reached_from_below(score: float, grade: str) -> None:
    # Invented bounds.
    cutoffs = [80, 60, 40, 21, 1]
    assert run("yangtze_index", score=score, cutoffs=cutoffs)["grade"] == grade
    table = facts("anlan.ecology.rules", "integrity.toml")
    table["yangtze"]["cutoffs"] = cutoffs
    configured = Registry(integrity.calculations(table))
    assert configured.run("eco.yangtze_index", {"score": score})["grade"] == grade


@pytest.mark.parametrize("cutoffs, code", [([80, 60, 60, 20, 1], "out_of_range"), ([80], "wrong_length")])
def test_cutoffs_that_contradict_themselves_are_refused(cutoffs: list[int], code: str) -> None:
    assert run("yangtze_index", score=1, cutoffs=cutoffs)["error"]["code"] == code


def test_the_worked_example_of_benthos(shared: Path) -> None:
    example = tomllib.loads((shared / "reference" / "ibi-example.toml").read_text(encoding="utf-8"))
    given, expected = example["inputs"], example["expected"]
    sites = given["sites"]
    is_reference = [site in given["reference"] for site in sites]
    total = [0.0] * len(sites)
    for metric, values in given["metrics"].items():
        both = {
            "reference": [v for v, r in zip(values, is_reference, strict=True) if r],
            "impaired": [v for v, r in zip(values, is_reference, strict=True) if not r],
        }
        answer = run("ibi_discrimination", **both)
        assert answer["IQ"] == expected["IQ"][metric]
        assert answer["box_reference"] == pytest.approx(expected["box"][metric]["ref"])
        assert answer["box_impaired"] == pytest.approx(expected["box"][metric]["impaired"])
        if metric in given["core"]:
            scores = run("ibi_score", values=values, direction=given["core"][metric])["scores"]
            total = [sum(pair) for pair in zip(total, scores, strict=True)]
    assert dict(zip(sites, total, strict=True)) == pytest.approx(expected["ibi"], abs=1e-6)
    reference = [value for value, r in zip(total, is_reference, strict=True) if r]
    grades = expected["grades"]
    for inputs, cuts, names in (
        ({"method": "reference", "reference": reference}, grades["cuts_reference"], grades["by_reference"]),
        ({"method": "all_p95"}, grades["cuts_p95"], grades["by_p95"]),
    ):
        answer = run("ibi_grade", values=total, **inputs)
        assert answer["cuts"] == pytest.approx(cuts, abs=1e-6)
        assert dict(zip(sites, answer["grades"], strict=True)) == names
