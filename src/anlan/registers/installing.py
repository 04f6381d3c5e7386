"""Putting specs in force: first installation, a new version over rows that are there, retirement."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.registers import projection, tables
from anlan.registers.book import Installed, book
from anlan.registers.drafting import Drafter
from anlan.registers.models import Register, Revision, SpecVersion
from anlan.registers.sources import CATALOG, PACK_FOLDER, Source, files, gather, in_order
from anlan.registers.spec.model import PERIOD, Spec
from anlan.settings import InputError, Words

# Lines of a migration report that are kept; its head says how many there were.
_TOLD = 500
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing the specs did: codes that are new, changed, retired, and what is wrong with files left out."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    problems: tuple[Words, ...]


def digest_of(text: str) -> str:
    """Hash of a spec's text, line ends aside."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()


def bring(actor: Actor, pack: Path | None) -> Brought:
    """Installs the specs of the product and of a pack, as far as they are sound. Doing it again changes nothing.

    A register whose file is gone is retired: readable, filled no more. A file that is wrong leaves the version before
    it in force, and is told.
    """
    if _all_in_force(pack):
        return Brought((), (), (), ())
    with transaction.atomic():
        return _bring(actor, pack)


def _all_in_force(pack: Path | None) -> bool:
    """Whether every file is in force to the letter and nothing else is: the usual case, told without reading specs."""
    there = set(Register.objects.filter(retired=False).values_list("digest", flat=True))
    paths = [*files(CATALOG), *(files(pack / PACK_FOLDER) if pack is not None else [])]
    try:
        return (
            len(paths) == len(there) and {digest_of(path.read_bytes().decode("utf-8-sig")) for path in paths} == there
        )
    except (OSError, UnicodeDecodeError):
        return False


def _bring(actor: Actor, pack: Path | None) -> Brought:
    gathered = gather(pack)
    problems = list(gathered.grave)
    usable = gathered.usable
    there = {one.code: one for one in Register.objects.all()}
    new: list[str] = []
    changed: list[str] = []
    # What others refer to goes first.
    for code in in_order({code: one.spec for code, one in usable.items()}):
        try:
            done = install(actor, usable[code])
        except InputError as error:
            problems += error.problems
            continue
        if done:
            (changed if code in there else new).append(code)
    retired = []
    broken = {one.register for one in gathered.problems if one.grave}
    for code, register in there.items():
        if code not in gathered.sources and code not in broken and not register.retired and not gathered.unreadable:
            _retire(actor, register)
            retired.append(code)
    return Brought(tuple(new), tuple(changed), tuple(retired), tuple(problems))


def install(actor: Actor, source: Source) -> bool:
    """Puts one spec in force; gives whether anything changed.

    Raises InputError for a changed text under the same version, or a version before the one in force.
    """
    spec, digest = source.spec, digest_of(source.text)
    register = Register.objects.filter(code=spec.id).first()
    if register is not None:
        current = SpecVersion.objects.get(register=register, number=register.version)
        if current.digest == digest:
            if register.retired:
                with acting(actor, "registers.install", register) as act:
                    register.retired = False
                    register.save(update_fields=["retired"])
                    act.after = {"register": spec.id, "retired": False}
                return True
            return False
        if spec.version <= register.version:
            raise InputError(
                Words(
                    f"{source.path.name}：内容变了，version 还是 {spec.version}（现用第 {register.version} 版）；"
                    f"请改为 {register.version + 1}",
                    f"{source.path.name}: changed, but version is {spec.version} while {register.version} is in force; "
                    f"make it {register.version + 1}",
                )
            )
    with acting(actor, "registers.install", register) as act:
        if register is None:
            register = Register(code=spec.id)
        former = register.table
        register.title_zh, register.title_en = spec.title.zh[:100], spec.title.en[:200]
        register.group, register.version, register.origin = spec.group, spec.version, source.origin
        register.table, register.retired, register.digest = tables.name(spec), False, digest
        register.save()
        made = tables.model(spec, register.table)
        tables.create(spec, register.table, made)
        installed = Installed(register, spec, made)
        told = migration_report(installed) if former else []
        SpecVersion.objects.create(
            register=register,
            number=spec.version,
            effective=spec.effective,
            text=source.text,
            digest=digest,
            report=told,
        )
        rows = projection.rebuild(installed) if former else 0
        if former:
            tables.drop(former)
        act.obj = register
        act.after = {"register": spec.id, "version": spec.version, "digest": digest, "rows": rows, "unfit": len(told)}
    return True


def _retire(actor: Actor, register: Register) -> None:
    with acting(actor, "registers.install", register) as act:
        register.retired = True
        register.save(update_fields=["retired"])
        act.after = {"register": register.code, "retired": True}


def migration_report(installed: Installed) -> list[dict[str, Any]]:
    """What of the rows does not fit a spec: fields it does not have, values it does not take, fields that are missing.

    Each entry is {"row", "label", "problem": {"zh", "en"}}. The rows stay, readable under their own version.
    """
    found: list[dict[str, Any]] = []
    spec = installed.spec
    last = 0
    while True:
        revisions = list(
            Revision.objects.filter(
                row__register=installed.register, row__deleted=False, row__gt=last, number=F("row__revision")
            )
            .select_related("row")
            .order_by("row_id")[:_BATCH]
        )
        if not revisions:
            return found
        last = revisions[-1].row_id
        drafter = Drafter(installed)
        for one in revisions:
            for words in _unfit(drafter, spec, one.values):
                if len(found) < _TOLD:
                    found.append(
                        {"row": one.row_id, "label": one.row.label, "problem": {"zh": words.zh, "en": words.en}}
                    )


def _unfit(drafter: Drafter, spec: Spec, values: dict[str, Any]) -> list[Words]:
    found = []
    for id, value in values.items():
        if id == PERIOD:
            continue
        if id not in spec.by_id:
            found.append(
                Words(f"字段 {id} 已没有，原值“{value}”只在历史里", f"there is no field {id} any more: “{value}”")
            )
        elif not projection.fits(drafter, id, value):
            title = spec.field(id).title
            found.append(Words(f"“{title.zh}”的“{value}”不再适用", f"{title.en}: “{value}” fits no more"))
    kept = {id: v for id, v in values.items() if id == PERIOD or (id in spec.by_id and projection.fits(drafter, id, v))}
    draft = drafter.fitted({id: kept[id] for id in kept if id in {f.id for f in spec.entered}}, None, kept)
    found += draft.problems(spec)
    return found


def report_of(register: Register) -> list[dict[str, Any]]:
    """Migration report of the version in force."""
    version = SpecVersion.objects.get(register=register, number=register.version)
    told: list[dict[str, Any]] = version.report
    return told


def installed() -> list[Installed]:
    """Registers in force."""
    return list(book().values())
