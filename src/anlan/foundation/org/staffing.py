"""Every change of people and their posts: taken in, corrected, appointed, handed over, ended.

A unit leader may do this for people of the own unit only; the rule stands in `permissions`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.org.actions import different
from anlan.foundation.org.checks import PostData, demand_right, period_problems, person_problems, post_problems, worded
from anlan.foundation.org.models import Person, Post
from anlan.foundation.org.names import at, clean
from anlan.foundation.search.index import put
from anlan.settings import Words

_ONE_DAY = dt.timedelta(days=1)


def facts(post: Post) -> dict[str, Any]:
    """Facts of a post as the journal keeps them."""
    return {
        "person": post.person.name,
        "unit": post.unit.short_name,
        "title": post.title,
        "kind": post.kind,
        "since": post.since,
        "until": post.until,
    }


def create_person(actor: Actor, *, name: str, phone: str = "", post: PostData) -> Person:
    """New person with the first post: nobody is kept who does nothing here."""
    name, phone, post = clean(name), phone.strip(), _cleaned(post)
    demand(actor, "org.people")
    demand(actor, "org.post", Post(unit=post.unit, person=Person(name=name), title=post.title))
    demand_right(person_problems(name, phone) + post_problems(post, None))
    with acting(actor, "org.people") as act, worded():
        person = Person.objects.create(name=name, phone=phone)
        made = _made(person, post)
        act.obj = person
        act.after = {"name": name, "phone": phone, "post": facts(made)}
        put("person", [person])
    return person


def edit_person(actor: Actor, person: Person, *, name: str, phone: str, reason: str) -> None:
    """Corrects name and telephone."""
    name, phone = clean(name), phone.strip()
    demand(actor, "org.people", person)
    demand_right(person_problems(name, phone))
    before = {"name": person.name, "phone": person.phone}
    with acting(actor, "org.people", person, reason=reason) as act:
        person.name, person.phone = name, phone
        person.save()
        act.before, act.after = different(before, {"name": name, "phone": phone})
        put("person", [person])


def add_post(actor: Actor, person: Person, data: PostData) -> Post:
    """Further post of a person, beside those held."""
    data = _cleaned(data)
    demand(actor, "org.post", Post(unit=data.unit, person=person, title=data.title))
    demand_right(post_problems(data, person))
    with acting(actor, "org.post") as act, worded():
        made = _made(person, data)
        act.obj = made
        act.after = facts(made)
        put("person", [person])
    return made


def edit_post(actor: Actor, post: Post, data: PostData, *, reason: str) -> None:
    """Corrects a post. Somebody else taking it over is `hand_over`."""
    data = _cleaned(data)
    demand(actor, "org.post", post)
    demand(actor, "org.post", Post(unit=data.unit, person=post.person, title=data.title))
    demand_right(post_problems(data, post.person, but=[post.pk]))
    before = facts(post)
    with acting(actor, "org.post", post, reason=reason) as act, worded():
        post.unit, post.title, post.kind, post.since, post.until = (
            data.unit,
            data.title,
            data.kind,
            data.since,
            data.until,
        )
        post.save()
        act.before, act.after = different(before, facts(post))
        put("person", [post.person])


def end_post(actor: Actor, post: Post, *, day: dt.date, reason: str) -> None:
    """Ends a post with `day` as its last."""
    demand(actor, "org.post", post)
    demand_right(_ended(post, day) + [at("day", words.zh, words.en) for words in period_problems(post.since, day)])
    with acting(actor, "org.post", post, reason=reason) as act:
        act.before = {"until": post.until}
        post.until = day
        post.save(update_fields=["until"])
        act.after = {"until": day}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Person who is not in the register yet and takes over a post."""

    name: str
    phone: str = ""


def hand_over(actor: Actor, post: Post, to: Person | Newcomer, *, day: dt.date, reason: str) -> Post:
    """Gives a post to somebody else from `day` on: one ends the day before, the other begins and points back to it."""
    demand(actor, "org.hand_over", post)
    last = day - _ONE_DAY
    problems = _ended(post, last)
    known = to if isinstance(to, Person) else None
    if isinstance(to, Newcomer):
        to = Newcomer(clean(to.name), to.phone.strip())
        problems += person_problems(to.name, to.phone)
    elif to.pk == post.person_id:
        problems.append(at("to", f"“{to}”就是现任；请选接任的人", f"{to} holds the post now; choose who takes it over"))
    if post.since is not None and last < post.since:
        problems.append(
            at(
                "day",
                f"接任日期 {day} 应晚于现任的任职日期 {post.since}",
                f"{day} must be later than {post.since}, when the post began",
            )
        )
    data = PostData(post.unit, post.title, post.kind, day, None)
    problems += [
        at("to" if getattr(words, "field", "") == "title" else "day", words.zh, words.en)
        for words in post_problems(data, known, but=[post.pk])
    ]
    demand_right(problems)
    with acting(actor, "org.hand_over", post, reason=reason) as act, worded():
        act.before = facts(post)
        post.until = last
        post.save(update_fields=["until"])
        person = to if isinstance(to, Person) else Person.objects.create(name=to.name, phone=to.phone)
        made = _made(person, data, post)
        act.after = {"until": last, "successor": facts(made)}
        put("person", [post.person, person])
    return made


def _ended(post: Post, day: dt.date) -> list[Words]:
    if post.until is None or post.until > day:
        return []
    return [at("day", f"这一职务已于 {post.until} 结束", f"the post ended on {post.until} already")]


def _cleaned(data: PostData) -> PostData:
    return replace(data, title=clean(data.title))


def _made(person: Person, data: PostData, predecessor: Post | None = None) -> Post:
    return Post.objects.create(
        person=person,
        unit=data.unit,
        title=data.title,
        kind=data.kind,
        since=data.since,
        until=data.until,
        predecessor=predecessor,
    )
