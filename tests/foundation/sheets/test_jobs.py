"""Large sheets are examined, and long dry runs published, by the worker."""

from __future__ import annotations

import dataclasses
import tracemalloc
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import people
from tests.foundation.sheets import files

from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs import worker
from anlan.foundation.jobs.catalogue import Step
from anlan.foundation.jobs.models import Run, RunState
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org.models import Unit
from anlan.foundation.sheets import jobs, staging
from anlan.foundation.sheets import registry as kinds
from anlan.foundation.sheets.models import ImportRow, ImportRun
from anlan.foundation.sheets.registry import Applied, Importable
from anlan.foundation.sheets.spec import Column, Kind, Line, Record, SheetSpec
from anlan.foundation.vault import waiting
from anlan.settings import Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

THERE: dict[str, dict[str, object]] = {}


def current() -> Iterable[Record]:
    return list(THERE.values())  # type: ignore[arg-type]


def apply(actor: Actor, lines: Sequence[Line]) -> Applied:
    THERE.update({str(line.values["code"]): dict(line.values) for line in lines})
    return Applied()


SPEC = SheetSpec(
    code="wells",
    title=Words("水井", "Wells"),
    columns=(
        Column("code", Words("编号", "Code"), required=True),
        Column("name", Words("名称", "Name")),
        Column("depth", Words("深度", "Depth"), kind=Kind.INT),
    ),
    key=("code",),
    rows=60_000,
)
WELLS = Importable(
    spec=SPEC, action="org.import", back="units", current=current, apply=apply, label=lambda row: str(row["name"]),
    tells_rows=False,
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """A vault of the test's own, and a sheet of many rows."""
    settings.ANLAN = dataclasses.replace(settings.ANLAN, home=tmp_path)
    (tmp_path / "vault").mkdir()
    monkeypatch.setitem(kinds._KNOWN, "wells", WELLS)
    THERE.clear()


@pytest.fixture
def office() -> Account:
    return people.account(Role.CLERK)


@pytest.fixture
def clerk(office: Account) -> Client:
    return people.client(office)


def sheet(rows: int) -> bytes:
    return files.csv([["编号", "名称", "深度"], *([f"w{n}", f"第{n}号水井", str(n % 90)] for n in range(rows))])


def send(clerk: Client, data: bytes, kind: str = "wells") -> str:
    answer = clerk.post(reverse("import", args=[kind]), {"file": SimpleUploadedFile("水井.csv", data)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_fifty_thousand_rows_are_examined_and_published_in_the_background(clerk: Client) -> None:
    data = sheet(50_000)
    assert len(data) > jobs.LARGE
    where = send(clerk, data)
    run = Run.objects.get(job="sheets.stage")
    assert where == reverse("run", args=[run.pk])
    # Found again from the page of the import, and nothing is there yet.
    assert where in clerk.get(reverse("import", args=["wells"])).content.decode()
    assert not ImportRun.objects.exists()
    worker.work_off()
    found = ImportRun.objects.get()
    assert (found.new, found.errors) == (50_000, 0)
    report = reverse("import-run", args=["wells", found.pk])
    assert clerk.get(where, headers={"HX-Request": "true"})["HX-Redirect"] == report
    assert "50000 行" in clerk.get(report).content.decode().replace(",", "")
    assert THERE == {}
    # Publishing so many rows is a job as well; pressed twice, it is one.
    first = clerk.post(report, {"reason": "初次导入"})["Location"]
    assert clerk.post(report, {"reason": "初次导入"})["Location"] == first
    worker.work_off()
    assert len(THERE) == 50_000
    assert Entry.objects.filter(action="org.import", outcome=Outcome.DONE).count() == 1
    assert Entry.objects.get(action="org.import").reason == "初次导入"
    assert "已发布" in clerk.get(report).content.decode()
    assert list(waiting.folder().iterdir()) == []


def test_a_small_sheet_stays_in_the_request(clerk: Client) -> None:
    where = send(clerk, sheet(100))
    assert where == reverse("import-run", args=["wells", ImportRun.objects.get().pk])
    clerk.post(where, {"reason": "初次导入"})
    assert len(THERE) == 100
    assert not Run.objects.exists()


def test_memory_grows_by_little_more_than_the_rows_themselves(office: Account) -> None:
    data = sheet(10_000)
    staging.stage(actor_of(office), WELLS, data, "水井.csv")
    tracemalloc.start()
    staging.stage(actor_of(office), WELLS, sheet(20_000), "水井.csv")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # 20 000 lines of three values, as read and as told: a kilobyte and a half each. All rows of the report at once would
    # be two kilobytes each on top.
    assert peak < 20_000 * 3_000


def test_a_file_that_is_no_sheet_ends_with_the_reason_and_is_not_kept(clerk: Client) -> None:
    send(clerk, b"\x00\x01" * jobs.LARGE)
    worker.work_off()
    run = Run.objects.get()
    assert run.state == RunState.FAILED
    assert "不是表格文件" in run.error_zh
    assert list(waiting.folder().iterdir()) == []


def test_a_dry_run_that_was_cut_off_begins_anew_and_one_that_had_ended_is_found(
    clerk: Client, office: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(clerk, sheet(30_000))
    run = Run.objects.get()

    class Cut(BaseException):
        """Power failure."""

    def cut(rows: object) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(ImportRow.objects, "bulk_create", cut)
        with pytest.raises(Cut):
            jobs.stage.function(Step(run.pk, actor_of(office), 1), **run.args)
    assert not ImportRun.objects.exists()
    url = jobs.stage.function(Step(run.pk, actor_of(office), 2), **run.args)
    assert jobs.stage.function(Step(run.pk, actor_of(office), 3), **run.args) == url
    assert ImportRun.objects.count() == 1


def test_a_publishing_that_was_cut_off_after_the_rows_were_written_only_says_so(
    office: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = actor_of(office)
    found = staging.stage(actor, WELLS, sheet(3_000), "水井.csv")
    run = jobs.publish_later(actor, WELLS, found, "初次导入")

    class Cut(BaseException):
        """Power failure."""

    def cut(self: object, **fields: object) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(ImportRun, "save", cut)
        with pytest.raises(Cut):
            jobs.publish.function(Step(run.pk, actor, 1), **run.args)
    assert len(THERE) == 3_000
    found.refresh_from_db()
    assert found.state == "staged"
    jobs.publish.function(Step(run.pk, actor, 2), **run.args)
    found.refresh_from_db()
    assert found.state == "published"
    assert Entry.objects.filter(action="org.import", outcome=Outcome.DONE).count() == 1


def test_a_publishing_whose_data_moved_fails_and_can_be_asked_for_again(clerk: Client, office: Account) -> None:
    found = staging.stage(actor_of(office), WELLS, sheet(3_000), "水井.csv")
    report = reverse("import-run", args=["wells", found.pk])
    THERE["w1"] = {"code": "w1", "name": "别人刚录入的", "depth": 1}
    first = clerk.post(report, {"reason": "初次导入"})["Location"]
    worker.work_off()
    assert "预览之后数据有了变化" in Run.objects.get().error_zh
    assert len(THERE) == 1
    # 2 999 new and one changed by now.
    assert clerk.post(report, {"reason": "初次导入"})["Location"] != first
    worker.work_off()
    assert len(THERE) == 3_000


def test_a_sheet_that_tells_secrets_is_published_in_the_answer(clerk: Client, office: Account) -> None:
    found = staging.stage(actor_of(office), WELLS, sheet(3_000), "水井.csv")
    assert jobs.is_long(WELLS, found)
    assert not jobs.is_long(dataclasses.replace(WELLS, has_secrets=True), found)
    assert kinds.importable("accounts").has_secrets


def test_who_may_not_import_starts_nothing(office: Account) -> None:
    browser = people.client(people.account(Role.HANDLER))
    answer = browser.post(reverse("import", args=["wells"]), {"file": SimpleUploadedFile("水井.csv", sheet(30_000))})
    assert answer.status_code == 403
    assert not Run.objects.exists()
    assert not Unit.objects.filter(code__startswith="w").exists()
