"""Pieces of a round's workbook coming back: compared row by row with the reports, judged one by one, taken in.

A piece may come late, twice, from WPS, with rows sorted and columns moved, or hold sheets of units that did nothing. A
row as it went out asks for nothing. A row that says what the report says already asks for nothing. A row that was
filled in on a copy older than the report never replaces it, and is told who changed the report since and what it says.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from anlan.foundation import quantities
from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.sheets.reading import read
from anlan.foundation.sheets.registry import Applied, Importable
from anlan.foundation.sheets.spec import Line, Record, SheetSpec, Value
from anlan.plan.models import Target
from anlan.plan.progress import actions, checking, figures, piece_book, piece_sheet, queries
from anlan.plan.progress.models import Owed, ReportState, Round
from anlan.plan.progress.piece_code import Code, digest, parse, plain
from anlan.plan.progress.piece_rows import FIELDS, MOST_FIGURES, PieceRow, as_office, rows, said_by, units_of
from anlan.plan.progress.values import Values
from anlan.settings import InputError, Words

_OFFICE = Words(
    "写入后，每一行作为该单位的报告报到长江办，来源记为这份文件。写入不等于采纳：还要到“待采纳”里照常采纳，才计入进度。",
    "Each row becomes the unit's report with the office, this file being its source. That is not acceptance: the "
    "reports wait to be accepted as usual, and count from then on.",
)
_UNIT = Words(
    "写入后即提交：本单位有负责人的先由负责人审核，没有的直接报长江办。",
    "The reports are handed in: to your unit's leader for approval, or to the office where there is none.",
)
_REASON = Words("单位报来的填报表", "sheets filled in by the units")
_OWN_REASON = Words("本单位填报", "filled in by our unit")


def importable(round_: Round) -> Importable:
    """The sheet of a round before it is known who asks for it; see `narrow`."""

    def nobody(*_given: object) -> list[Record]:
        raise PermissionDenied

    def narrowed(actor: Actor) -> Importable:
        if not visible(actor, "report.take", Round.objects.filter(pk=round_.pk)).exists():
            demand(actor, "report.take", round_)
            raise PermissionDenied
        return Taking(actor, round_).importable

    named = _named(round_)
    title = Words(f"{named.zh}填报表", f"sheets of {named.en}")
    return Importable(
        spec=piece_sheet.spec(f"round-{round_.pk}", title),
        action="report.take",
        back="round",
        back_args=(str(round_.pk),),
        current=nobody,
        apply=lambda _actor, _lines: Applied(),
        label=lambda record: str(record.get("title") or ""),
        narrow=narrowed,
        partial=True,
        book=lambda _lang: b"",
    )


def round_of(data: bytes, name: str) -> Round:
    """Round that the rows of a file belong to. Raises InputError if it holds none of ours, or those of several."""
    codes = [
        code
        for grid in read(data, name)
        if not grid.hidden
        for _, cells in grid.rows
        for cell in cells
        if isinstance(cell, str) and (code := parse(cell)) is not None
    ]
    keys = {code.owed for code in codes}
    found = list(Round.objects.filter(owed__in=keys, void=False).select_related("plan").distinct()[:2])
    if len(found) != 1:
        raise InputError(
            Words(
                f"{name}：{'有几期的行' if found else '没有找到填报表的编号'}，看不出是哪一期；请指定是哪一期",
                f"{name}: {'holds rows of several rounds' if found else 'no number of a sheet was found'}; say which "
                "round it is of",
            )
        )
    return found[0]


class Taking:
    """A round's rows as one actor may fill them in."""

    def __init__(self, actor: Actor, round_: Round) -> None:
        self.actor = actor
        self.round = round_
        self.rows: dict[str, PieceRow] = {}
        self.spec: SheetSpec = importable(round_).spec

    @property
    def importable(self) -> Importable:
        """The sheet for this actor."""
        return dataclasses.replace(
            importable(self.round),
            current=list,
            identify=lambda: _key,
            at=self.at,
            untouched=self.untouched,
            review=self.review,
            apply=self.apply,
            book=lambda lang: piece_book.book(rows(self.actor, self.round), self.round, self.spec, lang),
            outcome=_OFFICE if units_of(self.actor) is None else _UNIT,
            reason=_REASON if units_of(self.actor) is None else _OWN_REASON,
            # It is this actor's own by now.
            narrow=lambda _actor: self.importable,
        )

    def at(self, keys: Sequence[str]) -> Mapping[str, Record]:
        """What stands now, by the key of a row."""
        wanted = {int(key) for key in keys if key}
        self.rows = {str(row.owed.pk): row for row in rows(self.actor, self.round, wanted)}
        return {key: row.record for key, row in self.rows.items()}

    def untouched(self, line: Line) -> bool:
        """Whether a row says what it said when it went out."""
        code = _code(line)
        if code is None or not line.stored(self.spec):
            return True
        pairs = [(line.values.get(f"figure{n}"), line.values.get(f"unit{n}")) for n in range(1, MOST_FIGURES + 1)]
        return digest(said_by([line.values.get(name) for name in FIELDS], pairs)) == code.said

    def review(self, lines: Sequence[Line]) -> None:
        """What is wrong with each row: with its number, its columns, its values, or that the report has moved on."""
        strangers = _Strangers(self.actor, [code.owed for line in lines if (code := _code(line)) is not None])
        today = timezone.localdate()
        for line in lines:
            code = _code(line)
            if code is None or not line.stored(self.spec):
                continue
            row = self.rows.get(str(code.owed))
            if row is None:
                line.wrong(None, strangers.words(code))
                continue
            if not row.checks(code):
                line.wrong(self.spec.column("code"), _foreign(self.round), code)
                continue
            if plain(line.values.get("title")) != plain(row.owed.task):
                words = Words(
                    f"与编号不是同一项任务，系统里是“{row.owed.task}”；可能只排序了部分列，请从原表重新填",
                    f"is not the task of that number, which is “{row.owed.task}”: were only some columns sorted? "
                    "Fill it in anew on the original",
                )
                line.wrong(self.spec.column("title"), words, line.values.get("title") or "")
                continue
            _Row(self.spec, row, line).review(code, today, self.actor)

    def apply(self, actor: Actor, lines: Sequence[Line]) -> Applied:
        """Each row as the report of its unit: entered by the office, or handed in by the unit itself.

        Had anybody saved since the comparison, the report stands elsewhere, and nothing is written.
        """
        entered = 0
        for line in lines:
            row = self.rows[line.key]
            values = _Row(self.spec, row, line).values()
            source = f"{line.file[-200:]}，工作表“{line.sheet}”第 {line.number} 行"
            if as_office(actor, row.owed):
                actions.enter(actor, row.owed, values, source, stand=row.stand)
                entered += 1
            else:
                actions.hand_in(actor, row.owed, values, row.stand)
        return Applied(facts={"round": self.round.pk, "entered": entered, "handed_in": len(lines) - entered})


def _code(line: Line) -> Code | None:
    return parse(str(line.values.get("code") or ""))


def _key(record: Record) -> str:
    code = parse(str(record.get("code") or ""))
    return "" if code is None else str(code.owed)


def _named(round_: Round) -> Words:
    """Name of a round in both languages."""
    with translation.override("zh-hans"):
        told = str(round_)
    with translation.override("en"):
        return Words(told, str(round_))


def _foreign(round_: Round) -> Words:
    named = _named(round_)
    return Words(
        f"被改动过，或不是从这里下载的“{named.zh}”的表；请下载新表，把要报的填进去",
        f"was changed, or the sheet was not given out here for {named.en}; download a new one and fill it in",
    )


class _Strangers:
    """Rows that are none of this round's that the actor may fill in: what they are, as far as he may know it."""

    def __init__(self, actor: Actor, keys: Iterable[int]) -> None:
        known = queries.owed(actor).filter(pk__in=set(keys))
        self.owed: dict[int, Owed] = {one.pk: one for one in known.select_related("round")}
        self.units = units_of(actor)

    def words(self, code: Code) -> Words:
        """Why the row is not taken."""
        one = self.owed.get(code.owed)
        if one is None or (self.units is not None and one.unit_id not in self.units):
            return Words(
                "不是你可以填报的行：只能导入本单位、本期的任务；请删去这一行，或交给该单位导入",
                "is not yours to fill in: only tasks of your own unit in this round are taken. Delete the row, or "
                "leave it to its unit",
            )
        named = _named(one.round)
        return Words(
            f"属于另一期（{named.zh}）；请在那一期的页面导入",
            f"belongs to another round ({named.en}); take it in on the page of that one",
        )


class _Row:
    """One row of a piece beside the report that it is of."""

    def __init__(self, spec: SheetSpec, row: PieceRow, line: Line) -> None:
        self.spec = spec
        self.row = row
        self.line = line
        self.before: Mapping[str, Value] = row.record

    def review(self, code: Code, today: dt.date, actor: Actor) -> None:
        """Notes all that is wrong, and leaves out of the line what says the same as the report."""
        self._combine()
        self._settle()
        if not self._differing():
            return
        if self._has_moved(code):
            self._stale()
            return
        if words := self._unready(actor):
            self.line.wrong(None, words)
            return
        self._misplaced()
        self._complete()
        if self.line.faults:
            # What could not be read would be told once more as missing.
            return
        self._told_by_the_form(today)

    def _differing(self) -> list[str]:
        return [
            key
            for key in self.line.stored(self.spec)
            if self.line.values[key] != self.before.get(key, self._blank(key))
        ]

    def _blank(self, key: str) -> Value:
        return self.spec.column(key).blank

    def _combine(self) -> None:
        """A bare number with the unit chosen beside it: 60500 and 亩 is 60500亩."""
        values = self.line.values
        for n, target in enumerate(self.row.targets, 1):
            text, unit = str(values.get(f"figure{n}") or ""), str(values.get(f"unit{n}") or "").strip()
            if text and unit and unit != target.unit and _is_bare(text):
                values[f"figure{n}"] = f"{text}{unit}"

    def _settle(self) -> None:
        """What means the same is the same: white space around a text, 60500亩 for 6.05万亩."""
        values = self.line.values
        for key in self.line.stored(self.spec):
            if key.startswith("figure"):
                n = int(key.removeprefix("figure"))
                if n <= len(self.row.targets):
                    target = self.row.targets[n - 1]
                    if _exact(values[key], target) == _exact(self.before[key], target):
                        values[key] = self.before[key]
            elif plain(values[key]) == plain(self.before.get(key)):
                values[key] = self.before.get(key)

    def _has_moved(self, code: Code) -> bool:
        """Whether the report says something else than when the copy was made. One that was only returned does not."""
        return self.row.stand != code.stand and not (self._is_seen() and self.row.code.said == code.said)

    def _is_seen(self) -> bool:
        current = self.row.owed.current
        return current is not None and self.row.shown is not None and self.row.shown.pk == current.pk

    def _stale(self) -> None:
        """The report was saved after the copy was made: by whom, when, and what it says now where the row differs."""
        report = self.row.owed.current
        if report is None:
            self.line.wrong(None, Words("这份报告已经不在了；请下载新表", "the report is gone; download a new sheet"))
            return
        when = f"{timezone.localtime(report.changed_at):%Y-%m-%d %H:%M}"
        who = report.changed_by_name
        seen = self._is_seen()
        hidden = Words("", "")
        if not seen:
            hidden = Words("（还没有报到长江办，内容不显示）", " (not with the office yet, so it is not shown)")
        self.line.wrong(
            None,
            Words(
                f"这是旧表，{who}在 {when} 改过这份报告{hidden.zh}，没有覆盖它；请下载新表，把还要改的填进去",
                f"is an old copy: {who} changed this report at {when}{hidden.en} and it was not replaced; download a "
                "new sheet and fill in what is still to be changed",
            ),
        )
        for key in self._differing() if seen else ():
            column = self.spec.column(key)
            now = _said(self.before.get(key))
            cut = now if len(now) <= 80 else now[:80] + "…"
            words = Words(f"系统里现在是“{cut}”", f"the report says “{cut}” now")
            if not now:
                words = Words("系统里现在是空的", "the report has nothing there now")
            self.line.wrong(column, words, _said(self.line.values[key]))

    def _unready(self, actor: Actor) -> Words | None:
        """Why the report cannot be changed now, None if it can."""
        report = self.row.owed.current
        if self.row.owed.excused:
            return Words("已经免报；要补报请在系统里填", "is excused; to report all the same, fill it in on its page")
        if report is None or report.state in (ReportState.DRAFT, ReportState.ACCEPTED):
            return None
        office = as_office(actor, self.row.owed)
        if report.state == ReportState.APPROVED:
            if office:
                if report.by_office:
                    return None
                return Words(
                    "单位已报送，等长江办采纳；要改请先退回这份报告，再导入",
                    "was handed in and waits for the office; return the report first, then import again",
                )
            return Words(
                "已报到长江办；要改请联系长江办退回，再导入",
                "is with the office; ask the office to return the report, then import again",
            )
        if office:
            return Words(
                "单位已提交，等本单位负责人审核；要改请单位先收回",
                "was handed in and waits for the unit's leader; let the unit take it back first",
            )
        return Words(
            "已提交，等审核；要改请先收回这份报告，再导入",
            "was handed in already; take the report back first, then import again",
        )

    def _misplaced(self) -> None:
        """What was filled in where the row has nothing to fill in, and figures beside another target than their own."""
        line, row = self.line, self.row
        changed = self._differing()
        if row.owed.is_contribution:
            for key in set(changed) & {"percent", "done_on", "obstacles", "next_step"}:
                words = Words(
                    "配合单位只填“进展情况”；请清空这一格",
                    "is not asked of whoever contributes, only Progress is; empty the cell",
                )
                line.wrong(self.spec.column(key), words, _said(line.values[key]))
        for key in changed:
            if not key.startswith("figure"):
                continue
            n = int(key.removeprefix("figure"))
            if n > len(row.targets):
                words = Words(f"这一行没有第 {n} 个指标；请清空这一格", f"the row has no indicator {n}; empty the cell")
                line.wrong(self.spec.column(key), words, _said(line.values[key]))
                continue
            told = row.target_told(row.targets[n - 1])
            printed = line.values.get(f"indicator{n}")
            if printed is not None and plain(printed) not in {plain(one) for one in told}:
                words = Words(
                    f"不是这项任务的第 {n} 个指标，系统里是“{told.zh}”；请下载新表，照原来的指标填",
                    f"is not indicator {n} of the task, which is “{told.en}”; download a new sheet and fill that in",
                )
                line.wrong(self.spec.column(f"indicator{n}"), words, printed)

    def _complete(self) -> None:
        """A day of completion means 100 %."""
        values = self.line.values
        if not values.get("done_on") or self.row.owed.is_contribution:
            return
        percent = values.get("percent", self.before.get("percent"))
        if percent is None and not self.line.faults:
            values["percent"] = 100
        elif percent != 100 and not self.line.faults:
            words = Words(
                "填了完成日期，进度应为 100；没有完成的请不要填完成日期",
                "a day of completion means 100 percent; leave it empty if the work is not done",
            )
            self.line.wrong(self.spec.column("done_on"), words, values["done_on"])

    def _told_by_the_form(self, today: dt.date) -> None:
        targets = {one.pk: one for one in self.row.targets}
        places = {f"figure-{one.pk}": f"figure{n}" for n, one in enumerate(self.row.targets, 1)}
        for problem in checking.problems_in(self.values(), self.row.owed, targets, today):
            key = places.get(problem.field, problem.field)
            value = "" if not key.startswith("figure") else self.line.values.get(key) or ""
            self.line.wrong(self.spec.column(key), problem.words, value)

    def values(self) -> Values:
        """What the report will say: the row over what stands, figures that mean the same as they were typed."""
        kept, given = self.row.values, self.line.values
        typed = dict(kept.figures)
        for n, target in enumerate(self.row.targets, 1):
            key = f"figure{n}"
            if key in given and _exact(given[key], target) != _exact(self.before[key], target):
                typed[target.pk] = str(given[key] or "")
        texts = {
            name: str(given.get(name, getattr(kept, name)) or "") for name in ("narrative", "obstacles", "next_step")
        }
        percent = given.get("percent", kept.percent)
        day = _day(given["done_on"]) if "done_on" in given else kept.done_on
        return Values(percent if isinstance(percent, int) else None, day, figures=typed, **texts)


def _said(value: Value) -> str:
    return "" if value is None else str(value)


def _day(value: Value) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def _is_bare(text: str) -> bool:
    return quantities.number(text) is not None and not text.endswith(("%", "‰")) and "分之" not in text


def _exact(value: Value, target: Target) -> str:
    """Figure in the target's unit, or what was typed where it is none."""
    text = str(value or "").strip()
    if not text:
        return ""
    try:
        return str(figures.read(text, target.unit))
    except InputError:
        return f"“{plain(text)}”"
