"""An import in two steps: the dry run, kept in scratch, and its publishing in one short transaction.

What a file would change is worked out again when it is published. If the rows that are there have moved since, nothing
is written and the new dry run is shown; if nothing is left to change, nothing is written and nothing is journalled.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.sheets import past
from anlan.foundation.sheets.checking import Checked, check
from anlan.foundation.sheets.models import ImportRow, ImportRun, RowState, RunState
from anlan.foundation.sheets.reading import read
from anlan.foundation.sheets.registry import Applied, Importable
from anlan.foundation.sheets.spec import Fault, Line
from anlan.settings import InputError, Words

# Dry runs are kept so long, for the list of the latest ones.
_KEPT = dt.timedelta(days=14)
_BATCH = 1000


@dataclass(slots=True)
class Dry:
    """File as examined: its lines with state, what is wrong with the whole, and the digest of what it would change."""

    importable: Importable
    checked: Checked
    states: list[RowState] = field(default_factory=list)
    digest: str = ""

    @property
    def lines(self) -> list[Line]:
        """Lines of the file."""
        return self.checked.lines

    def count(self, state: RowState) -> int:
        """Number of lines in this state."""
        return self.states.count(state)

    @property
    def faults(self) -> list[Fault]:
        """Everything that is wrong, in the order of the file."""
        return [*self.checked.faults, *(fault for line in self.lines for fault in line.faults)]

    @property
    def work(self) -> list[Line]:
        """Lines that change something."""
        return [
            line
            for line, state in zip(self.lines, self.states, strict=True)
            if state in (RowState.NEW, RowState.CHANGED)
        ]


def examine(importable: Importable, data: bytes, name: str) -> Dry:
    """Dry run of a file, written nowhere. Raises InputError if it cannot be read at all."""
    return _compared(importable, check(importable.spec, read(data, name)))


def _compared(importable: Importable, checked: Checked) -> Dry:
    """Lines against the rows that are there: a natural key each, no key twice, then what the room itself finds."""
    key_of = importable.identified()
    for line in checked.lines:
        line.key = key_of(line.values)
    there = importable.rows_now([line.key for line in checked.lines])
    for line in checked.lines:
        line.before = there.get(line.key)
        if importable.untouched is not None and not line.faults and importable.untouched(line):
            _leave(importable, line)
    _refuse_twice(importable, checked.lines)
    if importable.review is not None and (importable.partial or not checked.faults):
        importable.review(checked.lines)
    dry = Dry(importable, checked, [_state(importable, line) for line in checked.lines])
    work = [[line.key, line.values, line.before] for line in dry.work]
    dry.digest = hashlib.sha256(json.dumps(work, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return dry


def _leave(importable: Importable, line: Line) -> None:
    """Takes the values out of a line that asks for nothing: what a line has no value of stays as it is."""
    for key in line.stored(importable.spec):
        del line.values[key]


def _refuse_twice(importable: Importable, lines: Sequence[Line]) -> None:
    """One row a key. Where rows are judged one by one, nobody knows which of two is meant: both are refused."""
    seen: dict[str, Line] = {}
    for line in lines:
        if not line.key.strip("\x1f"):
            # Its empty key column has been told already.
            continue
        if importable.partial and not line.faults and not line.stored(importable.spec):
            continue
        first = seen.setdefault(line.key, line)
        if first is line:
            continue
        if importable.partial and line.values == first.values:
            _leave(importable, line)
            continue
        line.wrong(None, _same_as(first, line))
        if importable.partial:
            first.wrong(None, _same_as(line, first))


def _same_as(first: Line, line: Line) -> Words:
    where = Words("", "")
    if first.sheet != line.sheet:
        where = Words(f"工作表“{first.sheet}”", f" of sheet “{first.sheet}”")
    return Words(
        f"与{where.zh}第 {first.number} 行是同一条；请只留一行",
        f"is the same as row {first.number}{where.en}; keep one of them",
    )


def _state(importable: Importable, line: Line) -> RowState:
    if line.faults:
        return RowState.ERROR
    if line.before is None:
        # Without a value of its own it asks for nothing.
        return RowState.NEW if line.stored(importable.spec) else RowState.UNCHANGED
    return RowState.CHANGED if line.changed(importable.spec) else RowState.UNCHANGED


Told = Callable[[int, int, Words], None]


def _untold(done: int, total: int, words: Words) -> None:
    """For whoever need not know how far it is."""


def stage(actor: Actor, importable: Importable, data: bytes, name: str, told: Told = _untold) -> ImportRun:
    """Dry run of a file, kept so that it can be looked at and published.

    `told` is called with how far it is: rows done, of how many, and words. Raises InputError if the file cannot be read
    at all. Refused, and journalled, unless `actor` may import.
    """
    demand(actor, importable.action)
    importable = importable.seen_by(actor)
    told(0, 0, Words("正在读取、核对", "reading and checking"))
    dry = examine(importable, data, name)
    with transaction.atomic(using="scratch"):
        # Only after everything in it was published or looked at long ago.
        ImportRun.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()
        run = ImportRun(
            kind=importable.code,
            account=actor.account_id,
            name=name[-255:],
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            partial=importable.partial,
        )
        _keep(run, dry, told)
    past.examined(actor, importable, run, data)
    return run


def _keep(run: ImportRun, dry: Dry, told: Told = _untold) -> None:
    spec = dry.importable.spec
    run.digest = dry.digest
    run.columns = list(dry.checked.columns)
    run.faults = [[fault.speak("zh"), fault.speak("en")] for fault in dry.checked.faults]
    run.notices = [list(words) for words in dry.checked.notices]
    run.new, run.changed = dry.count(RowState.NEW), dry.count(RowState.CHANGED)
    run.unchanged, run.errors = dry.count(RowState.UNCHANGED), dry.count(RowState.ERROR)
    run.save()
    run.rows.all().delete()
    rows = (
        ImportRow(
            run=run,
            sheet=line.sheet[:100],
            number=line.number,
            state=state,
            label=dry.importable.label(line.values)[:200],
            values=line.values,
            faults=[[fault.speak("zh"), fault.speak("en")] for fault in line.faults],
            changes=[
                [
                    *spec.column(key).title,
                    *_both(dry.importable, key, line.before),
                    *_both(dry.importable, key, line.values),
                ]
                for key in line.changed(spec)
            ],
        )
        for line, state in zip(dry.lines, dry.states, strict=True)
    )
    done, total = 0, len(dry.lines)
    # Part by part, so that the rows are not all in memory at once.
    while batch := list(itertools.islice(rows, _BATCH)):
        ImportRow.objects.bulk_create(batch)
        done += len(batch)
        told(done, total, Words(f"核对结果 {done} / {total} 行", f"{done} of {total} rows"))


def _both(importable: Importable, key: str, record: Mapping[str, Any] | None) -> tuple[str, str]:
    column = importable.spec.column(key)
    value = (record or {}).get(key, column.blank)
    return column.show(value, "zh"), column.show(value, "en")


def publish(actor: Actor, importable: Importable, run: ImportRun, *, reason: str) -> Applied:
    """Writes what the dry run shows, all of it or nothing, with one entry in the journal.

    Raises InputError if the file has errors, was published, or the rows that are there have changed since the dry run
    (which is then renewed).
    """
    demand(actor, importable.action)
    importable = importable.seen_by(actor)
    run.refresh_from_db()
    if run.state == RunState.PUBLISHED:
        raise InputError(Words(f"{run.name}：已经发布过", f"{run.name}: was published already"))
    if (run.errors or run.faults) and not importable.partial:
        raise InputError(
            Words(
                f"{run.name}：还有 {run.errors or len(run.faults)} 处错误；请改正文件后重新导入",
                f"{run.name}: {run.errors or len(run.faults)} errors are left; correct the file and import it again",
            )
        )
    rows = list(run.rows.all())
    sound = [Line(row.number, row.values, sheet=row.sheet) for row in rows if row.state != RowState.ERROR]
    dry = _compared(importable, Checked(sound, columns=tuple(run.columns)))
    moved = dry.digest != run.digest or any(line.faults for line in dry.lines)
    if moved:
        _put_back(dry, run, rows)
        with transaction.atomic(using="scratch"):
            _keep(run, dry)
        past.renewed(run)
        raise InputError(
            Words(
                "预览之后数据有了变化，没有写入；下面是重新比对的结果，请再看一遍",
                "the data have changed since the preview and nothing was written; below is the new comparison",
            )
        )
    applied = _write(actor, dry, run.name, run.sha256, reason)
    run.state, run.published_at = RunState.PUBLISHED, timezone.now()
    # Should the process die before this, a second publishing finds nothing left to change.
    run.save(update_fields=["state", "published_at"])
    past.published(run, reason)
    return applied


def _put_back(dry: Dry, run: ImportRun, rows: Sequence[ImportRow]) -> None:
    """What was wrong with the file in the first place into the new comparison, each row at its place."""
    known = {id(line): state for line, state in zip(dry.lines, dry.states, strict=True)}
    sound = iter(dry.lines)
    lines, states = [], []
    for row in rows:
        if row.state == RowState.ERROR:
            # What was told says the row already.
            told = [Fault(Words(*pair)) for pair in row.faults]
            line = Line(row.number, row.values, told, sheet=row.sheet)
        else:
            line = next(sound)
        lines.append(line)
        states.append(known.get(id(line), RowState.ERROR))
    dry.checked.lines, dry.states = lines, states
    dry.checked.faults = [Fault(Words(*pair)) for pair in run.faults]
    dry.checked.notices = [Words(*pair) for pair in run.notices]


def take(actor: Actor, importable: Importable, data: bytes, name: str, *, reason: str = "") -> tuple[Dry, Applied]:
    """Dry run and publishing at one go: for the console and the first setting up.

    Raises InputError with every error of the file; nothing is written then. Of a sheet that is `partial` the rows
    without errors are written all the same, and the errors stand in the dry run.
    """
    demand(actor, importable.action)
    importable = importable.seen_by(actor)
    dry = examine(importable, data, name)
    if dry.faults and not importable.partial:
        raise InputError(*(Words(fault.speak("zh"), fault.speak("en")) for fault in dry.faults))
    sha256 = hashlib.sha256(data).hexdigest()
    applied = _write(actor, dry, name, sha256, reason)
    if not dry.work:
        return dry, applied
    run = ImportRun(
        name=name[-255:],
        size=len(data),
        sha256=sha256,
        faults=[[fault.speak("zh"), fault.speak("en")] for fault in dry.checked.faults],
        notices=[list(words) for words in dry.checked.notices],
        state=RunState.PUBLISHED,
        published_at=timezone.now(),
    )
    run.new, run.changed = dry.count(RowState.NEW), dry.count(RowState.CHANGED)
    run.unchanged, run.errors = dry.count(RowState.UNCHANGED), dry.count(RowState.ERROR)
    past.examined(actor, importable, run, data, reason)
    return dry, applied


def _write(actor: Actor, dry: Dry, name: str, sha256: str, reason: str) -> Applied:
    if not dry.work:
        return Applied()
    for line in dry.work:
        line.file = name
    write: Callable[[], Applied] = functools.partial(dry.importable.apply, actor, dry.work)
    if dry.importable.prepare is not None:
        write = dry.importable.prepare(actor, dry.work, reason)
    # All that takes long comes before the transaction, which holds the only writer's place of SQLite.
    told = {"rows": _digested(dry.work, dry.importable)} if dry.importable.tells_rows else {}
    try:
        with acting(actor, dry.importable.action, reason=reason) as act:
            applied = write()
            act.after = {
                "sheet": dry.importable.code,
                "file": name,
                "sha256": sha256,
                "new": dry.count(RowState.NEW),
                "changed": dry.count(RowState.CHANGED),
                "unchanged": dry.count(RowState.UNCHANGED),
                **({"left_out": bad} if (bad := dry.count(RowState.ERROR)) else {}),
                "digest": dry.digest,
                **told,
                **applied.facts,
            }
    except IntegrityError as error:
        raise InputError(
            Words(
                f"{name}：发布时与别人刚做的修改冲突，没有写入；请重新导入",
                f"{name}: collided with a change that somebody just made, and nothing was written; import it again",
            )
        ) from error
    return applied


def _digested(work: Sequence[Line], importable: Importable) -> list[dict[str, Any]]:
    """Before and after of each row that changed; rows that are new are named."""
    told: list[dict[str, Any]] = []
    for line in work:
        entry: dict[str, Any] = {"row": line.number, "key": line.key, "label": importable.label(line.values)}
        if line.sheet:
            entry["sheet"] = line.sheet
        if line.before is not None:
            keys = line.changed(importable.spec)
            entry["before"] = {key: line.before.get(key) for key in keys}
            entry["after"] = {key: line.values[key] for key in keys}
        told.append(entry)
    return told
