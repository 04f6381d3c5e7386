"""Binding a target to an indicator, taking it off, refusing a proposal; keeping what the rows said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.facts.kinds import Indicator
from anlan.plan.binding import converting, queries
from anlan.plan.binding.models import Binding, BindingState, Reading
from anlan.plan.models import Target
from anlan.settings import InputError, Words

# What may be asked of the period, beside a year such as 2022.
LATEST = "latest"


def bind(
    actor: Actor,
    target: Target,
    source: str,
    indicator: str,
    *,
    narrowed: Mapping[str, str] | None = None,
    period: str = "",
    water: bool = False,
    reason: str = "",
) -> Binding:
    """Counts a target by an indicator from now on; one it was bound to before ends.

    Raises InputError for an indicator that is not offered, units that do not convert, a narrowing or a period that the
    indicator does not have: everything wrong at once.
    """
    with acting(actor, "target.bind", target, reason=reason) as act:
        offered = queries.offered(source, indicator)
        if offered is None:
            raise InputError(
                Words(
                    f"没有“{source}.{indicator}”这个指标：用 anlan registers show 查看，或在页面上选择",
                    f"there is no indicator {source}.{indicator}: see anlan registers show, or choose one on the page",
                )
            )
        given = {key: value for key, value in (narrowed or {}).items() if value}
        problems = [*_wrong_narrowings(offered, given), *_wrong_period(offered, period)]
        if not converting.fits(offered.unit, target.unit) and not (
            water and converting.fits_as_water(offered.unit, target.unit)
        ):
            problems += converting.refusal(offered.title, offered.unit, target.unit).problems
        if problems:
            raise InputError(*problems)
        Target.objects.select_for_update(of=("self",)).filter(pk=target.pk).first()
        before = _end(actor, target, "改绑")
        Binding.objects.filter(target=target, state=BindingState.REFUSED, source=source, indicator=indicator).delete()
        made = Binding.objects.create(
            target=target,
            state=BindingState.BOUND,
            source=source,
            indicator=indicator,
            narrowed=sorted(given.items()),
            period=period,
            unit=offered.unit,
            water=water and not converting.fits(offered.unit, target.unit),
            definition=offered.definition,
            title=name_of(offered),
            told=offered.told.zh,
            reason=reason.strip()[:500],
            by_id=actor.account_id,
            by_name=actor.name[:120],
        )
        found = queries.bound([target]).get(target.pk)
        if found is not None:
            keep([found], timezone.localdate())
        act.before = {"indicators": before}
        act.after = {
            "indicator": f"{source}.{indicator}",
            "narrowed": given,
            "period": period,
            "value": str(found.shown) if found and found.shown is not None else None,
        }
    return made


def name_of(one: Indicator) -> str:
    """What an indicator is called with its register."""
    return f"{one.source_title.zh}·{one.title.zh}"[:400]


def _wrong_narrowings(offered: Indicator, given: Mapping[str, str]) -> list[Words]:
    problems = []
    known = {one.id: one for one in offered.narrowings}
    for key, value in given.items():
        if key not in known:
            names = "、".join(known) or "无"
            problems.append(
                Words(
                    f"“{offered.source_title.zh}”不能按“{key}”筛选：可用的有 {names}",
                    f"{offered.source_title.en} cannot be narrowed by {key}; it knows {', '.join(known) or 'none'}",
                )
            )
        elif value not in {one for one, _title in known[key].values}:
            titles = "、".join(title.zh for _value, title in known[key].values[:8])
            problems.append(
                Words(
                    f"“{known[key].title.zh}”没有“{value}”这个值：可选 {titles} 等",
                    f"{known[key].title.en} has no value {value}",
                )
            )
    return problems


def _wrong_period(offered: Indicator, period: str) -> list[Words]:
    if not period or (offered.every and period == LATEST):
        return []
    if offered.every and len(period) == 4 and period.isascii() and period.isdecimal():
        return []
    if not offered.every:
        return [
            Words(
                f"“{offered.source_title.zh}”不分期，不能指定期次“{period}”",
                f"{offered.source_title.en} has no periods, so {period} cannot be asked for",
            )
        ]
    return [
        Words(
            f"期次“{period}”不对：留空取全部，写 latest 取最近一期，写年份（如 2022）取该年各期",
            f"{period} is no period: leave it empty for all, or give latest for the last one, or a year such as 2022",
        )
    ]


def _end(actor: Actor, target: Target, why: str) -> list[str]:
    """Ends the binding in force, and that of the row this target replaced; gives the indicators."""
    mine = queries.bindings([target]).get(target.pk)
    if mine is None:
        return []
    Binding.objects.filter(pk=mine.pk).update(
        state=BindingState.ENDED, ended_at=timezone.now(), ended_by_name=actor.name[:120], ended_why=why[:500]
    )
    return [f"{mine.source}.{mine.indicator}"]


def unbind(actor: Actor, target: Target, *, reason: str) -> None:
    """Takes a target off its indicator. InputError without a reason, or if it is not bound."""
    with acting(actor, "target.unbind", target, reason=reason) as act:
        if len(reason.strip()) < 2:
            raise InputError(Words("请写明解除绑定的理由", "say why the target is taken off its indicator"))
        ended = _end(actor, target, reason.strip())
        if not ended:
            raise InputError(Words("这项目标没有绑定指标，请刷新页面", "this target is not bound: reload the page"))
        act.before = {"indicators": ended}


def refuse(actor: Actor, target: Target, source: str, indicator: str, *, reason: str = "") -> Binding:
    """Remembers that an indicator is not what a target counts; it is proposed no more. InputError if it is bound."""
    with acting(actor, "target.refuse", target, reason=reason) as act:
        offered = queries.offered(source, indicator)
        if offered is None:
            raise InputError(Words("没有这个指标，请刷新页面", "there is no such indicator: reload the page"))
        mine = queries.bindings([target]).get(target.pk)
        if mine is not None and (mine.source, mine.indicator) == (source, indicator):
            raise InputError(
                Words("目标正绑定着这个指标：先解除绑定", "the target is bound to this indicator: take it off first")
            )
        made, _ = Binding.objects.get_or_create(
            target=target,
            source=source,
            indicator=indicator,
            state=BindingState.REFUSED,
            defaults={
                "unit": offered.unit,
                "definition": offered.definition,
                "title": name_of(offered),
                "told": offered.told.zh,
                "reason": reason.strip()[:500],
                "by_id": actor.account_id,
                "by_name": actor.name[:120],
            },
        )
        act.after = {"indicator": f"{source}.{indicator}"}
    return made


def readmit(actor: Actor, refusal: Binding) -> None:
    """Lets a refused indicator be proposed again."""
    with acting(actor, "target.refuse", refusal.target) as act:
        gone, _ = Binding.objects.filter(pk=refusal.pk, state=BindingState.REFUSED).delete()
        if not gone:
            raise InputError(Words("已经恢复过了，请刷新页面", "it was taken back already: reload the page"))
        act.before = {"indicator": f"{refusal.source}.{refusal.indicator}"}


def keep(found: Sequence[queries.Bound], day: dt.date) -> int:
    """Keeps what the rows say on a day, where it differs from what was kept last; gives how many. Within an action."""
    last: dict[int, Reading] = {}
    for one in Reading.objects.filter(binding__in=[one.binding.pk for one in found]).order_by("day"):
        last[one.binding_id] = one
    count = 0
    for bound in found:
        exact = bound.exact
        value, scale = (exact.value, exact.scale) if exact else (None, 0)
        before = last.get(bound.binding.pk)
        if before is not None and (before.value, before.scale, before.rows) == (value, scale, bound.rows):
            continue
        Reading.objects.update_or_create(
            binding=bound.binding, day=day, defaults={"value": value, "scale": scale, "rows": bound.rows}
        )
        count += 1
    return count
