"""consult.identity and consult.mask: every opinion got an answer, and no person can be read from the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.inputs import Count, Input, Words
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_RESULTS = ("adopted", "partly", "rejected", "out_of_scope", "duplicate")


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Both calculations."""
    return (_identity(table), _mask(table))


def _identity(table: Mapping[str, Any]) -> Calculation:
    method = source(table["method"])

    def function(inputs: Mapping[str, object]) -> Answer:
        counts = [cast("int", inputs[name]) for name in _RESULTS]
        received = cast("int", inputs["received"])
        missing = received - sum(counts)
        said = step(
            "采纳 {adopted} + 部分采纳 {partly} + 未采纳 {rejected} + 不属范围 {out_of_scope} + 重复 {duplicate} "
            "= {sum}，收到 {received}，差 {missing}。",
            "Adopted {adopted} + partly {partly} + rejected {rejected} + out of scope {out_of_scope} + duplicate "
            "{duplicate} = {sum}, received {received}, missing {missing}.",
            sum=sum(counts),
            received=received,
            missing=missing,
            **dict(zip(_RESULTS, counts, strict=True)),
        )
        steps = [said]
        if not received:
            steps.append(
                step("收到 0 条也要公布“未收到意见”。", "That none was received has to be published all the same.")
            )
        return Answer({"balanced": missing == 0, "missing": missing}, tuple(steps))

    titles = (
        Bilingual("采纳", "adopted"),
        Bilingual("部分采纳", "partly adopted"),
        Bilingual("未采纳", "not adopted"),
        Bilingual("不属于本次范围", "out of scope"),
        Bilingual("重复", "duplicates"),
    )
    return Calculation(
        id="consult.identity",
        title=Bilingual("意见处理平衡", "Balance of opinions"),
        inputs=(
            Input("received", Count("", 0), Bilingual("收到意见数", "opinions received")),
            *(
                Input(name, Count("", 0), title, name not in _RESULTS[3:], 0)
                for name, title in zip(_RESULTS, titles, strict=True)
            ),
        ),
        outputs=(
            Output("balanced", "boolean", Bilingual("是否相符", "whether it adds up")),
            Output(
                "missing",
                "integer",
                Bilingual("未处理的件数，负为多出", "opinions without a result; negative: too many results"),
            ),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 4 + 3 + 2 + 1 + 1 = 11 of 12.
            Example(
                {"received": 12, "adopted": 4, "partly": 3, "rejected": 2, "out_of_scope": 1, "duplicate": 1},
                {"balanced": False, "missing": 1},
            ),
        ),
        function=function,
    )


def masked_name(name: str) -> str:
    """Name with its first character (of two), or its first and last (of three and more); a single one is hidden.

    >>> [masked_name(name) for name in ("某", "张某", "张某祥", "欧阳某祥")]
    ['*', '张*', '张*祥', '欧**祥']
    """
    if len(name) < 3:
        return name[:1] + "*" if len(name) == 2 else "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_mobile(number: str) -> str:
    """Number with its first three and last four characters; one too short for that is hidden whole.

    >>> masked_mobile("1" * 11), masked_mobile("1234567")
    ('111****1111', '*******')
    """
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def masked_email(address: str) -> str:
    """Address as its first character, three stars and the domain; what has no domain is hidden after the first.

    >>> masked_email("someone" + "@" + "mail"), masked_email("someone")
    ('s***@mail', 's***')
    """
    local, at, domain = address.rpartition("@")
    return (local if at else address)[:1] + "***" + at + (domain if at else "")


_MASKS = {
    "name": (masked_name, Bilingual("姓名", "name")),
    "mobile": (masked_mobile, Bilingual("手机", "mobile number")),
    "email": (masked_email, Bilingual("邮箱", "mail address")),
}


def _mask(table: Mapping[str, Any]) -> Calculation:
    method = source(table["method"])

    def function(inputs: Mapping[str, object]) -> Answer:
        # What is masked never stands in the steps.
        outputs = {
            name: None if inputs[name] is None else mask(cast("str", inputs[name]).strip())
            for name, (mask, _) in _MASKS.items()
        }
        said = step(
            "姓名留首字（两字名）或首尾字，手机留前 3 后 4 位，邮箱留首字符和域名，其余以 * 代替；身份证号不收集。",
            "Of a name the first character stays (of two) or the first and last, of a number the first 3 and last 4, "
            "of an address the first character and the domain; identity numbers are not collected.",
        )
        return Answer(outputs, (said, *method.doubt))

    return Calculation(
        id="consult.mask",
        title=Bilingual("个人信息脱敏", "Masking of persons"),
        inputs=tuple(Input(name, Words(200), title, False) for name, (_, title) in _MASKS.items()),
        at_least_one=(tuple(_MASKS),),
        outputs=tuple(
            Output(name, "text or null", Bilingual(f"脱敏后的{title.zh}", f"{title.en}, masked"))
            for name, (_, title) in _MASKS.items()
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            Example({"name": "张某祥"}, {"name": "张*祥", "mobile": None, "email": None}),
            Example({"mobile": "1" * 11}, {"mobile": "111****1111"}),
        ),
        function=function,
    )
