"""A file comes in whole or not at all, once for the same content, and stays as it came."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from tests import people
from tests.foundation.vault import samples

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import NOBODY, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.vault import actions, queries, storing, types
from anlan.foundation.vault.models import File, Receipt
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    """A vault of the test's own."""
    settings.ANLAN = replace(django_settings.ANLAN, home=tmp_path, max_file_mb=1)
    (tmp_path / "vault").mkdir()
    return tmp_path


def receive(data: bytes, name: str = "方案.txt", **kwargs: object) -> Receipt:
    actor = people.actor(Role.CLERK)
    return actions.receive(actor, io.BytesIO(data), name, purpose="test", **kwargs)  # type: ignore[arg-type]


def files(home: Path) -> list[str]:
    return sorted(p.relative_to(home / "vault").as_posix() for p in (home / "vault").rglob("*") if p.is_file())


def test_a_file_lies_under_its_hash_with_both_sums_and_nothing_else_remains(home: Path) -> None:
    receipt = receive(b"abc")
    # Known answers: FIPS 180-4 appendix B.1 and GB/T 32905-2016 annex A.1, both for "abc".
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert receipt.file.sha256 == sha256
    assert receipt.file.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert receipt.file.size == 3
    assert receipt.file.media_type == "text/plain"
    assert files(home) == [f"ba/78/{sha256}"]
    assert (home / "vault/ba/78" / sha256).read_bytes() == b"abc"
    assert (home / "vault/ba/78" / sha256).stat().st_mode & 0o777 == 0o400


def test_sm3_is_the_same_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashlib, "algorithms_available", set())
    assert storing.sums(io.BytesIO(b"abc")).sm3.startswith("66c7f0f462eeedd9")


def test_the_same_content_twice_is_one_file_with_two_receipts(home: Path) -> None:
    one, two = receive(b"abc", "甲.txt"), receive(b"abc", "乙.txt")
    assert one.file == two.file
    assert [r.name for r in Receipt.objects.order_by("id")] == ["甲.txt", "乙.txt"]
    assert len(files(home)) == 1


def test_receiving_is_journalled_with_hash_and_purpose() -> None:
    receipt = receive(b"abc")
    entry = Entry.objects.get(action="vault.receive")
    assert entry.outcome == Outcome.DONE
    assert entry.object_id == str(receipt.pk)
    assert receipt.file.sha256 in entry.details


def test_nobody_hands_in_a_file_and_the_refusal_is_journalled(home: Path) -> None:
    with pytest.raises(Refused):
        actions.receive(NOBODY, io.BytesIO(b"abc"), "a.txt", purpose="test")
    assert Entry.objects.get(action="vault.receive").outcome == Outcome.REFUSED
    assert files(home) == []


def test_the_limit_is_the_last_byte(home: Path) -> None:
    # ANLAN_MAX_FILE_MB = 1 is 1 000 000 bytes.
    receive(b"a" * 1_000_000)
    with pytest.raises(InputError, match="limit of 1 MB"):
        receive(b"a" * 1_000_001)
    assert len(files(home)) == 1
    assert File.objects.count() == 1


@pytest.mark.parametrize(
    "data, name, words",
    [
        (samples.DOCX, "方案.pdf", ("Word 文档", ".pdf", ".docx")),
        (samples.PDF, "方案.docx", ("PDF", ".docx", ".pdf")),
        (samples.PNG, "照片.jpg", ("PNG", ".jpg", ".png")),
        (samples.TEXT, "方案", ("纯文本", "没有扩展名", ".txt")),
        (samples.HTML, "方案.txt", ("网页", ".docx")),
        (samples.MHT, "方案.mht", ("网页", ".docx")),
        (samples.EXE, "方案.docx", ("程序",)),
    ],
)
def test_a_name_that_does_not_fit_the_content_is_refused_with_the_way_out(
    home: Path, data: bytes, name: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as refusal:
        receive(data, name)
    said = refusal.value.speak("zh")
    assert name in said
    assert all(word in said for word in words)
    assert files(home) == []
    assert not File.objects.exists()


def test_only_the_types_that_are_asked_for_are_taken() -> None:
    receive(samples.XLSX, "单位.xlsx", allowed=types.SHEETS)
    with pytest.raises(InputError, match=r"only \.xlsx, \.xls, \.ods, \.txt are taken"):
        receive(samples.PNG, "单位.png", allowed=types.SHEETS)


def test_a_file_comes_before_its_row_and_an_orphan_is_listed_and_taken_over(home: Path) -> None:
    with transaction.atomic():
        receive(b"abc")
        transaction.set_rollback(True)
    assert not File.objects.exists()
    found = queries.verify()
    assert found.is_sound
    assert found.orphans == (hashlib.sha256(b"abc").hexdigest(),)
    receive(b"abc")
    assert queries.verify().orphans == ()


def test_a_changed_and_a_missing_file_are_found_by_verification(home: Path) -> None:
    kept, changed, missing = receive(b"kept", "甲.txt"), receive(b"changed", "乙.txt"), receive(b"missing", "丙.txt")
    path = storing.path_of(changed.file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"CHANGED")
    storing.path_of(missing.file.sha256).unlink()
    found = queries.verify()
    assert not found.is_sound
    assert {(f.sha256, f.state, f.names) for f in found.faults} == {
        (changed.file.sha256, "changed", ("乙.txt",)),
        (missing.file.sha256, "missing", ("丙.txt",)),
    }
    assert found.files == 3
    # kept 4 + changed 7 + missing 7 bytes, as received.
    assert found.size == 18
    assert kept.file.sha256 not in {f.sha256 for f in found.faults}


def test_a_changed_file_is_never_overwritten_by_the_same_content_coming_again() -> None:
    receipt = receive(b"abc")
    path = storing.path_of(receipt.file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"abd")
    with pytest.raises(InputError, match="vault verify"):
        receive(b"abc")
    assert path.read_bytes() == b"abd"


def test_a_full_disk_leaves_nothing_behind(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        receive(b"abc")
    assert files(home) == []
    assert not File.objects.exists()


KILLED = """
import os, sys
from pathlib import Path
from types import SimpleNamespace
from django.conf import settings
settings.configure(ANLAN=SimpleNamespace(home=Path(sys.argv[1]), max_file_bytes=10_000_000))
from anlan.foundation.vault import storing
class Slow:
    pieces = 3
    def read(self, size):
        self.pieces -= 1
        if self.pieces == 0:
            print("half", flush=True)
            import time; time.sleep(60)
        return b"a" * 1000
storing.put(Slow(), "a.txt")
"""


def test_kill_in_the_middle_of_an_upload_leaves_no_half_file_in_its_place(home: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.wait()
    process.stdout.close()
    found = queries.verify()
    assert found.orphans == ()
    assert len(found.unfinished) == 1
    # Swept a day later, not sooner: another process may still be writing.
    assert queries.sweep() == 0
    left = storing.incoming() / found.unfinished[0]
    os.utime(left, (time.time() - 90_000, time.time() - 90_000))
    assert queries.sweep() == 1
    assert files(home) == []


def test_a_receipt_is_attached_once_by_who_handed_it_in() -> None:
    clerk, unit = people.actor(Role.CLERK), people.unit()
    receipt = actions.receive(clerk, io.BytesIO(b"abc"), "a.txt", purpose="test")
    with pytest.raises(Refused):
        actions.attach(people.actor(Role.CLERK), receipt, unit)
    assert Entry.objects.get(action="vault.attach").outcome == Outcome.REFUSED
    actions.attach(clerk, receipt, unit)
    assert list(queries.of(unit)) == [receipt]
    with pytest.raises(Refused):
        actions.attach(clerk, receipt, people.unit())
    # The machine may, so only the row's own condition keeps it out.
    with pytest.raises(ValueError, match="already belongs"):
        actions.attach(machine("test"), receipt, people.unit())


@pytest.mark.parametrize(
    "name, clean",
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\公文\\方案.docx", "方案.docx"),
        ("方案\u202excod.exe", "方案xcod.exe"),
        ("a\x00b\r\n.txt", "ab.txt"),
        (" 方案 .txt ", "方案 .txt"),
        ("长" * 300 + ".docx", "长" * 245 + ".docx"),
    ],
)
def test_names_are_kept_without_folders_and_hidden_characters(name: str, clean: str) -> None:
    # 250 characters less the 5 of ".docx" without its dot, which stands between: 250 - 4 = 246 for the stem.
    assert storing.clean_name(name)[-40:] == clean[-40:]
    assert len(storing.clean_name(name)) <= 255
