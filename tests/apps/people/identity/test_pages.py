"""The learner's pages: choose, show the phone, enrol, withdraw; and what they refuse."""

import base64
import re

import pytest

from apps.people import api as people
from apps.people.identity import phone
from apps.people.identity.models import FaceCheck, Identity, Liveness, Proof
from infra.adapters.sms import outbox
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests import faces
from tests.apps.people.conftest import LEARNER, browser, sign_in

pytestmark = pytest.mark.req("R2.1")


def identity_of(client, learner):
    return people.identity_of(learner.id, at=clock.now(), terminal=terminal_of(client))


def terminal_of(client):
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return people.terminal_of(request)


@pytest.fixture
def here(staff, jia):
    with enterprise_scope(jia):
        yield staff


def test_a_new_learner_is_asked_to_choose_and_both_ways_are_offered_alike(learner):
    page = learner.get("/learn/identity?next=/learn/archive").content.decode()
    assert "用短信验证码" in page
    assert "我已阅读，单独同意" in page
    assert "不同意人脸识别，不影响学习、考试和取得证明。" in page
    assert page.count("btn ax-btn-secondary btn-lg") == 2, "neither way is pushed"


def test_a_code_leads_back_to_where_the_learner_came_from(learner, here):
    reply = learner.post("/learn/identity/choose", {"method": "code", "next": "/learn/archive"}, follow=True)
    assert reply.redirect_chain[-1][0] == "/learn/identity/code?next=%2Flearn%2Farchive"
    learner.post(reply.redirect_chain[-1][0], {"do": "send"})
    (message,) = outbox.messages()
    assert (message.mobile, message.purpose) == (LEARNER, phone.PURPOSE)
    wrong = learner.post(
        "/learn/identity/code?next=/learn/archive", {"do": "enter", "code": "000000" if message.code != "000000" else "1"}
    )
    assert (wrong.status_code, Proof.objects.count()) == (422, 0)
    right = learner.post("/learn/identity/code?next=/learn/archive", {"do": "enter", "code": message.code}, follow=True)
    assert right.redirect_chain[-1][0] == "/learn/archive"
    assert identity_of(learner, here).needs is None


def test_signing_in_by_code_counts_on_that_device(here, jia):
    people.choose_method(learner_id=here.id, method="code", at=clock.now())
    client = browser(jia)
    client.post("/sign-in", {"way": "code", "do": "send", "mobile": LEARNER})
    client.post("/sign-in", {"way": "code", "do": "enter", "mobile": LEARNER, "code": outbox.messages()[0].code})
    assert identity_of(client, here).needs is None
    other = browser(jia)
    sign_in(other, LEARNER)
    assert other.get("/learn/identity").status_code == 302
    assert identity_of(other, here).needs == "proof"


def test_nobody_is_led_to_another_site(learner, here):
    people.choose_method(learner_id=here.id, method="code", at=clock.now())
    reply = learner.get("/learn/identity?next=https://evil.example/learn")
    assert reply.headers["Location"] == "/learn/identity/code?next=%2Flearn"


def test_enrolling_begins_with_the_phone(learner, here):
    reply = learner.post("/learn/identity/choose", {"method": "face", "next": "/learn"}, follow=True)
    assert reply.redirect_chain[-1][0].startswith("/learn/identity/code")
    people.note_proof(learner_id=here.id, terminal=terminal_of(learner), method="code", at=clock.now())
    assert 'data-purpose="enrol"' in learner.get("/learn/identity", follow=True).content.decode()


def test_a_burst_comes_in_by_json_and_no_picture_or_score_goes_out(learner, here, folder):
    learner.post("/learn/identity/choose", {"method": "face", "next": "/learn"}, follow=True)
    people.note_proof(learner_id=here.id, terminal=terminal_of(learner), method="code", at=clock.now())
    drawn = learner.post("/api/identity/liveness", {"purpose": "enrol"}, content_type="application/json").json()
    assert set(drawn) == {"challenge", "actions", "left_s"}
    assert 28 <= drawn["left_s"] <= 30
    frames = [base64.b64encode(frame).decode() for frame in faces.burst(drawn["actions"])]
    body = {"purpose": "enrol", "challenge": drawn["challenge"], "frames": frames}
    reply = learner.post("/api/identity/faces", body, content_type="application/json")
    assert reply.json()["outcome"] == "pending"
    assert set(reply.json()) == {"check", "outcome", "message"}
    assert learner.get(f"/api/identity/faces/{reply.json()['check']}").json()["outcome"] == "pending"
    again = learner.post("/api/identity/faces", body, content_type="application/json")
    assert (again.status_code, again.json()["code"], FaceCheck.objects.count()) == (409, "challenge_spent", 1)


@pytest.mark.parametrize("frames", [["%%%"], ["AAAA"], ["A" * 300_000], ["AAAA"] * 16])
def test_what_is_no_picture_is_refused_in_words(learner, here, frames):
    learner.post("/learn/identity/choose", {"method": "face"}, follow=True)
    people.note_proof(learner_id=here.id, terminal=terminal_of(learner), method="code", at=clock.now())
    drawn = learner.post("/api/identity/liveness", {"purpose": "enrol"}, content_type="application/json").json()
    body = {"purpose": "enrol", "challenge": drawn["challenge"], "frames": frames}
    reply = learner.post("/api/identity/faces", body, content_type="application/json")
    assert (reply.status_code, reply.json()["code"]) == (422, "frames_invalid")
    assert (FaceCheck.objects.count(), Liveness.objects.get().used_at) == (0, None)


def test_consent_is_withdrawn_on_the_learners_own_page(learner, here, folder):
    people.choose_method(learner_id=here.id, method="face", at=clock.now())
    assert "撤回同意，改用短信验证码" in learner.get("/learn/privacy").content.decode()
    assert "已撤回同意" in learner.post("/learn/privacy/withdraw", follow=True).content.decode()
    assert Identity.objects.get().method == "code"


def test_the_privacy_page_is_behind_ones_own_name_and_strangers_sign_in_first(learner, jia):
    assert re.search(r'href="/learn/privacy"', learner.get("/learn").content.decode())
    for path in ("/learn/identity", "/learn/identity/face", "/learn/identity/code", "/learn/privacy"):
        assert browser(jia).get(path).headers["Location"].startswith("/sign-in")
    assert browser(jia).post("/api/identity/liveness", {"purpose": "open"}, content_type="application/json").status_code == 401
