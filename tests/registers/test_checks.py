"""Checks against other rows, private fields, files, references: what the small register does not have."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from tests import people
from tests.registers import signs as small
from tests.registers.spec.specs import changed
from tests.registers.spec.test_values import square

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.roles import Role
from anlan.foundation.sheets.registry import importable
from anlan.foundation.vault import storing
from anlan.foundation.vault.models import Receipt
from anlan.registers import actions, queries
from anlan.registers.book import get
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

PARCEL = """
[[field]]
id = "shape"
type = "geometry"
shape = "polygon"
title = {zh = "范围", en = "Shape"}

[[field]]
id = "certificate"
type = "text"
title = {zh = "权证号", en = "Certificate"}
private = true

[[check]]
id = "no_overlap"
severity = "error"
overlap = "shape"
message = {zh = "范围与别的记录重叠", en = "the shape overlaps another"}
failing = {shape = {type = "Polygon", coordinates = [[[117.2, 29.2], [117.3, 29.2], [117.3, 29.3], [117.2, 29.2]]]}}
passing = {shape = {type = "Polygon", coordinates = [[[118.2, 29.2], [118.3, 29.2], [118.3, 29.3], [118.2, 29.2]]]}}
others = [{shape = {type = "Polygon", coordinates = [[[117.2, 29.2], [117.3, 29.2], [117.3, 29.3], [117.2, 29.2]]]}}]

[[check]]
id = "pledged_once"
severity = "error"
unique = ["certificate"]
among = [{field = "state", is = ["draft"]}]
message = {zh = "权证 {certificate} 已经登记", en = "the certificate {certificate} is registered already"}
failing = {certificate = "A1", state = "draft"}
passing = {certificate = "A2", state = "draft"}
others = [{certificate = "A1", state = "draft"}]

[[check]]
id = "lost_is_seen"
"""


def parcels() -> None:
    small.put(changed(('[[check]]\nid = "lost_is_seen"\n', PARCEL.lstrip())))


def test_shapes_do_not_overlap_and_a_certificate_stands_once() -> None:
    there = small.district()
    parcels()
    row = small.sign(there.clerk, "CJ-1", shape=square(117.2, 29.3), certificate="A1")
    with pytest.raises(InputError, match="overlaps another"):
        small.sign(there.clerk, "CJ-2", shape=square(117.205, 29.305))
    with pytest.raises(InputError, match="A1 is registered"):
        small.sign(there.clerk, "CJ-2", certificate="A1")
    small.sign(there.clerk, "CJ-2", shape=square(117.21, 29.3), certificate="A2")
    # The row itself is no other row.
    assert actions.correct(there.clerk, row, {"height": "3"}, reason="实测更正")
    actions.move(there.clerk, row, "confirm")
    # Only drafts are looked at.
    small.sign(there.clerk, "CJ-3", certificate="A1")


def test_a_private_field_is_not_shown_to_who_only_reads() -> None:
    there = small.district()
    parcels()
    row = small.sign(there.clerk, "CJ-1", certificate="A1")
    for role, shown in ((Role.CLERK, True), (Role.LEADER, False)):
        account = people.account(role)
        browser = people.client(account)
        assert ("A1" in browser.get(f"/registers/river_sign/{row.pk}/").content.decode()) is shown
        told = json.loads(browser.get(f"/api/registers/river_sign/rows/{row.pk}").content)
        assert ("certificate" in told["values"]) is shown
        reader = importable("register-river_sign").seen_by(actor_of(account))
        assert any("certificate" in one for one in reader.current()) is True
        assert ("certificate" in {column.key for column in reader.spec.columns}) is shown
        assert not queries.holding(get("river_sign").rows, "A1").exists()
        assert queries.private(actor_of(account), get("river_sign")) == (frozenset() if shown else {"certificate"})


def stored(name: str = "说明.txt") -> storing.Stored:
    return storing.put(io.BytesIO("说明".encode()), name)


def test_files_belong_to_their_row_and_are_kept_by_revisions() -> None:
    there = small.district()
    small.signs(('type = "photo"', 'type = "file"'))
    clerk = people.account(Role.CLERK)
    row = actions.add(actor_of(clerk), get("river_sign"), small.values(), files={"photos": [stored()]})
    receipt = Receipt.objects.get()
    assert (receipt.kind, receipt.object_id) == ("registers.row", str(row.pk))
    actions.correct(actor_of(clerk), row, {"photos": []}, reason="换一份", files={"photos": [stored("新.txt")]})
    assert [len(one.values["photos"]) for one in row.revisions.all()] == [1, 1]
    assert Receipt.objects.count() == 2
    reader = people.client(people.account(Role.LEADER))
    answer = reader.get(f"/files/{receipt.pk}/")
    assert answer.status_code == 200
    people.finish(answer)
    stranger = people.client(people.account(Role.HANDLER, at=there.other))
    assert stranger.get(f"/files/{receipt.pk}/").status_code == 403
    with pytest.raises(InputError, match="at most 3"):
        actions.correct(
            actor_of(clerk), row, {}, reason="太多", files={"photos": [stored(f"{n}.txt") for n in range(4)]}
        )
    with pytest.raises(InputError, match="no file"):
        actions.correct(actor_of(clerk), row, {"photos": [999_999]}, reason="不存在")


@pytest.mark.parametrize(
    "given",
    [
        {"height": {"a": 1}},
        {"number": "x\0y"},
        {"river": "\ud800"},
        {"position": "south"},
        {"photos": "x"},
        {"owner": 999_999},
        {"town": "99"},
        {"condition": ["good"]},
        {"per_metre": 5},
        {"reach": "1e5"},
        {"checked_on": 20220506.5},
    ],
)
def test_whatever_a_program_sends_is_refused_in_words(given: dict[str, Any]) -> None:
    there = small.district()
    small.signs()
    with pytest.raises(InputError):
        actions.add(there.clerk, get("river_sign"), {**small.values(), **given})
