"""Bindings that a pack proposes for its sample plan: `bindings.csv`, confirmed as sample data.

Columns: `item`, the number of the measure; `target`, words that stand in the target's indicator; `indicator` as
register.indicator; `narrowed`, field=value pairs with a space between; `period`.
"""

from __future__ import annotations

import csv
from pathlib import Path

from anlan.foundation.access.actor import Actor
from anlan.plan.binding import actions, queries
from anlan.plan.models import Plan, Target
from anlan.settings import InputError, Words

FILE = "bindings.csv"
_REASON = "样例数据"


def bring(actor: Actor, plan: Plan, pack: Path) -> tuple[int, list[Words]]:
    """Binds the targets of an issued sample plan; gives how many, and what did not fit.

    What is bound stays as it is. A line whose target the plan does not have is for another plan.
    """
    path = pack / FILE
    if not plan.sample or not path.is_file():
        return 0, []
    targets = list(Target.objects.filter(measure__tasks__plan=plan, measure__tasks__parent__isnull=True).distinct())
    taken = set(queries.bindings(targets))
    count = 0
    problems: list[Words] = []
    numbers = dict(Target.objects.filter(pk__in=[one.pk for one in targets]).values_list("pk", "measure__number"))
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for line, row in enumerate(csv.DictReader(lines), start=2):
            found = [
                one for one in targets if numbers[one.pk] == row["item"].strip() and row["target"] in one.indicator
            ]
            if len(found) > 1:
                number = len(found)
                problems.append(
                    Words(
                        f"{FILE} 第 {line} 行：含“{row['target']}”的目标有 {number} 个，请写得更细",
                        f"{FILE}, line {line}: {number} targets have {row['target']}; name one of them",
                    )
                )
            if len(found) != 1 or found[0].pk in taken:
                continue
            source, _dot, indicator = row["indicator"].strip().partition(".")
            narrowed = dict(pair.partition("=")[::2] for pair in row["narrowed"].split())
            try:
                actions.bind(
                    actor,
                    found[0],
                    source,
                    indicator,
                    narrowed=narrowed,
                    period=row["period"].strip(),
                    reason=_REASON,
                )
            except InputError as error:
                problems += [
                    Words(f"{FILE} 第 {line} 行：{one.zh}", f"{FILE}, line {line}: {one.en}") for one in error.problems
                ]
            else:
                count += 1
    return count, problems
