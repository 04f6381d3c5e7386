"""Pages of people: list, one person with posts and story, forms for posts and handover."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org import staffing
from anlan.foundation.org.forms import (
    EditPostForm,
    EndPostForm,
    HandOverForm,
    NewPersonForm,
    PersonForm,
    PostForm,
    initial_post,
    offered_units,
)
from anlan.foundation.org.frame import actor_of, form_page
from anlan.foundation.org.models import Person, Post, PostKind, Unit, in_force
from anlan.foundation.org.story import story
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in


def may_post_at(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may make posts at a unit."""
    return may(actor, "org.post", Post(unit=unit))


def _posts(person: Person) -> list[Post]:
    found: list[Post] = person.now  # type: ignore[attr-defined]
    return found


def _at_work(rows: QuerySet[Person], value: str) -> QuerySet[Person]:
    now = Post.objects.filter(in_force(timezone.localdate())).values("person")
    return rows.filter(pk__in=now) if value == "yes" else rows.exclude(pk__in=now)


def _holding(rows: QuerySet[Person], value: str) -> QuerySet[Person]:
    return rows.filter(pk__in=Post.objects.filter(in_force(timezone.localdate()), kind=value).values("person"))


@require_safe
def people(request: HttpRequest) -> HttpResponseBase:
    """All people."""
    actor = actor_of(request)
    demand(actor, "org.see")
    now = Post.objects.filter(in_force(timezone.localdate())).select_related("unit").order_by("since", "pk")
    rows = visible(actor, "org.see", Person.objects.all()).prefetch_related(Prefetch("posts", now, to_attr="now"))
    listing = Listing(
        request,
        rows,
        columns=[
            Column("name", _("姓名"), sort="name", link=lambda person: reverse("person", args=[person.pk])),
            Column("unit", _("单位"), value=lambda p: "；".join(post.unit.short_name for post in _posts(p))),
            Column("title", _("职务"), value=lambda p: "；".join(post.title for post in _posts(p))),
            Column("kind", _("职务类别"), value=lambda p: "；".join(post.get_kind_display() for post in _posts(p))),
            Column("phone", _("电话")),
        ],
        filters=[
            Filter("kind", _("职务类别"), lambda: PostKind.choices, _holding),
            Filter("now", _("在岗"), lambda: [("yes", _("在岗")), ("no", _("不在岗"))], _at_work),
        ],
        search=words_in("name", "posts__unit__short_name", "posts__title"),
        sort="name",
        empty=(
            _("这里列出各单位的负责人和经办人员。还没有人员。"),
            reverse("person-new") if may(actor, "org.people") else "",
            _("新增人员"),
        ),
        export=_("人员"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "org/people.html", {"listing": listing, "may_people": may(actor, "org.people")})


def _person(request: HttpRequest, pk: int, code: str = "org.see") -> Person:
    person = get_object_or_404(Person, pk=pk)
    demand(actor_of(request), code, person)
    return person


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: facts and posts on the left, story on the right."""
    found, actor, day = _person(request, pk), actor_of(request), timezone.localdate()
    posts = list(found.posts.select_related("unit", "predecessor__person").order_by("-since", "-pk"))
    return render(
        request,
        "org/person.html",
        {
            "person": found,
            "posts": [(post, _is_now(post), may(actor, "org.post", post)) for post in posts],
            "events": story(found, *posts),
            "day": day,
            "may_edit": may(actor, "org.people", found),
            "may_post": may(actor, "org.post"),
        },
    )


def _is_now(post: Post) -> bool:
    day = timezone.localdate()
    return (post.since is None or post.since <= day) and (post.until is None or post.until >= day)


def _lists() -> dict[str, Any]:
    return {"units": offered_units()}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """New person with the first post; ?unit= fills in the unit."""
    actor = actor_of(request)
    demand(actor, "org.people")
    form = NewPersonForm(
        request.POST if request.method == "POST" else None, initial={"unit": request.GET.get("unit", "")}
    )

    def do() -> HttpResponse:
        got = form.cleaned_data
        made = staffing.create_person(actor, name=got["name"], phone=got["phone"], post=form.data_of())
        messages.success(request, _("已新增人员“%(name)s”。") % {"name": made})
        return redirect("person", made.pk)

    return form_page(request, form, do, title=_("新增人员"), back=reverse("people"), submit=_("新增"), lists=_lists())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correction of a person."""
    found = _person(request, pk, "org.people")
    form = PersonForm(
        request.POST if request.method == "POST" else None, initial={"name": found.name, "phone": found.phone}
    )

    def do() -> HttpResponse:
        got = form.cleaned_data
        staffing.edit_person(actor_of(request), found, name=got["name"], phone=got["phone"], reason=got["reason"])
        messages.success(request, _("已修改人员“%(name)s”。") % {"name": found})
        return redirect("person", pk)

    return form_page(request, form, do, title=_("修改人员"), back=reverse("person", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Further post of a person."""
    found = get_object_or_404(Person, pk=pk)
    demand(actor_of(request), "org.post")
    form = PostForm(request.POST if request.method == "POST" else None)

    def do() -> HttpResponse:
        staffing.add_post(actor_of(request), found, form.data_of())
        messages.success(request, _("已为“%(name)s”加上职务。") % {"name": found})
        return redirect("person", pk)

    return form_page(
        request,
        form,
        do,
        title=_("加一个职务"),
        lead=_("“%(name)s”兼任的职务；接替别人请在那人的页面用“交接”。") % {"name": found},
        back=reverse("person", args=[pk]),
        lists=_lists(),
    )


def _post(request: HttpRequest, pk: int, code: str) -> Post:
    post = get_object_or_404(Post.objects.select_related("person", "unit"), pk=pk)
    demand(actor_of(request), code, post)
    return post


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correction of a post."""
    found = _post(request, pk, "org.post")
    form = EditPostForm(request.POST if request.method == "POST" else None, initial=initial_post(found))

    def do() -> HttpResponse:
        staffing.edit_post(actor_of(request), found, form.data_of(), reason=form.cleaned_data["reason"])
        messages.success(request, _("已修改职务。"))
        return redirect("person", found.person_id)

    return form_page(
        request,
        form,
        do,
        title=_("更正职务"),
        lead=str(found),
        back=reverse("person", args=[found.person_id]),
        lists=_lists(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ending of a post without a successor."""
    found = _post(request, pk, "org.post")
    form = EndPostForm(request.POST if request.method == "POST" else None, initial={"day": timezone.localdate()})

    def do() -> HttpResponse:
        got = form.cleaned_data
        staffing.end_post(actor_of(request), found, day=got["day"], reason=got["reason"])
        messages.success(request, _("职务到 %(day)s 结束。") % {"day": got["day"]})
        return redirect("person", found.person_id)

    return form_page(
        request,
        form,
        do,
        title=_("结束职务"),
        lead=_("%(post)s。有人接任的请用“交接”。") % {"post": found},
        back=reverse("person", args=[found.person_id]),
        submit=_("结束"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Handing over a post: one ends, another begins the day after."""
    found = _post(request, pk, "org.hand_over")
    form = HandOverForm(request.POST if request.method == "POST" else None, initial={"day": timezone.localdate()})

    def do() -> HttpResponse:
        got = form.cleaned_data
        to = got["to"] or staffing.Newcomer(got["name"], got["phone"])
        made = staffing.hand_over(actor_of(request), found, to, day=got["day"], reason=got["reason"])
        messages.success(
            request,
            _("“%(post)s”自 %(day)s 起由%(name)s接任。")
            % {"post": found.title, "day": got["day"], "name": made.person},
        )
        return redirect("person", made.person_id)

    names = Post.objects.filter(in_force(timezone.localdate())).values_list("person__name", flat=True)
    return form_page(
        request,
        form,
        do,
        title=_("交接职务"),
        lead=str(found),
        back=reverse("person", args=[found.person_id]),
        submit=_("交接"),
        lists={"people": sorted(set(names))},
    )


urlpatterns = [
    path("people/", people, name="people"),
    path("people/new/", new, name="person-new"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/edit/", edit, name="person-edit"),
    path("people/<int:pk>/posts/new/", post_new, name="post-new"),
    path("posts/<int:pk>/edit/", post_edit, name="post-edit"),
    path("posts/<int:pk>/end/", post_end, name="post-end"),
    path("posts/<int:pk>/hand-over/", hand_over, name="post-hand-over"),
]
