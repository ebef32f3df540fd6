"""Files of classes: judged by content and size, sealed, kept apart from other enterprises."""

import io
import zipfile

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from apps.plans.classes import arranging, files
from apps.plans.classes.models import ClassFile
from infra.kit.crypto import SealBroken
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tenants.storage import ForeignFile

from . import ground
from .ground import AFTER, NOON


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def pdf() -> bytes:
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(100, 100)
    document.save(out)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("a.txt", "a")
    return out.getvalue()


@pytest.fixture
def house(in_jia):
    return ground.house()


@pytest.fixture
def row(house):
    return house.arrange()


def attach(house, row, data, kind="PHOTO", name="现场.png"):
    return files.attach(owner=row, kind=kind, data=data, file_name=name, by=house.owner, at=NOON)


@pytest.mark.req("R5.1")
def test_a_file_is_sealed_in_the_store_and_opens_for_its_enterprise_alone(house, row, yi):
    data = pdf()
    kept = attach(house, row, data, "SHEET", "..\\..\\签到表\u202e.pdf")
    assert (kept.file_name, kept.content_type, kept.size) == ("签到表.pdf", "application/pdf", len(data))
    with default_storage.open(kept.storage_key) as stored:
        assert data[:20] not in stored.read()
    assert files.content(kept) == data
    assert attach(house, row, data, "SHEET", "again.pdf") == kept
    with enterprise_scope(yi):
        assert not ClassFile.objects.exists()
        with pytest.raises((SealBroken, ForeignFile)):
            files.content(kept)


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", "PHOTO", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "PHOTO", None),
        (b"<!doctype html><script>1</script>", "MATERIAL", None),
        (b"MZ\x90\x00" * 64, "MATERIAL", None),
        (archive(), "MATERIAL", None),
        (pdf(), "PHOTO", None),
        (picture()[:40], "PHOTO", None),
        (b"\x89PNG" + bytes(files.MOST_BYTES), "PHOTO", "too_large"),
        (picture(), "CERTIFICATE", "file_kind"),
        (picture(), "ANYTHING", "file_kind"),
    ],
)
def test_hostile_broken_and_large_files_are_refused_and_nothing_is_kept(house, row, data, kind, code):
    with pytest.raises(DomainError) as refusal:
        attach(house, row, data, kind)
    assert code in {None, refusal.value.code}
    assert str(refusal.value.message)
    assert not ClassFile.objects.exists()


def test_a_removed_file_leaves_the_list_and_files_of_a_confirmed_class_stay(house, row):
    first, second = attach(house, row, picture()), attach(house, row, pdf(), "SHEET")
    files.remove(owner=row, uuid=first.uuid, at=NOON)
    assert list(files.of(row)) == [second]
    with pytest.raises(DomainError):
        files.file_of(row, first.uuid)
    house.attend(row)
    confirmed = house.confirmed(row)
    with pytest.raises(DomainError) as refusal:
        files.remove(owner=confirmed, uuid=second.uuid, at=AFTER)
    assert refusal.value.code == "class_confirmed"
    assert list(files.of(row)) == [second]


def test_a_cancelled_class_takes_no_files_and_another_class_does_not_show_them(house, row):
    kept = attach(house, row, picture())
    later = ground.ENDS
    other = house.arrange(starts_at=later, ends_at=later + (ground.ENDS - ground.STARTS))
    with pytest.raises(DomainError) as refusal:
        files.file_of(other, kept.uuid)
    assert refusal.value.code == "not_found"
    cancelled = arranging.cancel(uuid=other.uuid, reason="停电", at=NOON)
    with pytest.raises(DomainError) as refusal:
        attach(house, cancelled, picture())
    assert refusal.value.code == "class_cancelled"


def test_a_trainers_certificate_stays_with_the_trainer(house):
    kept = files.attach(owner=house.trainer, kind="CERTIFICATE", data=pdf(), file_name="证书.pdf", by=house.owner, at=NOON)
    assert list(files.of(house.trainer)) == [kept]
    assert kept.klass_id is None
