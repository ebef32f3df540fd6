"""What only a few may read lies encrypted, each file under a key of its own, and is read as if it did not."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from infra.kit.crypto import SealBroken
from infra.wiring.settings.services import _storage
from public.uploads import api, checking
from public.uploads.models import Upload
from public.uploads.rules import PURPOSES
from public.uploads.stores import name_of, sealed_name
from tests.conftest import NOON
from tests.public.uploads.ground import begun, pdf, png, put_all, uploaded

pytestmark = [pytest.mark.req("R5.1"), pytest.mark.usefixtures("kept")]
PERSONAL = ("complaint", "rectification", "evidence")


def row(upload: api.UploadView) -> Upload:
    return Upload.objects.get(uuid=upload.uuid)


def lies(upload: api.UploadView) -> bytes:
    with default_storage.open(sealed_name(row(upload))) as file:
        return bytes(file.read())


@pytest.mark.parametrize("purpose", PERSONAL)
def test_a_paper_lies_encrypted_and_is_read_whole(purpose):
    data = pdf(pages=40, text="Zhang San 13800000001")
    found = uploaded(data, purpose=purpose, name="材料.pdf")
    assert found.state == "READY"
    assert b"Zhang San" in data
    assert b"Zhang San" not in lies(found)
    assert not default_storage.exists(name_of(row(found)))
    with api.open_upload(found.uuid) as file:
        assert (file.read(10), file.read()) == (data[:10], data[10:])
    with api.local_upload(found.uuid) as path:
        assert path.read_bytes() == data
    assert not path.exists()


def test_a_file_of_several_chunks_comes_back_byte_by_byte():
    data = png(900, 900) + bytes(3 << 20)
    found = uploaded(data, purpose="complaint", name="现场.png")
    with api.open_upload(found.uuid) as file:
        assert file.read() == data


def test_each_file_has_a_key_of_its_own_and_no_other_opens_it():
    one, other = (uploaded(png(), purpose="complaint", name="现场.png") for _n in range(2))
    assert lies(one) != lies(other)
    Upload.objects.filter(uuid=other.uuid).update(key_sealed=row(one).key_sealed)
    with pytest.raises(SealBroken):
        api.open_upload(other.uuid)


def test_an_altered_file_is_noticed():
    found = uploaded(png(), purpose="rectification", name="现场.png")
    name, sealed = sealed_name(row(found)), bytearray(lies(found))
    sealed[-1] ^= 1
    default_storage.delete(name)
    default_storage.save(name, ContentFile(bytes(sealed)))
    with pytest.raises(SealBroken), api.open_upload(found.uuid) as file:
        file.read()


def test_what_everybody_may_see_lies_as_it_is():
    found = uploaded(png(), purpose="image", name="封面.png")
    assert row(found).key_sealed is None
    assert not PURPOSES["image"].is_sealed
    with api.open_upload(found.uuid) as file:
        assert file.read() == png()


def test_a_check_that_broke_off_before_the_plain_file_went_is_made_up_for():
    found = uploaded(png(), purpose="complaint", name="现场.png")
    default_storage.save(name_of(row(found)), ContentFile(png()))
    checking.check(upload=found.uuid, at=NOON)
    assert not default_storage.exists(name_of(row(found)))
    with api.open_upload(found.uuid) as file:
        assert file.read() == png()


def test_of_two_checks_at_once_the_slower_one_takes_nothing_away(kept):
    data = png()
    found = begun(data, purpose="complaint", name="现场.png")
    put_all(found, data)
    Upload.objects.filter(uuid=found.uuid).update(state="CHECKING")
    seen_by_the_slower = row(found)
    checking.check(upload=found.uuid, at=NOON)
    checking._check(seen_by_the_slower, NOON)
    assert row(found).state == "READY"
    with api.open_upload(found.uuid) as file:
        assert file.read() == data


def test_a_store_that_does_not_answer_is_asked_again_to_forget_the_plain_file(kept, settings):
    found = uploaded(png(), purpose="complaint", name="现场.png")
    settings.STORAGES = {**settings.STORAGES, "default": _storage("s3://key:secret@127.0.0.1:1/bucket?scheme=http")}
    with pytest.raises(OSError, match="unavailable"):
        checking.check(upload=found.uuid, at=NOON)


def test_the_sweep_asks_about_plain_files_that_were_left_behind(kept, monkeypatch):
    clean, left = (uploaded(png(), purpose="complaint", name="现场.png") for _n in range(2))
    default_storage.save(name_of(row(left)), ContentFile(png()))
    asked: list[UUID] = []
    monkeypatch.setattr(checking, "ask_to_check", asked.append)
    checking.sweep(at=NOON + timedelta(minutes=40))
    assert asked == [left.uuid]
    assert clean.uuid not in asked


def test_a_refused_file_leaves_nothing(kept):
    found = uploaded(b"only words", purpose="complaint", name="现场.png")
    assert (found.state, row(found).key_sealed) == ("REFUSED", None)
    assert list(kept.iterdir()) == []


def test_files_that_came_before_stay_readable():
    data = png()
    found = begun(data, purpose="complaint", name="现场.png")
    put_all(found, data)
    Upload.objects.filter(uuid=found.uuid).update(state="READY", kind="image", content_type="image/png", sha256="0" * 64)
    default_storage.save(name_of(row(found)), io.BytesIO(data))  # type: ignore[arg-type]
    with api.open_upload(found.uuid) as file:
        assert file.read() == data
