"""Learners check the record of a finished training and sign it; nobody else sees the signature; who does not sign is heard."""

import hashlib
import io
import json
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from apps.people import api as people
from apps.people.models import Notice
from apps.plans.models import Objection, SignOff
from apps.plans.signing import drawing, queries, rules, services, telling
from apps.records import api as records
from infra.adapters.sms import outbox
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground, signed

pytestmark = pytest.mark.req("R4.1")
AT = ground.NOON + timedelta(hours=1)


@pytest.fixture
def duty(in_jia):
    return signed.finished()


def refused(code):
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def sign(duty, at=AT, **changes):
    someone, view = duty
    record = queries.record(view.uuid, learner_id=someone.id).fingerprint
    words = {"assignment": view.uuid, "learner": someone, "record": record, "strokes": signed.HAND, "ip": "10.0.0.1", "at": at}
    return services.sign_by_hand(**{**words, **changes})


def kinds(someone):
    return [entry.kind for entry in records.entries_of(someone.uuid)]


def test_a_signature_is_an_entry_of_the_ledger_over_the_record_that_was_read(duty):
    someone, view = duty
    row = sign(duty)
    (certificate,) = records.certificates_of(someone.uuid)
    entry = records.entries_of(someone.uuid)[-1]
    assert (entry.kind, entry.n) == ("SIGN_OFF", row.entry_n)
    assert entry.body["record"] == certificate.fingerprint == row.record
    assert entry.body["statement"] == rules.STATEMENT
    assert (entry.body["method"], entry.body["ip"], entry.body["assignment"]) == ("DRAWN", "10.0.0.1", str(view.uuid))
    assert entry.body["picture"] == hashlib.sha256(queries.picture(row)).hexdigest()
    assert records.verify_chain(someone.uuid).is_whole


def test_the_drawing_is_sealed_in_the_enterprises_own_folder(duty, in_jia):
    row = sign(duty)
    assert row.picture.startswith(f"enterprises/{in_jia.schema_name}/signatures/")
    with default_storage.open(row.picture) as file:
        assert not file.read().startswith(b"\x89PNG")
    with Image.open(io.BytesIO(queries.picture(row))) as picture:
        assert (picture.format, picture.size) == ("PNG", (500, 200))


def test_signing_again_changes_nothing(duty):
    someone, _view = duty
    first = sign(duty)
    assert sign(duty, at=AT + timedelta(days=1), strokes="").pk == first.pk
    assert kinds(someone).count("SIGN_OFF") == 1


def test_nobody_can_change_or_delete_a_signature(duty):
    row = sign(duty)
    for change in ("UPDATE plans_signoff SET statement = ''", "DELETE FROM plans_signoff"):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert SignOff.objects.get().statement == row.statement


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"strokes": ""}, "no_signature"),
        ({"strokes": json.dumps([[[500, 200]]])}, "no_signature"),
        ({"strokes": json.dumps([[[500, 200], [520, 210]]])}, "no_signature"),
        ({"strokes": "[" * 50_000}, "no_signature"),
        ({"strokes": json.dumps([[[0, 0], [5000, 0]]])}, "no_signature"),
        ({"record": "0" * 64}, "record_changed"),
    ],
)
def test_refuses_what_is_no_signature_or_another_record_and_changes_nothing(duty, changes, code):
    someone, _view = duty
    before = kinds(someone)
    with refused(code):
        sign(duty, **changes)
    assert (SignOff.objects.count(), kinds(someone)) == (0, before)


def test_refuses_a_training_that_is_not_finished_or_somebody_elses(duty, in_jia):
    _someone, view = duty
    other = ground.learner(2)
    with refused("not_found"):
        services.sign_by_hand(assignment=view.uuid, learner=other, record="", strokes=signed.HAND, ip="", at=AT)
    ground.open_plan(version_ids=[ground.make_course("AQ-CY-S9")], exam_needed=False)
    open_one = next(one for one in people_duties(other))
    with refused("not_finished"):
        services.sign_by_hand(assignment=open_one.uuid, learner=other, record="", strokes=signed.HAND, ip="", at=AT)
    assert SignOff.objects.count() == 0


def people_duties(someone):
    from apps.plans import api as plans

    return plans.assignments_of(someone.id)


def test_signs_by_the_own_name_and_a_code_sent_for_it(duty):
    someone, view = duty
    record = queries.record(view.uuid, learner_id=someone.id).fingerprint
    words = {"assignment": view.uuid, "learner": someone, "record": record, "ip": "10.0.0.1", "at": AT}
    people.send_signing_code(learner_id=someone.id)
    code = outbox.messages()[0].code
    with refused("wrong_name"):
        services.sign_by_name(name="学员丙", code=code, **words)
    with refused("code_wrong"):
        services.sign_by_name(name=someone.name, code=f"{(int(code) + 1) % 1_000_000:06d}", **words)
    assert SignOff.objects.count() == 0
    row = services.sign_by_name(name=f" {someone.name} ", code=code, **words)
    assert (row.method, row.picture) == ("TYPED", "")
    assert records.entries_of(someone.uuid)[-1].body["method"] == "TYPED"


def test_who_refuses_is_heard_and_may_sign_after_the_answer(duty):
    someone, view = duty
    owner = people.open_owner(name="安全员", mobile="13900000001", password=None, at=ground.NOON)
    told = services.object_to(assignment=view.uuid, learner_id=someone.id, words="第二课不是我学的", at=AT)
    with refused("already_objected"):
        services.object_to(assignment=view.uuid, learner_id=someone.id, words="再说一次", at=AT)
    assert Notice.objects.get(kind=telling.OBJECTED).manager.credential == owner
    (row,) = queries.listing(state="OBJECTED")
    assert row.learner_id == someone.id
    assert services.remind(at=AT + timedelta(days=30)) == 0, "who has said why is not pressed"
    services.answer(objection=told.uuid, words="已核对，是本人", by="安全员", own_learner_id=None, within=None, at=AT)
    with refused("already_answered"):
        services.answer(objection=told.uuid, words="改一改", by="安全员", own_learner_id=None, within=None, at=AT)
    assert Notice.objects.filter(kind=telling.ANSWERED, learner_id=someone.id).count() == 1
    sign(duty)
    with refused("already_signed"):
        services.object_to(assignment=view.uuid, learner_id=someone.id, words="还是不对", at=AT)


def test_nobody_answers_the_own_objection(duty):
    someone, view = duty
    told = services.object_to(assignment=view.uuid, learner_id=someone.id, words="学时少算了", at=AT)
    with refused("own_objection"):
        services.answer(objection=told.uuid, words="没有", by="学员甲", own_learner_id=someone.id, within=None, at=AT)
    with refused("not_found"):
        services.answer(objection=told.uuid, words="没有", by="主管", own_learner_id=None, within=frozenset(), at=AT)
    assert Objection.objects.get().answer == ""


def test_signing_takes_the_open_objection_back(duty):
    someone, view = duty
    told = services.object_to(assignment=view.uuid, learner_id=someone.id, words="学时少算了", at=AT)
    sign(duty)
    told.refresh_from_db()
    assert told.withdrawn_at == AT
    assert queries.counts() == {"done": 1, "signed": 1, "objected": 0}


def test_asks_at_the_end_and_reminds_after_three_days_then_weekly(duty):
    someone, _view = duty
    assert Notice.objects.get(learner_id=someone.id, kind__startswith="sign.").kind == telling.DUE
    done = ground.NOON
    assert services.remind(at=done + timedelta(days=2)) == 0
    for days in (3, 4, 10, 11, 17):
        services.remind(at=done + timedelta(days=days))
    assert Notice.objects.filter(kind=telling.REMINDED, learner_id=someone.id).count() == 3
    sign(duty, at=done + timedelta(days=18))
    assert services.remind(at=done + timedelta(days=24)) == 0


def test_a_manager_reminds_at_once_and_nobody_twice_a_day(duty, in_jia):
    someone, _view = duty
    desk = ground.manager_browser(in_jia)
    for _turn in range(2):
        assert desk.post("/console/signing/remind").status_code == 302
    assert Notice.objects.filter(kind=telling.REMINDED, learner_id=someone.id).count() == 1
    sign(duty)
    assert services.remind_now(within=None, at=AT) == 0


NUMBER = st.integers(-2, 1002) | st.sampled_from([10**30, 1.5, float("nan"), None, True, "7"])
LINES = st.lists(st.lists(st.lists(NUMBER, min_size=1, max_size=3), max_size=4), max_size=3)


@given(st.text(max_size=20) | LINES.map(json.dumps))
def test_whatever_is_sent_for_strokes_is_read_as_points_in_the_field_or_not_at_all(text):
    for line in rules.strokes(text):
        assert line
        assert all(0 <= x <= rules.WIDTH and 0 <= y <= rules.HEIGHT for x, y in line)


def test_the_largest_signature_is_drawn_into_a_small_picture():
    lines = [[(n * 7 % 1001, n * 13 % 401) for n in range(50)] for _ in range(rules.MOST_STROKES)]
    text = json.dumps(lines)
    assert rules.strokes(text) == lines
    assert len(drawing.picture(lines)) < 60_000


# pages


def test_the_learner_reads_signs_and_finds_it_in_the_archive(duty, in_jia):
    someone, view = duty
    page = ground.learner_browser(in_jia, someone)
    home = page.get("/learn").content.decode()
    assert f"/learn/sign/{view.uuid}" in home
    shown = page.get(f"/learn/sign/{view.uuid}").content.decode()
    for fact in (someone.name, "新员工专项培训", rules.STATEMENT):
        assert fact in shown
    answer = page.post(f"/learn/sign/{view.uuid}", signed.form(someone, view), follow=True)
    assert "已签名" in answer.content.decode()
    row = SignOff.objects.get()
    picture = page.get(f"/learn/signatures/{row.uuid}.png")
    assert (picture.status_code, picture["Content-Type"], picture["Cache-Control"]) == (200, "image/png", "private, no-store")
    assert f"/learn/signatures/{row.uuid}.png" in page.get("/learn/archive").content.decode()
    assert f"/learn/sign/{view.uuid}" not in page.get("/learn").content.decode()


@pytest.mark.parametrize("changes", [{"agree": ""}, {"strokes": ""}, {"strokes": "x" * 200_000}, {"record": ""}])
def test_the_page_says_what_is_missing_and_changes_nothing(duty, in_jia, changes):
    someone, view = duty
    answer = ground.learner_browser(in_jia, someone).post(f"/learn/sign/{view.uuid}", signed.form(someone, view, **changes))
    assert answer.status_code == 422
    assert SignOff.objects.count() == 0


def test_a_drawing_stays_when_something_else_is_missing(duty, in_jia):
    someone, view = duty
    answer = ground.learner_browser(in_jia, someone).post(f"/learn/sign/{view.uuid}", signed.form(someone, view, agree=""))
    assert answer.status_code == 422
    assert f'name="strokes" value="{escape(signed.HAND)}"' in answer.content.decode()


def test_a_drawing_for_a_former_record_does_not_stand_under_the_new_one(duty, in_jia):
    someone, view = duty
    answer = ground.learner_browser(in_jia, someone).post(f"/learn/sign/{view.uuid}", signed.form(someone, view, record="0" * 64))
    page = answer.content.decode()
    assert (answer.status_code, "记录已过期" in page, 'name="strokes" value=""' in page) == (409, True, True)
    assert not re.search(r'name="agree"[^>]* checked', page)


def test_the_other_way_sends_a_code_and_signs(duty, in_jia):
    someone, view = duty
    page, url = ground.learner_browser(in_jia, someone), f"/learn/sign/{view.uuid}"
    assert "验证码已发送" in page.post(url, {"do": "send", "name": someone.name}).content.decode()
    again = page.post(url, {"do": "send", "name": someone.name}).content.decode()
    assert ("刚刚发过" in again, 'name="code"' in again) == (True, True), "who lost the page goes on with the code that came"
    code = outbox.messages()[0].code
    form = signed.form(someone, view, do="type", name=someone.name, code=code)
    assert page.post(url, {**form, "code": ""}).status_code == 422
    assert page.post(url, form).status_code == 302
    assert SignOff.objects.get().method == "TYPED"


def test_neither_other_learners_nor_the_neighbour_see_record_or_signature(duty, in_jia, yi):
    someone, view = duty
    row = sign(duty)
    told = f"/console/signing/{row.uuid}"
    other = ground.learner_browser(in_jia, ground.learner(2))
    with enterprise_scope(yi):
        stranger = ground.learner(3, "邻居")
    browsers = (other, ground.learner_browser(yi, stranger), ground.manager_browser(yi))
    for browser in browsers:
        assert browser.get(f"/learn/signatures/{row.uuid}.png").status_code == 404
    for browser in browsers[:2]:
        assert browser.get(f"/learn/sign/{view.uuid}").status_code == 404
    assert ground.browser(in_jia).get(f"/learn/signatures/{row.uuid}.png").status_code == 401
    assert ground.manager_browser(yi).get(told).status_code == 404
    assert someone.name not in ground.manager_browser(yi).get("/console/signing?state=ALL").content.decode()
    assert ground.manager_browser(in_jia).get(f"/learn/signatures/{row.uuid}.png").status_code == 200


def test_a_drawing_of_the_neighbour_does_not_open_here(duty, in_jia, yi):
    row = sign(duty)
    with default_storage.open(row.picture) as file:
        sealed = file.read()
    from infra.kit.crypto import SealBroken

    with enterprise_scope(yi), pytest.raises(SealBroken):
        people.unseal_bytes(sealed, services.PICTURE)


def test_the_manager_sees_who_has_not_signed_and_answers(duty, in_jia):
    someone, view = duty
    desk = ground.manager_browser(in_jia)
    assert someone.name in desk.get("/console/signing").content.decode()
    told = services.object_to(assignment=view.uuid, learner_id=someone.id, words="第二课不是我学的", at=AT)
    assert f"/console/signing/{told.uuid}" in desk.get("/console/signing?state=OBJECTED").content.decode()
    page = desk.get(f"/console/signing/{told.uuid}").content.decode()
    assert "第二课不是我学的" in page
    assert desk.post(f"/console/signing/{told.uuid}", {"answer": ""}).status_code == 422
    assert desk.post(f"/console/signing/{told.uuid}", {"answer": "已核对"}).status_code == 302
    assert desk.post(f"/console/signing/{told.uuid}", {"answer": "又一次"}).status_code == 409
    learner = ground.learner_browser(in_jia, someone)
    assert "已核对" in learner.get(f"/learn/sign/{view.uuid}").content.decode()
    sign(duty)
    assert someone.name not in desk.get("/console/signing").content.decode()
    assert someone.name in desk.get("/console/signing?state=SIGNED").content.decode()


def test_the_list_costs_the_same_however_long_it_is(in_jia):
    signed.finished(1)
    desk = ground.manager_browser(in_jia)
    desk.get("/console/signing?state=ALL")
    with CaptureQueriesContext(connection) as few:
        desk.get("/console/signing?state=ALL")
    for n in range(2, 5):
        sign(signed.finished(n))
    with CaptureQueriesContext(connection) as more:
        desk.get("/console/signing?state=ALL")
    assert len(more) == len(few)
