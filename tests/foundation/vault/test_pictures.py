"""Pictures as they come in: read, filed, compared; who hands in what was used before is told."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.scenes import CHANGES, jpeg, scene
from django.conf import settings as django_settings
from django.urls import reverse
from PIL import Image
from tests import people

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import actor_of, machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import PERMISSIONS, Own, declare
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices.models import Notice
from anlan.foundation.vault import actions, copies, owners, pictures
from anlan.foundation.vault.images import Apart, unpack
from anlan.foundation.vault.models import File, Picture, PictureFiled, PictureKey, Receipt, Resemblance
from anlan.settings import Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """A vault of the test's own, and a kind whose objects belong to accounts."""
    settings.ANLAN = replace(django_settings.ANLAN, home=tmp_path)
    (tmp_path / "vault").mkdir()
    monkeypatch.setitem(owners._OWNERS, "notices.notice", "test.read")
    declare("test.read", Words("测试", "test"), Own("account"))
    yield tmp_path
    PERMISSIONS.pop("test.read")


@pytest.fixture
def apart() -> Iterator[Apart]:
    with Apart() as made:
        yield made


def hand_in(account: Account, data: bytes, about: str, name: str = "现场.jpg") -> Receipt:
    """A photograph handed in for one thing of this account's."""
    owner, _ = Notice.objects.get_or_create(account=account, code="x", key=about)
    return actions.receive(actor_of(account), io.BytesIO(data), name, purpose="test", obj=owner)


def look(apart: Apart) -> None:
    for file in pictures.pending().order_by("pk"):
        pictures.examine(machine("test"), file, apart)


def told(account: Account) -> list[dict[str, object]]:
    return [notice.args for notice in Notice.objects.filter(account=account, code="vault.seen_before")]


def small(seed: int, day: int = 0) -> Image.Image:
    return scene(seed, day).resize((640, 480))


def test_a_cropped_and_mirrored_copy_for_another_thing_is_found_and_told(apart: Apart) -> None:
    one, other = people.account(Role.HANDLER), people.account(Role.HANDLER)
    first = hand_in(one, jpeg(small(1)), "甲")
    hand_in(one, jpeg(small(2)), "乙")
    look(apart)
    copy = hand_in(other, jpeg(CHANGES["mirror and crop 15 %"](small(1), random.Random(1)), 70), "丙")
    look(apart)
    pair = Resemblance.objects.get()
    assert (pair.later.file, pair.earlier.file) == (copy.file, first.file)
    assert pair.likeness["way"] == "mirror"
    assert told(other) == [{"name": "现场.jpg", "n": 1}]
    # Who came first is not told.
    assert told(one) == []


def test_the_same_place_on_another_day_is_no_copy(apart: Apart) -> None:
    account = people.account(Role.HANDLER)
    hand_in(account, jpeg(small(3)), "甲")
    hand_in(account, jpeg(small(3, day=1)), "乙")
    look(apart)
    assert not Resemblance.objects.exists()
    assert told(account) == []


def test_the_same_file_for_another_thing_is_told_at_once() -> None:
    account = people.account(Role.HANDLER)
    hand_in(account, jpeg(small(4)), "甲")
    hand_in(account, jpeg(small(4)), "甲")
    assert told(account) == []
    hand_in(account, jpeg(small(4)), "乙")
    assert [row["n"] for row in told(account)] == [2]


def test_a_file_attached_later_is_told_when_it_is_attached() -> None:
    account = people.account(Role.HANDLER)
    hand_in(account, jpeg(small(4)), "甲")
    loose = actions.receive(actor_of(account), io.BytesIO(jpeg(small(4))), "a.jpg", purpose="test")
    assert told(account) == []
    actions.attach(actor_of(account), loose, Notice.objects.create(account=account, code="x", key="乙"))
    assert [row["n"] for row in told(account)] == [1]


def test_looking_again_changes_nothing(apart: Apart) -> None:
    account = people.account(Role.HANDLER)
    hand_in(account, jpeg(small(5)), "甲")
    hand_in(account, jpeg(small(5), 60), "乙")
    look(apart)
    before = (Picture.objects.count(), PictureKey.objects.count(), Resemblance.objects.count(), Notice.objects.count())
    for file in File.objects.all():
        pictures.examine(machine("test"), file, apart)
    assert before == (
        Picture.objects.count(), PictureKey.objects.count(), Resemblance.objects.count(), Notice.objects.count()
    )  # fmt: skip
    assert not pictures.is_due()


def test_keys_lost_with_the_scratch_store_are_made_again(apart: Apart) -> None:
    account = people.account(Role.HANDLER)
    hand_in(account, jpeg(small(6)), "甲")
    look(apart)
    number = PictureKey.objects.count()
    PictureKey.objects.all().delete()
    PictureFiled.objects.all().delete()
    assert pictures.is_due()
    for picture in pictures.unfiled(10):
        pictures.refile(picture)
    assert PictureKey.objects.count() == number
    assert not pictures.is_due()


def test_a_damaged_picture_stays_evidence_and_says_what_is_wrong(apart: Apart) -> None:
    account = people.account(Role.HANDLER)
    receipt = hand_in(account, jpeg(small(7))[:5000], "甲")
    look(apart)
    assert receipt.file.picture.fault == "damaged"
    assert not pictures.is_due()
    page = people.client(account).get(reverse("receipt", args=[receipt.pk])).content.decode()
    assert "图片已损坏或不完整" in page


def test_only_the_machine_examines(apart: Apart) -> None:
    account = people.account(Role.HANDLER)
    receipt = hand_in(account, jpeg(small(8)), "甲")
    with pytest.raises(Refused):
        pictures.examine(actor_of(account), receipt.file, apart)
    assert not Picture.objects.exists()
    with pytest.raises(Refused):
        pictures.examine(people.actor(Role.SYSTEM_ADMIN), receipt.file, apart)
    pictures.examine(machine("test"), receipt.file, apart)
    assert Entry.objects.filter(action="vault.examine", outcome="done").count() == 1


def test_that_two_are_one_is_noted_by_the_machine_only(apart: Apart) -> None:
    account = people.account(Role.HANDLER)
    hand_in(account, jpeg(small(8)), "甲")
    hand_in(account, jpeg(small(8), 60), "乙")
    look(apart)
    later, earlier = Picture.objects.order_by("-pk")
    found = pictures.alike(unpack(bytes(later.features)), without=[later.pk])
    assert [other for other, _ in found] == [earlier]
    with pytest.raises(Refused):
        pictures._note(actor_of(account), later, found)


def test_the_page_shows_what_it_was_used_for_before_to_who_may_see_it(apart: Apart) -> None:
    one, other = people.account(Role.HANDLER), people.account(Role.HANDLER)
    first = hand_in(one, jpeg(small(9)), "甲", "甲.jpg")
    second = hand_in(one, jpeg(small(9), 60), "乙", "乙.jpg")
    third = hand_in(other, jpeg(small(9).resize((320, 240)), 60), "丙", "丙.jpg")
    look(apart)
    page = people.client(one).get(reverse("receipt", args=[second.pk])).content.decode()
    assert reverse("receipt", args=[first.pk]) in page
    assert "甲.jpg" in page
    # What one may not see is counted and not named.
    assert "丙.jpg" not in page
    assert "另有 1 处" in page
    strange = people.client(other).get(reverse("receipt", args=[third.pk])).content.decode()
    assert "甲.jpg" not in strange
    assert "另有 2 处" in strange


def test_copies_are_shown_to_who_may_see_the_file_and_made_again_when_lost(apart: Apart) -> None:
    one, other = people.account(Role.HANDLER), people.account(Role.HANDLER)
    receipt = hand_in(one, jpeg(small(10)), "甲")
    address = reverse("picture", args=[receipt.pk, "thumbnail"])
    assert people.client(one).get(address).status_code == 404
    look(apart)
    answer = people.client(one).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "inline" not in answer.get("Content-Disposition", "")
    with Image.open(io.BytesIO(b"".join(answer))) as shown:
        assert shown.size == (320, 240)
        assert not shown.getexif()
    assert people.client(other).get(address).status_code == 403
    copies.path_of(receipt.file.sha256, "thumbnail").unlink()
    assert people.client(one).get(address).status_code == 200
    assert people.client(one).get(f"/files/{receipt.pk}/picture/huge/").status_code == 404
