"""Documents that are in order stay quiet: real ones beside the checkout, and those of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.model import Diagnostic, Plan, Severity

# Warnings of real defects that recur in every item and would drown the rest: no owner, nobody named.
RECURRING = {"R201", "U106"}
PER_THOUSAND = 1.0


def serious(plan: Plan) -> list[Diagnostic]:
    return [d for d in plan.diagnostics if d.severity is not Severity.INFO]


def compiled(folder: Path) -> dict[str, Plan]:
    return {path.stem: compile_text(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))}


@pytest.fixture(scope="module")
def corpus(shared: Path) -> dict[str, Plan]:
    return {name: plan for name, plan in compiled(shared / "corpus" / "plans").items() if not name.startswith("00-")}


def test_real_documents_have_no_errors(corpus: dict[str, Plan]) -> None:
    errors = {name: [message(d) for d in p.diagnostics if d.severity is Severity.ERROR] for name, p in corpus.items()}
    assert {name: found for name, found in errors.items() if found} == {}


def test_real_documents_have_few_warnings(corpus: dict[str, Plan]) -> None:
    rates = {
        name: len([d for d in serious(plan) if d.code not in RECURRING]) * 1000 / len(plan.text)
        for name, plan in corpus.items()
    }
    assert {name: rate for name, rate in rates.items() if rate > PER_THOUSAND} == {}


def test_real_documents_warn_of_these_defects_and_no_others(corpus: dict[str, Plan]) -> None:
    found = {
        (name[:2], d.code, plan.printed(d.span))
        for name, plan in corpus.items()
        for d in serious(plan)
        if d.code not in RECURRING | {"R203"}
    }
    assert found == {
        ("04", "W504", "协助协助"),
        ("15", "D305", "5月1日至6月30日"),
        ("15", "D305", "7月20日前"),
    }


def test_documents_of_the_tests_have_no_errors_and_few_warnings(root: Path) -> None:
    plans = compiled(root / "tests" / "plans" / "a")
    assert len(plans) == 14
    errors = [message(d) for plan in plans.values() for d in plan.diagnostics if d.severity is Severity.ERROR]
    assert errors == []
    warnings = sum(1 for plan in plans.values() for d in serious(plan) if d.code not in RECURRING)
    assert warnings * 1000 / sum(len(plan.text) for plan in plans.values()) < PER_THOUSAND / 2
