"""An authority adds files to its notice: both sides take them, the neighbour and other authorities do not, and the log tells."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from apps.people import api as people
from infra.kit import clock
from public.audit.models import AuditEvent
from public.portal import answering, asking, attaching, reading
from public.portal.models import Attachment, Rectification, Step
from public.portal.shapes import Asker
from public.uploads.models import Upload
from public.uploads.stores import name_of
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public.desk import inside
from tests.public.portal.ground import DAYS, answerer, ask, asker, authority, kinds, refused, upload, wanted

pytestmark = pytest.mark.req("R7.1")
TODAY = NOON.date()
PICTURE = b"a picture"


def sent(by: Asker | None = None, **changes: Any) -> Upload:
    """A checked picture that somebody of the authority sent."""
    who = (by or asker()).who
    values = {
        "owner_id": who.credential_id, "provider_schema": "", "purpose": "rectification", "file_name": "现场.png", "size": len(PICTURE),
        "part_size": 10, "kind": "image", "content_type": "image/png", "sha256": "0" * 64, "state": "READY", "created_at": NOON,
        "touched_at": NOON, **changes,
    }  # fmt: skip
    with platform_scope():
        row = Upload.objects.create(**values)
        if not default_storage.exists(name_of(row)):
            default_storage.save(name_of(row), ContentFile(PICTURE))
    return row


def files(uuid: UUID) -> list[tuple[str, str]]:
    with platform_scope():
        return [(one.side, one.file_name) for one in Attachment.objects.filter(rectification__uuid=uuid).order_by("pk")]


def test_a_notice_goes_out_with_its_files_in_one_act(platform, jia):
    one, other = sent(), sent(file_name="检查记录.pdf", kind="document")
    uuid = asking.ask(enterprise=jia.uuid, wanted=wanted(), asker=asker(), files=[one.uuid, other.uuid])
    assert files(uuid) == [("credential", "现场.png"), ("credential", "检查记录.pdf")]
    assert kinds(uuid) == ["ASKED", "ATTACHED", "ATTACHED"]
    case = reading.case_in(jia.schema_name, uuid, today=TODAY)
    assert ([one.file_name for one in case.found_files], case.mended_files) == (["现场.png", "检查记录.pdf"], [])


def test_no_notice_goes_out_without_the_file_that_was_refused(platform, jia):
    film, open_one = sent(kind="video"), sent(state="CHECKING")
    for wrong, code in ((film, "wrong_kind"), (open_one, "not_ready")):
        with refused(code):
            asking.ask(enterprise=jia.uuid, wanted=wanted(), asker=asker(), files=[wrong.uuid])
    colleague = sent(asker(authority("3302")))
    with refused("not_found"):
        asking.ask(enterprise=jia.uuid, wanted=wanted(), asker=asker(), files=[colleague.uuid])
    assert not Rectification.objects.exists()
    assert not Step.objects.exists()


def test_files_are_added_while_it_is_open_by_the_own_authority_alone(platform, jia):
    uuid = ask(jia)
    mine, province, elsewhere = asker(), asker(authority("33")), asker(authority("3302"))
    attaching.attach_by_authority(rectification=uuid, upload=(first := sent(mine)).uuid, asker=mine)
    attaching.attach_by_authority(rectification=uuid, upload=first.uuid, asker=mine)
    with refused("other_authority"):
        attaching.attach_by_authority(rectification=uuid, upload=sent(province).uuid, asker=province)
    with refused("not_found"):
        attaching.attach_by_authority(rectification=uuid, upload=sent(elsewhere).uuid, asker=elsewhere)
    answering.answer(rectification=uuid, text="已完成整改。", by=answerer(jia, NOON + DAYS))
    attaching.attach_by_authority(rectification=uuid, upload=sent(mine).uuid, asker=mine)
    asking.accept(rectification=uuid, text="", asker=mine)
    with refused("wrong_state"):
        attaching.attach_by_authority(rectification=uuid, upload=sent(mine).uuid, asker=mine)
    assert files(uuid) == [("credential", "现场.png")] * 2


def test_each_side_has_its_own_number_of_files_and_no_numbers_of_persons_in_their_names(platform, jia, monkeypatch):
    monkeypatch.setattr(attaching, "MOST", 1)
    uuid = ask(jia)
    attaching.attach_by_authority(rectification=uuid, upload=sent(file_name="13800000001.png").uuid, asker=asker())
    attaching.attach(rectification=uuid, upload=upload(jia, 7).uuid, owner_id=7, by=answerer(jia))
    for add in (
        lambda: attaching.attach_by_authority(rectification=uuid, upload=sent().uuid, asker=asker()),
        lambda: attaching.attach(rectification=uuid, upload=upload(jia, 7).uuid, owner_id=7, by=answerer(jia)),
    ):
        with refused("too_many_files"):
            add()
    assert [side for side, _name in files(uuid)] == ["credential", "manager"]
    assert "13800000001" not in str(files(uuid)) + "".join(Step.objects.values_list("text", flat=True))


@pytest.mark.req("R5.4")
def test_each_file_is_an_event_of_the_enterprise_without_its_name(platform, jia):
    uuid = ask(jia)
    attaching.attach_by_authority(rectification=uuid, upload=sent().uuid, asker=asker())
    event = AuditEvent.objects.get(action="regulator.rectification_attached")
    assert (event.direction, event.schema_name) == ("IN", jia.schema_name)
    assert "现场" not in str(event.details)


@contextmanager
def console(site: Any, mobile: str) -> Any:
    """A browser in which the owner of an enterprise has signed in."""
    with enterprise_scope(site):
        people.open_owner(name="安全员", mobile=mobile, password="Ke-kao-2026", at=clock.now())
    browser = Client(HTTP_HOST=site.host)
    assert browser.post("/sign-in", {"mobile": mobile, "password": "Ke-kao-2026"}).status_code == 302
    yield browser


@pytest.mark.req("R2.6", "R5.4")
def test_the_enterprise_takes_them_and_the_neighbour_finds_nothing(db, jia, yi):
    now = clock.now()
    with platform_scope():
        by = asker(at=now)
        uuid = ask(jia, by=by, due_on=clock.shanghai_date(now) + 9 * DAYS)
        file = sent(by)
        attaching.attach_by_authority(rectification=uuid, upload=file.uuid, asker=by)
    path = f"/console/rectifications/{uuid}"
    with console(jia, "13800000071") as mine, console(yi, "13800000072") as theirs:
        html = mine.get(path).content.decode()
        assert "监管部门的附件" in html
        assert "现场.png" in html
        taken = mine.get(f"{path}/files/{file.uuid}")
        assert (taken.status_code, b"".join(taken.streaming_content)) == (200, PICTURE)
        assert taken["Content-Disposition"].startswith("attachment")
        looked = mine.get(f"{path}/files/{file.uuid}?show")
        assert (looked.status_code, looked.content, looked["Content-Type"]) == (200, PICTURE, "image/png")
        assert "sandbox" in looked["Content-Security-Policy"]
        assert [theirs.get(one).status_code for one in (path, f"{path}/files/{file.uuid}")] == [404, 404]
    with platform_scope():
        assert AuditEvent.objects.filter(action="file.sent", schema_name=jia.schema_name).count() == 1


def test_the_pages_of_the_authority_take_show_and_give_them(db, jia):
    by = asker(at=clock.now())
    with platform_scope():
        mine, theirs = inside(by.who.credential_id), inside(authority("3302").credential_id)
    day = (clock.shanghai_date(clock.now()) + 9 * DAYS).isoformat()
    said = {"title": "焊工未做复训", "found": "抽查发现两名焊工没有完成复训。", "basis": "《安全生产法》第二十八条"}
    file = sent(by)
    path = f"/regulator/enterprises/{jia.uuid}/rectify"
    again = mine.post(path, {**said, "due_on": "2020-01-01", "upload": [str(file.uuid)]})
    assert again.status_code == 422
    assert f'name="upload" value="{file.uuid}"' in again.content.decode()
    done = mine.post(path, {**said, "due_on": day, "upload": [str(file.uuid)]})
    assert done.status_code == 302
    where = done["Location"]
    later = sent(by, file_name="补充.png")
    added = mine.post(f"{where}/files", {"upload": str(later.uuid)})
    assert (added.status_code, "补充.png" in added.content.decode()) == (200, True)
    html = mine.get(where).content.decode()
    assert "现场.png" in html
    assert "补充.png" in html
    assert b"".join(mine.get(f"{where}/files/{file.uuid}").streaming_content) == PICTURE
    assert mine.get(f"{where}/files/{uuid4()}").status_code == 404
    assert mine.post(f"{where}/files", {"upload": "no"}).status_code == 400
    assert [
        theirs.get(f"{where}/files/{file.uuid}").status_code,
        theirs.post(f"{where}/files", {"upload": str(later.uuid)}).status_code,
    ] == [404, 404]
    with platform_scope():  # what is the authority's own does not leave the enterprise
        assert not AuditEvent.objects.filter(action="regulator.attachment_taken").exists()


def test_only_people_of_an_authority_upload_for_notices(db, jia):
    body = {"file_name": "现场.png", "size": 9, "purpose": "rectification", "fingerprint": ""}
    with platform_scope():
        mine = inside(authority().credential_id)
    begun = mine.post("/api/rectification-files", body, content_type="application/json")
    assert begun.status_code == 201
    assert mine.post("/api/rectification-files", {**body, "purpose": "video"}, content_type="application/json").status_code == 422
    large = mine.post("/api/rectification-files", {**body, "size": 51 << 20}, content_type="application/json")
    assert (large.status_code, "50 MB" in large.json()["message"]) == (413, True)
    assert (
        Client(HTTP_HOST="anxue.localhost:8000")
        .post("/api/rectification-files", body, content_type="application/json")
        .status_code
        == 401
    )
