"""Moving an object along its flow."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from anlan.foundation.access.actor import Actor
from anlan.foundation.flow.flows import Flow, Transition
from anlan.foundation.flow.models import Event
from anlan.settings import InputError, Words


def move(
    actor: Actor,
    flow: Flow,
    obj: models.Model,
    code: str,
    *,
    reason: str = "",
    evidence: Sequence[int] = (),
    field: str = "state",
) -> Event:
    """Takes one step: called inside the action that the step is, whose permission it has.

    The state kept in `field` is changed only if it still is what this step leads out of, so that of two people who
    press at once one is told. Raises InputError with what is missing, or that the object has moved on.
    """
    step = flow.step(code)
    problems = _missing(step, obj, reason, evidence)
    source = getattr(obj, field)
    if source not in step.sources:
        problems.append(_elsewhere(flow, step, obj, source))
    if problems:
        raise InputError(*problems)
    rows = type(obj)._default_manager.filter(pk=obj.pk, **{field: source})
    if not rows.update(**{field: step.target}):
        obj.refresh_from_db(fields=[field])
        raise InputError(_elsewhere(flow, step, obj, getattr(obj, field)))
    setattr(obj, field, step.target)
    return Event.objects.create(
        flow=flow.code,
        kind=obj._meta.label_lower,
        object_id=obj.pk,
        transition=code,
        source=source,
        target=step.target,
        actor=actor.account_id,
        actor_name=actor.name[:120],
        reason=reason.strip(),
        evidence=list(evidence),
    )


def _missing(step: Transition, obj: models.Model, reason: str, evidence: Sequence[int]) -> list[Words]:
    problems = [
        Words(f"{step.words.zh}前须填写“{words.zh}”", f"to {step.words.en}, fill in: {words.en}")
        for name, words in step.fields
        # A number 0 and a "no" are answers.
        if getattr(obj, name) in (None, "", [], {})
    ]
    if step.reason and not reason.strip():
        problems.append(Words(f"{step.words.zh}须写明理由", f"to {step.words.en}, give a reason"))
    if step.evidence and not evidence:
        problems.append(Words(f"{step.words.zh}须附材料", f"to {step.words.en}, attach evidence"))
    return problems


def _elsewhere(flow: Flow, step: Transition, obj: models.Model, state: str) -> Words:
    known = flow.states.get(state, Words(state, state))
    return Words(
        f"“{obj}”现在是“{known.zh}”，不能{step.words.zh}；刷新页面看结果",
        f"{obj} is {known.en} now and cannot be: {step.words.en}; reload the page",
    )
