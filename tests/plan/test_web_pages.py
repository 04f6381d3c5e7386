"""Web pages as plans: read by the compiler, kept as they came, and harmless whatever is in them."""

from __future__ import annotations

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import people
from tests.plan import small

from anlan.foundation.access.roles import Role
from anlan.foundation.jobs import worker
from anlan.foundation.vault.models import File, Receipt
from anlan.plan.models import Document, Measure, Plan

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

LINES = "".join(f"<p>{line}</p>" for line in small.TEXT.splitlines())
SCRIPT = "<script>document.title='一、假任务'</script><p onclick='alert(1)'><iframe src='javascript:alert(1)'></iframe>"


@pytest.fixture
def clerk() -> Client:
    small.district()
    return people.client(people.account(Role.CLERK))


def page(body: str, charset: str = "utf-8") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>公示</title></head><body>{body}</body></html>'


def archive(content: bytes, charset: str = "utf-8") -> bytes:
    return (
        b"From: <Saved by a browser>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n'
        + f"------x\r\nContent-Type: text/html; charset={charset}\r\n".encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content).replace(b"\n", b"\r\n")
        + b"------x--\r\n"
    )


def nested(depth: int) -> bytes:
    """Archive of parts inside parts."""
    text = ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b0", ""]
    for at in range(depth):
        text += [f"--b{at}", f"Content-Type: multipart/mixed; boundary=b{at + 1}", ""]
    return "\n".join([*text, f"--b{depth}", "Content-Type: text/html", "", LINES]).encode()


def send(clerk: Client, name: str, data: bytes) -> str:
    answer = clerk.post(reverse("plan-new"), {"file": SimpleUploadedFile(name, data)}, follow=True)
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("要点.html", page(LINES).encode(), id="page"),
        pytest.param("要点.htm", page(LINES, "gb2312").encode("gb18030"), id="GB 18030"),
        pytest.param("要点.html", page(LINES, "big5").encode("gb18030"), id="a false encoding"),
        pytest.param("要点.html", page(LINES, "utf-8").encode("gb18030")[:-1] + b"\xd6", id="a broken last character"),
        pytest.param("要点.html", page(LINES).encode("utf-16"), id="UTF-16"),
        pytest.param("要点.html", page(SCRIPT + LINES + SCRIPT).encode(), id="scripts"),
        pytest.param("要点.html", page("<div>" * 100_000 + LINES).encode(), id="deep"),
        pytest.param("要点.mht", archive(page(LINES).encode()), id="archive"),
        pytest.param("要点.mhtml", archive(page(LINES, "gb2312").encode("gb18030"), "gb2312"), id="archive in GB"),
        pytest.param("要点.mht", archive(page(SCRIPT + LINES).encode(), "x-no-such"), id="archive, encoding unknown"),
    ],
)
def test_a_web_page_is_a_plan_and_leaves_only_to_be_saved(clerk: Client, name: str, data: bytes) -> None:
    shown = send(clerk, name, data)
    plan = Plan.objects.get()
    # Measures of the small plan: 1 to 6; what a script would write is none.
    assert Measure.objects.filter(document__plan=plan).count() == 6
    assert not Measure.objects.filter(title__contains="假任务").exists()
    # Nothing of the page's own code stands in ours.
    assert "alert(1)" not in shown
    assert "<iframe" not in shown
    receipt = Receipt.objects.get(purpose="plan")
    answer = clerk.get(reverse("file", args=[receipt.pk]))
    assert b"".join(answer) == data
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        pytest.param("要点.mht", nested(2000), "损坏", id="parts without end"),
        pytest.param("要点.mht", archive(b""), "没有", id="an archive without a page"),
        pytest.param("要点.html", b"<html>" + b"\x00\xff\xfe\x01" * 5000, "", id="a page that is none"),
        pytest.param("要点.txt", page(LINES).encode(), ".html", id="another name"),
        pytest.param("图.html", b"<svg xmlns='urn:x'><script>x</script></svg>", "网页", id="a drawing"),
    ],
)
def test_what_gives_no_plan_is_refused_with_the_reason_and_nothing_is_kept(
    clerk: Client, name: str, data: bytes, why: str
) -> None:
    shown = send(clerk, name, data)
    assert 'class="alert alert-danger' in shown
    assert name in shown
    assert why in shown
    assert not Plan.objects.exists()
    assert not Document.objects.exists()
    assert not File.objects.exists()


def test_an_archive_with_a_hundred_thousand_parts_is_read_in_seconds(clerk: Client) -> None:
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
    part = b"--b\nContent-Type: image/png\n\nx\n"
    send(clerk, "要点.mht", head + b"--b\nContent-Type: text/html\n\n" + LINES.encode() + b"\n" + part * 100_000)
    # 3 MB: the worker reads it.
    worker.work_off()
    assert Measure.objects.count() == 6
