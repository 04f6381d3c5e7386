"""Every change of a row: added, corrected with a reason, moved, deleted, restored. Each is one revision and one entry.

A row is never overwritten: its values stand in revisions, and the projection follows in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from anlan.foundation.access.acting import Refused, acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.flow.actions import move as take_step
from anlan.foundation.org.names import at
from anlan.foundation.search import index
from anlan.foundation.vault import actions as vault
from anlan.foundation.vault.models import Receipt
from anlan.foundation.vault.storing import Stored
from anlan.registers import grants, projection, reading, todos
from anlan.registers.book import Installed, book
from anlan.registers.drafting import Draft, Drafter
from anlan.registers.flow import flow_of
from anlan.registers.models import Did, Revision, Row
from anlan.registers.spec.model import FILES
from anlan.settings import InputError, Words

Files = Mapping[str, Sequence[Stored]]


def add(
    actor: Actor,
    installed: Installed,
    given: Mapping[str, Any],
    *,
    files: Files | None = None,
    reason: str = "",
    source: str = "form",
    sample: bool = False,
) -> Row:
    """New row. Raises InputError with everything that is wrong; nothing is written then."""
    drafter = Drafter(installed)
    draft = drafter.fitted(given)
    row = Row(
        register=installed.register,
        unit_id=projection.unit_of(installed, draft),
        place=projection.place_of(installed, draft),
        sample=sample,
    )
    # Without a unit nobody could say whose it is; what is missing is told before who may.
    demand(actor, "registers.add", installed.register if draft.wrong else row)
    drafter.finish([draft])
    _refuse(installed, draft)
    row.key, row.label, row.state = draft.key, draft.label, draft.state
    with acting(actor, "registers.add", row, reason=reason) as act:
        _refuse_twice(installed, row)
        row.save()
        act.obj = row
        _take_files(actor, installed, row, draft, files or {})
        _revise(actor, installed, row, draft, Did.ADD, reason, source)
        _project(drafter, installed, row, draft)
        if installed.spec.period is not None:
            todos.settle(installed, [row.unit_id])
        act.after = {"register": installed.code, "revision": row.revision}
    return row


def correct(
    actor: Actor,
    row: Row,
    given: Mapping[str, Any],
    *,
    reason: str,
    revision: int | None = None,
    files: Files | None = None,
    source: str = "form",
) -> bool:
    """Corrects a row: `given` over what was there. Gives whether anything changed; nothing is written if not.

    `revision` is the number of the one that was looked at: if somebody was quicker, InputError says so.
    """
    installed = book().by_key(row.register_id)
    with acting(actor, "registers.correct", row, reason=reason) as act:
        current = _locked(row, revision)
        _refuse_deleted(current)
        before = reading.latest([row.pk])[row.pk]
        drafter = Drafter(installed)
        draft = drafter.fitted(given, current, before)
        drafter.finish([draft])
        after = Row(
            register=installed.register,
            unit_id=projection.unit_of(installed, draft),
            place=projection.place_of(installed, draft),
        )
        if not draft.wrong and not may(actor, "registers.correct", after):
            words = Words(
                "改后的单位或区划不在你可以填报的范围", "the unit or place it would have is not one you may fill in"
            )
            raise InputError(words)
        _refuse(installed, draft)
        _take_files(actor, installed, current, draft, files or {})
        changed = sorted(id for id in draft.kept.keys() | before.keys() if draft.kept.get(id) != before.get(id))
        changed = [id for id in changed if id != "\x00state"]
        entered = [id for id in changed if id in {one.id for one in installed.spec.entered} or id == "period"]
        if not entered:
            act.after = {"register": installed.code, "unchanged": True}
            return False
        if len(reason.strip()) < 2:
            raise InputError(at("reason", "请写明更正的理由", "give a reason for the correction"))
        renamed = (current.key, current.label) != (draft.key, draft.label)
        if renamed and draft.key != current.key:
            _refuse_twice(installed, Row(key=draft.key, pk=current.pk))
        current.key, current.label = draft.key, draft.label
        current.unit_id, current.place = after.unit_id, after.place
        _revise(actor, installed, current, draft, Did.CORRECT, reason, source)
        _project(drafter, installed, current, draft)
        projection.follow(installed, current)
        act.after = {"register": installed.code, "revision": current.revision, "fields": entered}
    row.refresh_from_db()
    return True


def move(actor: Actor, row: Row, step: str, *, reason: str = "", source: str = "form") -> None:
    """Takes a row one step on. Raises InputError with what the step still needs."""
    installed = book().by_key(row.register_id)
    found = next((one for one in installed.spec.moves if one.id == step), None)
    if found is None:
        raise InputError(Words(f"没有“{step}”这一步", f"there is no step {step}"))
    demand(actor, "registers.move", row)
    if not grants.moves(actor, installed.spec, step).has(row.unit_id, row.place):
        raise Refused(
            Words(
                f"没有“{found.title.zh}”的权限：“{row}”。需要时请向安全管理员申请",
                f"you may not {found.title.en}: {row}. Ask the security administrator if you need to",
            )
        )
    with acting(actor, "registers.move", row, reason=reason) as act:
        current = _locked(row, None)
        _refuse_deleted(current)
        before = reading.latest([row.pk])[row.pk]
        missing = [
            Words(f"{found.title.zh}前须填写“{one.title.zh}”", f"to {found.title.en}, fill in: {one.title.en}")
            for id in found.needs
            if before.get((one := installed.spec.field(id)).id) in (None, [])
        ]
        if missing:
            raise InputError(*missing)
        take_step(actor, flow_of(installed.spec), current, step, reason=reason)
        drafter = Drafter(installed)
        draft = drafter.fitted({}, current, before)
        draft.state = current.state
        drafter.finish([draft])
        _refuse(installed, draft)
        _revise(actor, installed, current, draft, Did.MOVE, reason, source)
        _project(drafter, installed, current, draft)
        projection.follow(installed, current)
        act.after = {"register": installed.code, "revision": current.revision, "step": step, "state": current.state}
    row.refresh_from_db()


def delete(actor: Actor, row: Row, *, reason: str, source: str = "form") -> None:
    """Deletes a row: it leaves lists and figures, and stays with its history. Refused while others refer to it."""
    installed = book().by_key(row.register_id)
    with acting(actor, "registers.delete", row, reason=reason) as act:
        _need_reason(reason)
        current = _locked(row, None)
        _refuse_deleted(current)
        _refuse_referred(installed, current)
        before = {id: value for id, value in reading.latest([row.pk])[row.pk].items() if id != "\x00state"}
        current.deleted = True
        _revise(actor, installed, current, Draft(before, current.state), Did.DELETE, reason, source)
        projection.remove(installed, [current.pk])
        index.put_where("register_row", pk=current.pk)
        act.after = {"register": installed.code, "revision": current.revision}
    row.refresh_from_db()


def restore(actor: Actor, row: Row, *, reason: str, source: str = "form") -> None:
    """Takes a deletion back; the row must still pass the checks of today."""
    installed = book().by_key(row.register_id)
    with acting(actor, "registers.restore", row, reason=reason) as act:
        _need_reason(reason)
        current = _locked(row, None)
        if not current.deleted:
            raise InputError(Words(f"“{row}”没有删除", f"{row} is not deleted"))
        before = reading.latest([row.pk])[row.pk]
        drafter = Drafter(installed)
        draft = drafter.fitted({}, current, before)
        drafter.finish([draft])
        _refuse(installed, draft)
        current.deleted = False
        _revise(actor, installed, current, draft, Did.RESTORE, reason, source)
        _project(drafter, installed, current, draft)
        act.after = {"register": installed.code, "revision": current.revision}
    row.refresh_from_db()


def rebuild(actor: Actor, installed: Installed) -> int:
    """Builds the projection of a register anew from its revisions; gives the number of rows."""
    with acting(actor, "registers.install", installed.register) as act:
        count = projection.rebuild(installed)
        act.after = {"register": installed.code, "rebuilt": count}
    return count


def _locked(row: Row, revision: int | None) -> Row:
    """Row as it stands now, locked."""
    current = Row.objects.select_for_update().get(pk=row.pk)
    if revision is not None and current.revision != revision:
        raise InputError(
            Words(
                f"“{current}”刚被别人改过（第 {current.revision} 版），没有保存；请刷新后再改",
                f"somebody has just changed {current} (revision {current.revision}); reload and change it again",
            )
        )
    return current


def _refuse(installed: Installed, draft: Draft) -> None:
    if problems := draft.problems(installed.spec):
        raise InputError(*dict.fromkeys(problems))


def _refuse_deleted(row: Row) -> None:
    if row.deleted:
        raise InputError(Words(f"“{row}”已经删除；可先恢复", f"{row} is deleted; restore it first"))


def _need_reason(reason: str) -> None:
    if len(reason.strip()) < 2:
        raise InputError(Words("请写明理由", "give a reason"))


def _refuse_twice(installed: Installed, row: Row) -> None:
    """One row a natural key; a deleted one is to be restored, not entered anew."""
    there = Row.objects.filter(register=installed.register, key=row.key).exclude(pk=row.pk).first()
    if there is None:
        return
    titles = "、".join("期次" if id == "period" else installed.spec.field(id).title.zh for id in installed.spec.key)
    english = ", ".join("period" if id == "period" else installed.spec.field(id).title.en for id in installed.spec.key)
    if there.deleted:
        raise InputError(
            Words(f"“{there}”（{titles}相同）曾经登记并已删除；请恢复那一条", f"{there} was deleted: restore it")
        )
    raise InputError(
        Words(
            f"已有“{there}”（{titles}相同）；请更正那一条，或改用别的{titles}",
            f"{there} has the same {english} already; correct that row, or use another {english}",
        )
    )


def _refuse_referred(installed: Installed, row: Row) -> None:
    from anlan.registers import tables

    registers = book()
    for code, field in registers.referring.get(installed.code, []):
        other = registers[code]
        column = tables.column(other.spec.field(field))
        count = other.rows.filter(**{column: row.pk}).count()
        if count:
            raise InputError(
                Words(
                    f"“{other.register}”里有 {count} 条引用了“{row}”，不能删除；请先改那里",
                    f"{count} rows of {other.register.title_en} refer to {row}; change them first",
                )
            )


def _take_files(actor: Actor, installed: Installed, row: Row, draft: Draft, files: Files) -> None:
    """Receipts of files that came with the row; those named by key must be of this row, or the actor's own."""
    for one in installed.spec.of_type(*FILES):
        keys: list[int] = list(draft.kept.get(one.id) or [])
        for receipt in Receipt.objects.filter(pk__in=keys):
            if (receipt.kind, receipt.object_id) == ("registers.row", str(row.pk)):
                continue
            # Refused unless it is the actor's and belongs to nothing yet.
            vault.attach(actor, receipt, row)
        known = set(Receipt.objects.filter(pk__in=keys).values_list("pk", flat=True))
        if unknown := [key for key in keys if key not in known]:
            raise InputError(Words(f"“{one.title.zh}”：没有附件 {unknown[0]}", f"{one.title.en}: no file {unknown[0]}"))
        for stored in files.get(one.id, ()):
            keys.append(vault.enter(actor, stored, purpose="register", obj=row).pk)
        if len(keys) > one.most:
            raise InputError(
                Words(
                    f"“{one.title.zh}”最多 {one.most} 个附件，现有 {len(keys)} 个",
                    f"{one.title.en} takes at most {one.most} files, not {len(keys)}",
                )
            )
        draft.kept[one.id] = keys or None


def _revise(actor: Actor, installed: Installed, row: Row, draft: Draft, did: Did, reason: str, source: str) -> None:
    """Writes the revision, and what the row keeps of it; the number decides between two who write at once."""
    number = 1 if did is Did.ADD else row.revision + 1
    row.revision, row.state = number, draft.state
    row.save()
    try:
        with transaction.atomic():
            Revision.objects.create(
                row=row,
                number=number,
                did=did,
                at=timezone.now(),
                actor=actor.account_id,
                actor_name=actor.name[:120],
                unit_name=actor.unit_name[:200],
                reason=reason.strip(),
                source=source[:80],
                version=installed.spec.version,
                state=draft.state,
                values={id: value for id, value in draft.kept.items() if value is not None},
            )
    except IntegrityError as error:
        raise InputError(
            Words(f"“{row}”刚被别人改过，没有保存；请刷新后再改", f"somebody has just changed {row}; reload it")
        ) from error


def _project(drafter: Drafter, installed: Installed, row: Row, draft: Draft) -> None:
    projection.put(
        installed,
        [projection.line(installed, row.pk, draft, drafter.naming, sample=row.sample, at=timezone.now())],
    )
    index.put_where("register_row", pk=row.pk)
