"""Large documents are taken in by the worker: answered at once, found again, and never half."""

from __future__ import annotations

import dataclasses
import io
import os
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests import people
from tests.plan import small

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs import leases, worker
from anlan.foundation.jobs.catalogue import Step
from anlan.foundation.jobs.models import Progress, Run, RunState
from anlan.foundation.vault import waiting
from anlan.foundation.vault.models import File
from anlan.plan import actions, jobs
from anlan.plan.models import Duty, Measure, Plan, Question
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

# Below the item the same words again and again: as long as wanted, with the measures of the small plan.
LONG = small.TEXT + "青溪区为此召开会议研究部署。\n" * 30_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    """A vault of the test's own."""
    settings.ANLAN = dataclasses.replace(settings.ANLAN, home=tmp_path)
    (tmp_path / "vault").mkdir()


@pytest.fixture
def office() -> Account:
    small.district()
    return people.account(Role.CLERK)


@pytest.fixture
def clerk(office: Account) -> Client:
    return people.client(office)


def send(clerk: Client, data: bytes = LONG.encode(), name: str = "要点.txt") -> HttpResponse:
    answer = clerk.post(reverse("plan-new"), {"file": SimpleUploadedFile(name, data)})
    assert isinstance(answer, HttpResponse)
    return answer


def lying() -> list[Path]:
    return list(waiting.folder().iterdir())


def test_a_large_document_is_answered_with_its_progress_and_ends_in_the_reading_room(
    clerk: Client, office: Account
) -> None:
    assert len(LONG.encode()) > jobs.LARGE
    answer = send(clerk)
    run = Run.objects.get(job="plan.receive")
    where = reverse("run", args=[run.pk])
    assert answer["Location"] == where
    assert not Plan.objects.exists()
    # No worker is there: the page says so, and the list of plans leads back to it.
    page = clerk.get(where).content.decode()
    assert "后台程序没有运行，现在只是排队" in page
    assert "要点.txt" in page
    assert where in clerk.get(reverse("plans")).content.decode()
    worker.start_due()
    assert "后台程序没有运行" not in clerk.get(where).content.decode()
    assert worker.work_off() >= 1
    plan = Plan.objects.get()
    assert plan.created_by == office
    # The small plan has six measures.
    assert Measure.objects.filter(document__plan=plan).count() == 6
    part = clerk.get(where, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == reverse("plan", args=[plan.pk])
    assert where not in clerk.get(reverse("plans")).content.decode()
    assert lying() == []


def test_a_small_document_stays_in_the_request(clerk: Client) -> None:
    answer = send(clerk, small.TEXT.encode())
    assert answer["Location"] == reverse("plan", args=[Plan.objects.get().pk])
    assert not Run.objects.filter(job="plan.receive").exists()


def test_the_rows_are_those_of_the_request(clerk: Client, office: Account) -> None:
    send(clerk)
    worker.work_off()
    there = Plan.objects.get()
    here = actions.receive(actor_of(office), small.TEXT.encode(), "要点.txt")

    def rows(plan: Plan) -> list[object]:
        found: list[object] = []
        for measure in Measure.objects.filter(document__plan=plan).order_by("order"):
            duties = Duty.objects.filter(measure=measure).order_by("pk")
            questions = Question.objects.filter(measure=measure).order_by("pk")
            found += [
                (measure.order, measure.number, measure.title, measure.chapter, measure.start),
                [(one.role, one.name, one.unit_id, one.group_id, one.start, one.end) for one in duties],
                [(one.text, one.date, one.kind, one.start) for one in measure.deadlines.order_by("pk")],
                [(one.text, one.low, one.high, one.scale, one.unit) for one in measure.targets.order_by("pk")],
                # Each question about the duty that it was asked about.
                [(one.kind, one.duty.name if one.duty else "") for one in questions],
                [(one.code, one.arguments, one.start) for one in measure.findings.order_by("pk")],
            ]
        return found

    assert rows(there) == rows(here)


def test_what_is_wrong_with_the_file_itself_is_said_at_once(clerk: Client) -> None:
    answer = send(clerk, LONG.encode(), "要点.docx")
    assert answer.status_code == 422
    assert "文件名却扩展名是 .docx" in answer.content.decode()
    assert lying() == []
    assert not Run.objects.exists()


def test_a_document_that_is_a_plan_already_is_refused_at_once_and_once_more_by_the_job(
    clerk: Client, office: Account
) -> None:
    data = LONG.encode()
    send(people.client(people.account(Role.CLERK)), data)
    send(clerk, data)
    worker.work_off()
    # Both waited at once; the other's was first.
    first, second = Run.objects.filter(job="plan.receive").order_by("pk")
    assert first.state == RunState.DONE
    assert second.state == RunState.FAILED
    assert "不必重复上传" in second.error_zh
    assert Plan.objects.count() == 1
    assert "不必重复上传" in send(clerk, data).content.decode()
    assert lying() == []


def test_what_bears_a_mark_of_secrecy_is_not_kept(clerk: Client) -> None:
    send(clerk, ("机密★5年\n" + LONG).encode())
    worker.work_off()
    run = Run.objects.get(job="plan.receive")
    assert run.state == RunState.FAILED
    assert "密" in run.error_zh
    assert lying() == []
    assert not File.objects.exists()
    assert not Plan.objects.exists()


def test_a_run_that_was_cut_off_after_the_plan_was_made_finds_it(clerk: Client, office: Account) -> None:
    send(clerk)
    run = Run.objects.get(job="plan.receive")
    url = jobs.receive.function(Step(run.pk, actor_of(office), 1), **run.args)
    # The worker died before it could say so; its file is gone by now, and the next one begins.
    again = jobs.receive.function(Step(run.pk, actor_of(office), 2), **run.args)
    assert url == again == reverse("plan", args=[Plan.objects.get().pk])


def test_a_run_that_is_cut_off_before_the_plan_is_made_leaves_nothing_and_begins_anew(
    clerk: Client, office: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(clerk)
    run = Run.objects.get(job="plan.receive")

    class Cut(BaseException):
        """Power failure."""

    def cut(self: object, document: object) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr("anlan.plan.intake.Rows.write", cut)
        with pytest.raises(Cut):
            jobs.receive.function(Step(run.pk, actor_of(office), 1), **run.args)
    assert not Plan.objects.exists()
    assert len(lying()) == 1
    jobs.receive.function(Step(run.pk, actor_of(office), 2), **run.args)
    assert Plan.objects.count() == 1


def test_progress_names_the_measures(clerk: Client) -> None:
    send(clerk)
    held = leases.take("one")
    assert held is not None
    worker.perform(held)
    assert Progress.objects.get(run_id=held.run.pk).words_zh == "正在写入"


def test_a_file_that_is_gone_asks_to_be_sent_again(clerk: Client) -> None:
    send(clerk)
    for path in lying():
        path.unlink()
    worker.work_off()
    assert "请重新上传" in Run.objects.get(job="plan.receive").error_zh


def test_whose_job_never_came_is_swept_after_two_weeks() -> None:
    waiting.keep(io.BytesIO(b"x"), "a.txt")
    new = waiting.keep(io.BytesIO(b"y"), "b.txt")
    for path in lying():
        if path.name != new.key:
            os.utime(path, (time.time() - 15 * 86400,) * 2)
    assert waiting.sweep() == 1
    assert waiting.read(new.key, "b.txt") == b"y"
    waiting.drop(new.key)


def test_only_the_office_starts_it_and_only_who_started_it_sees_it(clerk: Client) -> None:
    with pytest.raises(Refused):
        jobs.receive_later(people.actor(Role.HANDLER), io.BytesIO(LONG.encode()), "a.txt")
    assert lying() == []
    send(clerk)
    where = reverse("run", args=[Run.objects.get(job="plan.receive").pk])
    assert people.client(people.account(Role.CLERK)).get(where).status_code == 403


def test_a_file_above_the_limit_does_not_wait(settings, office: Account) -> None:  # type: ignore[no-untyped-def]
    settings.ANLAN = dataclasses.replace(settings.ANLAN, max_file_mb=1)
    with pytest.raises(InputError, match="limit of 1 MB"):
        jobs.receive_later(actor_of(office), io.BytesIO(b"x" * 1_000_001), "a.txt")
    assert lying() == []
