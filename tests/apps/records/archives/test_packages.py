"""Packages of files: made by a worker, sealed, watched, stopped, forgotten."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from python_calamine import CalamineWorkbook

from apps.people.models import Notice
from apps.records import api as records
from apps.records.archives import building, packages
from apps.records.models import ArchivePackage
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground, signed

pytestmark = pytest.mark.req("R4.5")


def order(*subjects, kind="LEARNERS", within=None, by="manager:1", at=None):
    return records.order_package(kind=kind, subjects=subjects, within=within, by=by, by_name="安全员", at=at or clock.now())


def test_a_package_holds_each_file_as_pdf_and_workbook_with_digests(in_jia):
    one, _duty = signed.finished(1)
    other = ground.learner(2, position="=HYPERLINK(1)")
    row = order(one.uuid, other.uuid, uuid4())
    done = building.build(row.uuid, at=clock.now())
    assert done.state == "DONE"
    data = b"".join(records.package_file(done, by="manager:1", at=clock.now()))
    with default_storage.open(done.storage_key) as file:
        assert b"PK\x03\x04" not in file.read()[:64]
    zipped = zipfile.ZipFile(io.BytesIO(data))
    manifest = json.loads(zipped.read("manifest.json"))
    assert [len(line["files"]) for line in manifest["files"]] == [2, 2]
    assert [line["why"] for line in manifest["missing"]] == ["not_found"]
    sums = dict(reversed(line.split("  ")) for line in zipped.read("SHA256SUMS").decode().splitlines())
    assert {name: hashlib.sha256(zipped.read(name)).hexdigest() for name in sums} == sums
    assert all(zipped.read(name).startswith(b"%PDF") for name in sums if name.endswith("pdf"))
    books = [zipped.read(name) for name in sums if name.endswith("xlsx")]
    cells = [cell for book in books for sheet in _sheets(book) for line in sheet for cell in line]
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith("=")]
    assert ground.resident_id(1) not in str(cells)
    assert manifest["label"] == "2-TRAINING"
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            said = parts.read("docProps/core.xml").decode()
            assert "敏感 · 培训　安全员（manager:1）" in said, "a worker marks what it makes for whoever ordered it"
            assert "xl/media/image1.png" in parts.namelist()


def _sheets(book):
    opened = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return [opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names]


def test_one_at_a_time_and_a_stopped_one_is_not_kept(in_jia):
    one = ground.learner(1)
    row = order(one.uuid)
    with pytest.raises(DomainError, match="package_running"):
        order(one.uuid)
    assert ArchivePackage.objects.count() == 1
    records.cancel_package(uuid=row.uuid, at=clock.now())
    assert building.build(row.uuid, at=clock.now()).state == "CANCELLED"
    with pytest.raises(DomainError, match="file_gone"):
        records.package_file(records.package(row.uuid), by="manager:1", at=clock.now())


def test_somebody_who_stops_it_at_the_last_moment_wins(in_jia):
    row = order(ground.learner(1).uuid)
    records.cancel_package(uuid=row.uuid, at=clock.now())
    building._keep(row, io.BytesIO(b"PK"))
    found = ArchivePackage.objects.get()
    assert (found.state, found.storage_key) == ("CANCELLED", "")


@pytest.mark.parametrize(("many", "code"), [(0, "nobody"), (1_001, "too_many")])
def test_nobody_and_too_many_are_refused(in_jia, many, code):
    with pytest.raises(DomainError, match=code):
        order(*(uuid4() for _ in range(many)))
    assert not ArchivePackage.objects.exists()


def test_it_is_forgotten_after_a_week_and_whoever_ordered_it_is_told(in_jia):
    manager = ground.manager_browser(in_jia)
    assert manager
    from apps.people.models import Manager

    ref = f"manager:{Manager.objects.get().pk}"
    done = building.build(order(ground.learner(1).uuid, by=ref).uuid, at=clock.now())
    assert Notice.objects.filter(kind="records.packed").count() == 1
    assert packages.forget_old(at=clock.now()) == 0
    assert packages.forget_old(at=clock.now() + timedelta(days=8)) == 1
    row = ArchivePackage.objects.get()
    assert (row.state, row.storage_key, row.subjects) == ("EXPIRED", "", [])
    assert not default_storage.exists(done.storage_key)


def test_the_neighbour_and_another_supervisor_find_none(in_jia, yi):
    row = order(ground.learner(1).uuid)
    with pytest.raises(DomainError, match="not_found"):
        records.package(row.uuid, by="manager:2")
    assert not records.packages(by="manager:2").exists()
    with enterprise_scope(yi):
        assert not records.packages().exists()
        with pytest.raises(DomainError, match="not_found"):
            records.package(row.uuid)
