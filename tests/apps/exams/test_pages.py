"""The exam in the browser: no key before submission, JSON that refuses politely, a result that teaches."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from apps.exams.models import Attempt
from apps.plans import api as plans
from infra.kit import clock
from tests.apps.plans import ground


@pytest.fixture
def sitting(in_jia):
    """A learner in a browser who may sit the exam."""
    someone = ground.learner(1)
    ground.open_plan(exam_questions=3, exam_tries=2)
    (view,) = plans.assignments_of(someone.id)
    ground.learn_all(view)
    return ground.learner_browser(in_jia, someone), view


def begin(sitting):
    client, view = sitting
    assert client.post(f"/learn/{view.uuid}/exam").status_code == 302
    return Attempt.objects.get(submitted_at=None)


def put(client, attempt, **body):
    return client.post(f"/api/exams/{attempt.uuid}/answer", json.dumps(body), content_type="application/json")


@pytest.mark.req("R2.8")
def test_the_page_never_carries_the_key_before_submission(sitting):
    client, view = sitting
    assert "开始考试" in client.get(f"/learn/{view.uuid}/exam").content.decode()
    attempt = begin(sitting)
    pages = [client.get(f"/learn/{view.uuid}/exam").content.decode()]
    pages.append(put(client, attempt, no=1, choice=["A"]).content.decode())
    assert "第 1 题，共 3 题" in pages[0]
    for page in pages:
        for secret in ("要先断电再作业", "第五十七条", '"answer"', attempt.paper[0]["code"]):
            assert secret not in page
    assert client.get(f"/learn/exams/{attempt.uuid}").status_code == 409


@pytest.mark.req("R2.8")
def test_answering_and_submitting_leads_to_result_and_certificate(sitting):
    client, view = sitting
    attempt = begin(sitting)
    for item in attempt.paper:
        saved = put(client, attempt, no=item["no"], choice=item["answer"])
        assert saved.json()["answered"] == item["no"]
    first = client.post(f"/api/exams/{attempt.uuid}/submit").json()
    assert client.post(f"/api/exams/{attempt.uuid}/submit").json() == first
    page = client.get(first["result"]).content.decode()
    assert "通过了" in page
    assert "培训证明已生成" in page
    assert "您已通过这场考试" in client.get(f"/learn/{view.uuid}/exam").content.decode()


def test_a_failed_try_shows_what_was_wrong_and_why(sitting):
    client, _view = sitting
    attempt = begin(sitting)
    client.post(f"/api/exams/{attempt.uuid}/submit")
    page = client.get(f"/learn/exams/{attempt.uuid}").content.decode()
    assert "错题 3 道" in page
    assert "要先断电再作业。" in page
    assert "安全生产法第五十七条" in page
    assert "还可考 1 次" in page


def test_saved_answers_are_there_after_a_reload(sitting):
    client, view = sitting
    attempt = begin(sitting)
    put(client, attempt, no=2, choice=["B"])
    page = client.get(f"/learn/{view.uuid}/exam").content.decode()
    assert '{"2": ["B"]}' in page


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"no": 99, "choice": ["A"]}, 400),
        ({"no": 1, "choice": ["Z"]}, 400),
        ({"no": "x", "choice": ["A"]}, 422),
        ({"no": 1, "choice": ["A"] * 11}, 422),
        ({"no": 1}, 422),
    ],
)
def test_refuses_bad_answers_in_words_and_saves_nothing(sitting, body, status):
    attempt = begin(sitting)
    answer = put(sitting[0], attempt, **body)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert Attempt.objects.get().answers == {}


def test_refuses_what_is_not_json(sitting):
    attempt = begin(sitting)
    answer = sitting[0].post(f"/api/exams/{attempt.uuid}/answer", b"\x00{{", content_type="application/json")
    assert 400 <= answer.status_code < 500


def test_an_expired_try_is_closed_when_the_page_is_opened_again(sitting):
    client, view = sitting
    attempt = begin(sitting)
    past = clock.now() - timedelta(hours=3)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=past, due_at=past + timedelta(minutes=30))
    assert put(client, attempt, no=1, choice=["A"]).json()["code"] == "time_up"
    assert "上一次" in client.get(f"/learn/{view.uuid}/exam").content.decode()
    assert Attempt.objects.get().submitted_at == past + timedelta(minutes=30, seconds=30)


def test_the_exam_waits_for_the_hours(in_jia):
    someone = ground.learner(1)
    ground.open_plan()
    (view,) = plans.assignments_of(someone.id)
    client = ground.learner_browser(in_jia, someone)
    assert "学完规定学时后才能考试" in client.get(f"/learn/{view.uuid}/exam").content.decode()
    assert client.post(f"/learn/{view.uuid}/exam").status_code == 409
    assert not Attempt.objects.exists()


def test_strangers_and_other_learners_find_no_exam(in_jia, sitting):
    attempt = begin(sitting)
    assert put(ground.browser(in_jia), attempt, no=1, choice=["A"]).status_code == 401
    other = ground.learner_browser(in_jia, ground.learner(2))
    assert put(other, attempt, no=1, choice=["A"]).status_code == 404
    assert other.get(f"/learn/exams/{attempt.uuid}").status_code == 404
    assert other.get(f"/learn/{uuid4()}/exam").status_code == 404


@pytest.mark.req("R5.7")
def test_the_neighbour_s_learner_finds_no_exam(sitting, yi):
    from tenants.scope import enterprise_scope

    attempt = begin(sitting)
    with enterprise_scope(yi):
        theirs = ground.learner_browser(yi, ground.learner(5))
    assert put(theirs, attempt, no=1, choice=["A"]).status_code == 404
    assert theirs.get(f"/learn/exams/{attempt.uuid}").status_code == 404


def test_a_missing_form_token_is_refused(in_jia, sitting):
    attempt = begin(sitting)
    client = sitting[0]
    client.handler.enforce_csrf_checks = True
    answer = put(client, attempt, no=1, choice=["A"])
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_the_sweep_closes_what_nobody_handed_in(sitting, in_jia):
    from apps.exams import services
    from tenants.scope import enterprise_scope

    attempt = begin(sitting)
    past = clock.now() - timedelta(hours=3)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=past, due_at=past + timedelta(minutes=30))
    with enterprise_scope(in_jia):
        assert services.close_all_expired(at=clock.now()) == 1
    assert Attempt.objects.get().submitted_at is not None
