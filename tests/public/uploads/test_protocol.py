"""The way of a file: begun, sent in parts, resumed, completed once; over HTTP and against a real S3 service."""

from __future__ import annotations

import io
import os
import threading
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from django.test import Client

from infra.kit.errors import DomainError
from infra.wiring.settings.services import _storage
from public.audit.models import AuditEvent
from public.uploads import api, checking, rules, services
from public.uploads.models import Upload, UploadPart
from public.uploads.stores import store
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public import desk
from tests.public.uploads.ground import begun, clip, put, put_all, send, uploaded
from tests.s3 import s3_service

pytestmark = pytest.mark.req("R3.1")


@pytest.fixture
def film(tmp_path):
    return clip(tmp_path / "clip.mp4").read_bytes()


class TestParts:
    @pytest.fixture(autouse=True)
    def ground(self, kept, small_parts):
        self.data = os.urandom(2_500)

    def test_parts_may_come_in_any_order_and_twice_and_make_the_same_file(self):
        upload = begun(self.data)
        for number in (3, 1, 2, 1):
            put(upload, number, self.data)
        row = Upload.objects.get(uuid=upload.uuid)
        store().join(row)
        with store().local(row) as path:
            assert path.read_bytes() == self.data

    def test_joining_goes_on_where_a_broken_run_stopped(self):
        upload = begun(self.data)
        put_all(upload, self.data)
        row = Upload.objects.get(uuid=upload.uuid)
        with store().local(row) as path:
            path.write_bytes(self.data[:1024] + b"half of the second part")
            (path.parent / "part_00001").unlink()
        store().join(row)
        with store().local(row) as path:
            assert path.read_bytes() == self.data
        store().join(row)

    def test_a_reloaded_page_goes_on_with_the_same_upload_and_sees_what_arrived(self):
        first = begun(self.data, fingerprint="a" * 64)
        put(first, 2, self.data)
        again = begun(self.data, fingerprint="a" * 64)
        assert again.uuid == first.uuid
        assert [(part.number, part.size) for part in store().parts(Upload.objects.get(uuid=again.uuid))] == [(2, 1024)]
        assert begun(self.data, fingerprint="b" * 64).uuid != first.uuid
        Upload.objects.filter(uuid=first.uuid).update(state="CHECKING")
        assert begun(self.data, fingerprint="a" * 64).uuid == first.uuid
        assert begun(self.data, fingerprint="a" * 64, owner=2).uuid != first.uuid

    @pytest.mark.parametrize(("number", "size", "code"), [
        (1, 1023, "wrong_part_size"), (1, 1025, "wrong_part_size"), (3, 1024, "wrong_part_size"), (1, 0, "wrong_part_size"),
        (4, 10, "no_such_part"), (0, 10, "no_such_part"),
    ])  # fmt: skip
    def test_refuses_parts_of_a_wrong_number_or_size_and_keeps_nothing(self, kept, number, size, code):
        upload = begun(self.data)
        with pytest.raises(DomainError, match=code):
            services.accept_part(upload=upload.uuid, number=number, body=io.BytesIO(bytes(size)), declared=None, at=NOON)
        assert not UploadPart.objects.exists()
        assert list((kept / str(upload.uuid)).iterdir()) == []

    def test_an_endless_body_is_cut_off_after_one_part(self):
        class Endless(io.RawIOBase):
            given = 0

            def read(self, size=-1):
                self.given += size
                return bytes(size)

        upload, endless = begun(self.data), Endless()
        with pytest.raises(DomainError, match="wrong_part_size"):
            services.accept_part(upload=upload.uuid, number=1, body=endless, declared=None, at=NOON)
        assert endless.given <= 1025

    def test_cannot_be_completed_with_a_part_missing_and_says_which(self):
        upload = begun(self.data)
        put(upload, 1, self.data)
        with pytest.raises(DomainError) as refusal:
            api.complete(upload=upload.uuid, at=NOON)
        assert (refusal.value.code, refusal.value.details["missing"]) == ("incomplete", [2, 3])
        assert api.upload(upload.uuid).state == "OPEN"

    @pytest.mark.req("R5.4")
    def test_that_a_file_came_in_is_written_down_once_without_its_name(self):
        upload = begun(self.data)
        put_all(upload, self.data)
        for _ in range(2):
            api.complete(upload=upload.uuid, at=NOON)
        told = AuditEvent.objects.get(action="file.received", target=f"upload:{upload.uuid}")
        assert (told.direction, told.details["bytes"], told.schema_name) == ("IN", len(self.data), "public")
        assert upload.file_name not in str(told.details)

    def test_takes_no_part_after_it_was_completed(self):
        upload = begun(self.data)
        put_all(upload, self.data)
        api.complete(upload=upload.uuid, at=NOON)
        with pytest.raises(DomainError, match="closed"):
            put(upload, 1, self.data)
        with pytest.raises(DomainError, match="closed"):
            api.abort(upload=upload.uuid)

    def test_a_cancelled_upload_leaves_nothing(self, kept):
        upload = begun(self.data)
        put(upload, 1, self.data)
        api.abort(upload=upload.uuid)
        assert not Upload.objects.exists()
        assert list(kept.iterdir()) == []

    def test_abandoned_uploads_are_removed_after_48_hours_and_others_stay(self, kept):
        old, fresh = begun(self.data), begun(self.data)
        put(old, 1, self.data)
        Upload.objects.filter(uuid=fresh.uuid).update(touched_at=NOON + timedelta(hours=1))
        assert checking.sweep(at=NOON + timedelta(hours=48)) == 0
        assert checking.sweep(at=NOON + timedelta(hours=48, seconds=1)) == 1
        assert [row.uuid for row in Upload.objects.all()] == [fresh.uuid]
        assert [folder.name for folder in kept.iterdir()] == [str(fresh.uuid)]


class TestLimits:
    @pytest.mark.parametrize(
        ("purpose", "most"), [("video", 8 * rules.GB), ("document", 500 * rules.MB), ("image", 20 * rules.MB)]
    )
    def test_refuses_files_larger_than_their_purpose_allows_before_a_byte_is_sent(self, kept, purpose, most):
        with pytest.raises(DomainError) as refusal:
            api.begin(owner_id=1, provider_schema="", purpose=purpose, file_name="x", size=most + 1, at=NOON)
        assert (refusal.value.code, refusal.value.status) == ("too_large", 413)
        assert not Upload.objects.exists()

    @pytest.mark.parametrize(("size", "code"), [(0, "empty_file"), (20 * rules.GB, "too_large")])
    def test_refuses_empty_and_twenty_gigabyte_films(self, kept, size, code):
        with pytest.raises(DomainError, match=code):
            api.begin(owner_id=1, provider_schema="", purpose="video", file_name="x.mp4", size=size, at=NOON)

    def test_refuses_more_than_one_person_may_have_under_way(self, kept):
        for _ in range(3):
            api.begin(owner_id=1, provider_schema="", purpose="video", file_name="x", size=8 * rules.GB, at=NOON)
        with pytest.raises(DomainError, match="too_many_uploads"):
            api.begin(owner_id=1, provider_schema="", purpose="video", file_name="x", size=1, at=NOON)
        api.begin(owner_id=2, provider_schema="", purpose="video", file_name="x", size=1, at=NOON)

    def test_refuses_more_than_one_person_may_send_in_a_day_whatever_became_of_it(self, kept):
        def send(at, owner=1):
            api.begin(owner_id=owner, provider_schema="", purpose="video", file_name="x", size=8 * rules.GB, at=at)
            Upload.objects.filter(state="OPEN").update(state="READY", kind="video", sha256="0" * 64)

        for _ in range(8):
            send(NOON)
        with pytest.raises(DomainError, match="too_much_today"):
            send(NOON + timedelta(hours=23))
        assert Upload.objects.count() == 8
        send(NOON, owner=2)
        send(NOON + timedelta(hours=24))

    def test_refuses_an_unknown_purpose(self, kept):
        with pytest.raises(DomainError, match="unknown_purpose"):
            api.begin(owner_id=1, provider_schema="", purpose="malware", file_name="x", size=1, at=NOON)

    def test_keeps_only_the_last_piece_of_a_name(self, kept):
        found = begun(b"1", name="C:\\课件\\..\\..\\安全\x00培训.mp4")
        assert found.file_name == "安全培训.mp4"


class TestOverHttp:
    @pytest.fixture(autouse=True)
    def ground(self, kept, monkeypatch):
        self.asked = []
        monkeypatch.setattr(services, "ask_to_check", self.asked.append)

    def test_a_browser_sends_resumes_completes_and_asks(self, film, small_parts):
        browser = desk.desk("AUTHOR")
        found = send(browser, film, skip=(2,))
        listed = browser.get("/api/uploads?purpose=video").json()
        assert [(one["uuid"], one["received"]) for one in listed] == [(found["uuid"], len(film) - 1024)]
        assert browser.post(f"/api/uploads/{found['uuid']}/complete").json()["code"] == "incomplete"
        assert [p["number"] for p in browser.get(f"/api/uploads/{found['uuid']}/parts").json()][:2] == [1, 3]
        send(browser, film)
        assert browser.post(f"/api/uploads/{found['uuid']}/complete").json()["state"] == "CHECKING"
        checking.check(upload=found["uuid"], at=NOON)
        said = browser.get(f"/api/uploads/{found['uuid']}").json()
        assert (said["state"], said["kind"], said["is_scanned"]) == ("READY", "video", False)

    def test_strangers_and_neighbours_see_and_change_nothing(self, film):
        found = send(desk.inside(desk.operator("AUTHOR", login="a")), film)
        path = f"/api/uploads/{found['uuid']}"
        stranger, other = Client(HTTP_HOST=desk.HOST), desk.inside(desk.operator("AUTHOR", login="b"))
        for browser, status in ((stranger, 401), (other, 404)):
            assert browser.get(path).status_code == status
            assert browser.get(f"{path}/parts").status_code == status
            assert browser.post(f"{path}/parts/1/sign").status_code == status
            assert browser.post(f"{path}/complete").status_code == status
            assert browser.delete(path).status_code == status
        assert other.get("/api/uploads?purpose=video").json() == []
        assert Upload.objects.get().state == "OPEN"

    def test_an_address_is_good_for_its_part_only_and_for_a_quarter_of_an_hour(self, film, small_parts, monkeypatch):
        browser = desk.desk("AUTHOR")
        found = send(browser, film, skip=(1, 2))
        path = f"/api/uploads/{found['uuid']}/parts"
        link = browser.post(f"{path}/1/sign").json()["url"]
        for wrong in (f"{path}/1", link[:-3] + "abc", link.replace("parts/1", "parts/2")):
            reply = browser.put(wrong, film[:1024], content_type="application/octet-stream")
            assert (reply.status_code, reply.json()["code"]) == (403, "bad_link")
        monkeypatch.setattr(rules, "LINK_S", -1)
        assert browser.put(link, film[:1024], content_type="application/octet-stream").status_code == 403
        assert not UploadPart.objects.filter(number__in=(1, 2)).exists()

    def test_a_body_longer_than_agreed_is_refused_by_its_length(self, film, small_parts):
        browser = desk.desk("AUTHOR")
        found = send(browser, film, skip=(1,))
        link = browser.post(f"/api/uploads/{found['uuid']}/parts/1/sign").json()["url"]
        reply = browser.put(link, film[:1025], content_type="application/octet-stream")
        assert (reply.status_code, reply.json()["code"]) == (413, "wrong_part_size")

    def test_forms_of_other_sites_are_refused(self, film):
        browser = desk.desk("AUTHOR")
        strict = Client(HTTP_HOST=desk.HOST, enforce_csrf_checks=True)
        strict.cookies = browser.cookies
        body = {"file_name": "x", "size": 3, "purpose": "video"}
        assert strict.post("/api/uploads", body, content_type="application/json").status_code == 403
        assert not Upload.objects.exists()


@pytest.mark.req("S2")
def test_an_enterprise_sees_only_its_own_uploads(kept, jia, yi):
    with enterprise_scope(jia):
        mine = api.begin(owner_id=1, provider_schema=jia.schema_name, purpose="video", file_name="x", size=9, at=NOON)
        services.accept_part(upload=mine.uuid, number=1, body=io.BytesIO(b"123456789"), declared=9, at=NOON)
    platforms = begun(b"1")
    with enterprise_scope(yi):
        for uuid in (mine.uuid, platforms.uuid):
            with pytest.raises(DomainError, match="not_found"):
                api.upload(uuid)
        assert not UploadPart.objects.exists()
        assert Upload.objects.update(state="REFUSED", error="x") == 0
    with enterprise_scope(jia):
        assert [row.uuid for row in Upload.objects.all()] == [mine.uuid]
    assert api.upload(mine.uuid).state == "OPEN"


def test_two_completions_at_the_same_moment_are_one(database, settings, tmp_path, monkeypatch):
    settings.STORAGES = {**settings.STORAGES, "default": _storage(tmp_path.as_uri())}
    asked: list[object] = []
    monkeypatch.setattr(services, "ask_to_check", asked.append)
    with platform_scope():
        upload = begun(b"12345")
        put_all(upload, b"12345")
    gate, states = threading.Barrier(2), []

    def complete():
        with platform_scope():
            gate.wait()
            states.append(api.complete(upload=upload.uuid, at=NOON).state)
            connection.close()

    both = [threading.Thread(target=complete) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    with platform_scope():
        Upload.objects.filter(uuid=upload.uuid).delete()
    assert states == ["CHECKING", "CHECKING"]
    assert asked == [upload.uuid]


@pytest.fixture(scope="module")
def s3():
    with s3_service() as service:
        yield service


class TestObjectStore:
    """The same against SeaweedFS: bytes go straight to it."""

    @pytest.fixture(autouse=True)
    def ground(self, platform, settings, s3):
        settings.STORAGES = {**settings.STORAGES, "default": _storage(s3.url)}
        self.s3 = s3

    def _send(self, upload, data, *numbers):
        for number in numbers:
            url = services.sign_part(upload=upload.uuid, number=number)
            assert url.startswith(self.s3.endpoint)
            piece = data[(number - 1) * upload.part_size : number * upload.part_size]
            assert httpx.put(url, content=piece).status_code == 200

    def test_parts_go_to_presigned_addresses_and_become_one_checked_object(self, tmp_path):
        clip(tmp_path / "clip.mp4")
        data = (tmp_path / "clip.mp4").read_bytes()
        free = (rules.PART_SIZE + 1000 - len(data)).to_bytes(4, "big") + b"free"
        data += free + bytes(rules.PART_SIZE + 1000 - len(data) - 8)
        upload = begun(data)
        self._send(upload, data, 2, 1)
        api.complete(upload=upload.uuid, at=NOON)
        api.complete(upload=upload.uuid, at=NOON)
        checking.check(upload=upload.uuid, at=NOON)
        found = api.require_ready(upload.uuid, kinds={"video"})
        assert found.size == len(data)
        with api.open_upload(upload.uuid) as file:
            assert file.read() == data

    def test_a_part_of_another_length_is_refused_by_the_store(self):
        upload = begun(bytes(100))
        url = services.sign_part(upload=upload.uuid, number=1)
        assert httpx.put(url, content=bytes(101)).status_code == 403
        with pytest.raises(DomainError, match="incomplete"):
            api.complete(upload=upload.uuid, at=NOON)

    def test_a_cancelled_upload_leaves_nothing_at_the_store(self):
        upload = begun(bytes(100))
        self._send(upload, bytes(100), 1)
        api.abort(upload=upload.uuid)
        open_now = self.s3.client().list_multipart_uploads(Bucket="anxue").get("Uploads", ())
        assert not [one for one in open_now if str(upload.uuid) in one["Key"]]

    def test_a_refused_file_is_removed_from_the_store(self):
        found_before = self.s3.client().list_objects_v2(Bucket="anxue", Prefix="platform/uploads/").get("KeyCount", 0)
        upload = begun(b"not a film")
        self._send(upload, b"not a film", 1)
        api.complete(upload=upload.uuid, at=NOON)
        checking.check(upload=upload.uuid, at=NOON)
        assert api.upload(upload.uuid).state == "REFUSED"
        assert self.s3.client().list_objects_v2(Bucket="anxue", Prefix="platform/uploads/").get("KeyCount", 0) == found_before


def test_a_ready_file_opens_and_others_do_not(kept, film):
    found = uploaded(film)
    assert (found.state, found.error) == ("READY", "")
    with api.open_upload(found.uuid) as file:
        assert file.read() == film
    assert api.require_ready(found.uuid, kinds={"video"}).content_type == "video/mp4"
    with pytest.raises(DomainError, match="wrong_kind"):
        api.require_ready(found.uuid, kinds={"document"})
    with pytest.raises(DomainError, match="not_ready"):
        api.open_upload(begun(film).uuid)
