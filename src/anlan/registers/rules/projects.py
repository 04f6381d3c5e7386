"""project.code and project.funds: the code of an investment project and the identities of its money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.inputs import Input, MapOf, Number, Words
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_CODE = re.compile(r"(\d{2})(\d{2})-(\d{6})-\d{2}-\d{2}-\d{6}", re.ASCII)
# Years in which YYMM of the present rule and yyyy of the old one look the same.
_AMBIGUOUS = range(2001, 2013)


def check_digit(digits: str) -> int:
    """Check digit of ISO 7064 MOD 11,10 (GB/T 17710) after these digits.

    >>> check_digit("2309510822040195357")
    3
    """
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Both calculations on a table of regions and tolerances."""
    return (_code(table["code"]), _funds(table["funds"]))


def _code(table: Mapping[str, Any]) -> Calculation:
    method, own = source(table), table["own_regions"]

    def function(inputs: Mapping[str, object]) -> Answer:
        code = cast("str", inputs["code"]).strip()
        match = _CODE.fullmatch(code)
        if match is None:
            return _malformed()
        first, month, region = int(match[1] + match[2]), int(match[2]), match[3]
        if 1900 <= first <= 2099 and month > 12:
            old = step(
                "首段 {year} 为年份：2020年11月以前的旧式代码，有无校验码不明，不校验。",
                "The first part {year} is a year: a code from before November 2020, whose check digit is not known.",
                year=first,
            )
            outputs = {"valid": None, "year": first, "region": region, "scheme": "old"}
            return Answer(outputs, (old, *_place(region), *method.doubt))
        if not 1 <= month <= 12:
            return _malformed()
        digits = code.replace("-", "")
        computed = check_digit(digits[:-1])
        right = computed == int(digits[-1])
        steps = [
            step(
                "前 19 位 {digits} 按 MOD 11,10 算得校验码 {check}，代码末位 {last}。",
                "The first 19 digits {digits} give the check digit {check}; the code ends in {last}.",
                digits=digits[:-1],
                check=computed,
                last=digits[-1],
            )
        ]
        outputs = {"region": region, "check": computed, "scheme": "2020"}
        if not right and first in _AMBIGUOUS:
            steps.append(
                step(
                    "首段 {first} 也可能是旧式代码的年份，须结合立项日期判断。",
                    "{first} may also be the year of an old code: the date of approval decides.",
                    first=first,
                )
            )
            return Answer({**outputs, "valid": None, "scheme": "ambiguous"}, (*steps, *_place(region), *method.doubt))
        outputs |= {
            "valid": right,
            "year": 2000 + int(match[1]),
            "month": month,
            "error": None if right else "check_digit",
        }
        return Answer(outputs, (*steps, *_place(region), *method.doubt))

    def _malformed() -> Answer:
        said = step(
            "应为 YYMM-地区6位-部门2位-类型2位-随机5位加校验1位，月份 01–12。",
            "It must be YYMM-region (6)-department (2)-type (2)-random (5) and check digit, months 01–12.",
        )
        return Answer({"valid": False, "error": "format"}, (said,))

    def _place(region: str) -> tuple[Step, ...]:
        if region in own:
            return ()
        return (
            step(
                "地区码 {region} 不属本区、本市、本省本级，请核对（不拦截）。",
                "Region {region} is not of this district, city or province: please check (no refusal).",
                region=region,
            ),
        )

    return Calculation(
        id="project.code",
        title=Bilingual("投资项目代码校验", "Code of an investment project"),
        inputs=(Input("code", Words(100), Bilingual("项目代码，含连字符 24 位", "code, 24 characters with hyphens")),),
        outputs=(
            Output(
                "valid", "boolean or null", Bilingual("是否有效；无从校验为空", "whether it is valid; null: unknown")
            ),
            Output("year", "integer or null", Bilingual("年", "year")),
            Output("month", "integer or null", Bilingual("月", "month")),
            Output("region", "text or null", Bilingual("地区代码", "region")),
            Output("check", "integer or null", Bilingual("算得的校验码", "check digit as computed")),
            Output("error", "code or null: format, check_digit", Bilingual("错误", "what is wrong")),
            Output("scheme", "code or null: 2020, old, ambiguous", Bilingual("编码规则", "scheme")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 19 digits through MOD 11,10; a published code whose last digit is 3.
            Example(
                {"code": "2309-510822-04-01-953573"},
                {"valid": True, "year": 2023, "month": 9, "region": "510822", "check": 3, "error": None},
            ),
            Example({"code": "2309-510822-04-01-953574"}, {"valid": False, "check": 3, "error": "check_digit"}),
            Example({"code": "2403-51031-04-01-475922"}, {"valid": False, "check": None, "error": "format"}),
        ),
        function=function,
    )


def _funds(table: Mapping[str, Any]) -> Calculation:
    method = source(table)
    tolerance, ahead = Fraction(table["tolerance_wan"]), Fraction(table["ahead_points"])
    money = Number("万元", Decimal(0), text=True)

    def function(inputs: Mapping[str, object]) -> Answer:
        total = Fraction(cast("Decimal", inputs["total_wan"]))
        sources = cast("Mapping[str, Decimal]", inputs["sources_wan"])
        plan, done, here, paid = (
            None if inputs[name] is None else Fraction(cast("Decimal", inputs[name]))
            for name in ("plan_year", "done_year", "in_place", "paid")
        )
        summed = sum((Fraction(one) for one in sources.values()), Fraction(0))
        balanced = abs(summed - total) <= tolerance
        errors = [] if balanced else ["sources_not_balanced"]
        hints = []
        steps = [
            step(
                "资金来源合计 {sum}，总投资 {total}，差 {gap}，允许 {tolerance} 万元。",
                "Sources add up to {sum}, total {total}, apart {gap}, allowed {tolerance} (10⁴ yuan).",
                sum=told(summed),
                total=told(total),
                gap=told(abs(summed - total)),
                tolerance=told(tolerance),
            )
        ]
        completion = None
        if plan and done is not None:
            completion = done / plan
            steps.append(
                step(
                    "年度完成率 = {done}/{plan} = {rate}。",
                    "Completion of the year = {done}/{plan} = {rate}.",
                    done=told(done),
                    plan=told(plan),
                    rate=told(completion),
                )
            )
            if completion > 1:
                errors.append("completion_over_100")
        if paid is not None and here is not None and paid > here:
            errors.append("paid_over_in_place")
        if here is not None and here > total + tolerance:
            hints.append("in_place_over_total")
        if total and done is not None and paid is not None and (done - paid) / total * 100 > ahead:
            hints.append("done_far_ahead_of_paid")
        steps += [step("{said}。", "{said}.", said=_WORDS[code]) for code in (*errors, *hints)]
        outputs = {
            "sources_balanced": balanced,
            "year_completion": None if completion is None else decimal(completion),
            "errors": errors,
            "hints": hints,
        }
        return Answer(outputs, (*steps, *method.doubt))

    return Calculation(
        id="project.funds",
        title=Bilingual("项目资金核对", "Money of a project"),
        note=Bilingual(
            "金额单位万元。errors 须更正，hints 只提示。本年计划为 0 或未给时完成率无定义。",
            "In 10⁴ yuan. errors are to be corrected, hints only pointed out. Without a plan there is no completion.",
        ),
        inputs=(
            Input("total_wan", money, Bilingual("总投资", "total investment")),
            Input("sources_wan", MapOf(money), Bilingual("各资金来源", "sources of the money")),
            Input("plan_year", money, Bilingual("本年计划", "plan of the year"), False),
            Input("done_year", money, Bilingual("本年完成", "done this year"), False),
            Input("in_place", money, Bilingual("累计到位", "funds in place so far"), False),
            Input("paid", money, Bilingual("累计支付", "paid so far"), False),
        ),
        outputs=(
            Output("sources_balanced", "boolean", Bilingual("来源合计是否等于总投资", "whether the sources add up")),
            Output("year_completion", "number or null, 1 is all", Bilingual("年度完成率", "completion of the year")),
            Output("errors", "list of codes: " + ", ".join(_ERRORS), Bilingual("错误", "errors")),
            Output("hints", "list of codes: " + ", ".join(_HINTS), Bilingual("提示", "hints")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 600 + 400 = 1000; 90/120 = 0.75.
            Example(
                {
                    "total_wan": 1000,
                    "sources_wan": {"中央预算内": 600, "区级": 400},
                    "plan_year": 120,
                    "done_year": 90,
                    "in_place": 500,
                    "paid": 80,
                },
                {"sources_balanced": True, "year_completion": 0.75, "errors": [], "hints": []},
            ),
            Example(
                {"total_wan": 1000, "sources_wan": {"区级": 999.98}, "in_place": 10, "paid": 11},
                {"sources_balanced": False, "errors": ["sources_not_balanced", "paid_over_in_place"]},
            ),
        ),
        function=function,
    )


_ERRORS = ("sources_not_balanced", "completion_over_100", "paid_over_in_place")
_HINTS = ("in_place_over_total", "done_far_ahead_of_paid")
_WORDS = {
    "sources_not_balanced": Bilingual("资金来源合计不等于总投资", "the sources do not add up to the total"),
    "completion_over_100": Bilingual("年度完成率超过 100%", "completion of the year is above 100 %"),
    "paid_over_in_place": Bilingual("累计支付大于累计到位", "more was paid than is in place"),
    "in_place_over_total": Bilingual("累计到位大于总投资", "more is in place than the total"),
    "done_far_ahead_of_paid": Bilingual("完成投资远大于支付，请核对", "work runs far ahead of payment: please check"),
}
