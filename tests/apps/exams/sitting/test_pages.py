"""The exam in the browser: no key before submission, JSON that refuses politely, a result that teaches."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.exams.models import Attempt
from apps.exams.sitting import home, keys, queries, services
from apps.people import api as people
from apps.people.api import TERMINAL_COOKIE
from apps.people.privacy import restricting
from apps.plans import api as plans
from apps.records import api as records
from apps.records.models import Certificate
from infra.kit import clock
from tenants import storage
from tenants.scope import enterprise_scope, platform_scope
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
    client.get(f"/learn/{view.uuid}/exam")  # names the device
    assert client.post(f"/learn/{view.uuid}/exam").status_code == 302
    attempt = Attempt.objects.get(submitted_at=None)
    attempt.opened = client.get(f"/learn/{view.uuid}/exam").context["opened"]
    attempt.said = 0
    return attempt


def say(client, attempt, path, **body):
    """What the opened page says, with its key."""
    attempt.said += 1
    headers = {"X-Sitting": attempt.opened.key}
    said = {"seq": attempt.opened.base + attempt.said, **body}
    return client.post(f"/api/exams/{attempt.uuid}/{path}", json.dumps(said), content_type="application/json", headers=headers)


def put(client, attempt, **body):
    return say(client, attempt, "answer", **body)


def counting():
    return queries.answers_of(Attempt.objects.get())


@pytest.mark.req("R2.8")
def test_the_page_never_carries_the_key_before_submission(sitting):
    client, view = sitting
    assert "开始考试" in client.get(f"/learn/{view.uuid}/exam").content.decode()
    attempt = begin(sitting)
    pages = [client.get(f"/learn/{view.uuid}/exam").content.decode()]
    pages.append(put(client, attempt, no=1, response=["A"]).content.decode())
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
        saved = put(client, attempt, no=item["no"], response=item["answer"]).json()
        assert saved["left_s"] > 0
        assert not saved["elsewhere"]
    first = say(client, attempt, "submit").json()
    assert say(client, attempt, "submit").json() == first
    page = client.get(first["result"]).content.decode()
    assert "通过了" in page
    assert "培训证明已生成" in page
    assert "您已通过这场考试" in client.get(f"/learn/{view.uuid}/exam").content.decode()
    revoke_all()
    page = client.get(first["result"]).content.decode()
    assert "培训证明已生成" not in page
    assert "已撤销" in page


def revoke_all():
    one, two = records.Decider(1, "安全员", None), records.Decider(2, "管理员乙", None)
    for paper in Certificate.objects.all():
        asked = records.propose_revocation(
            certificate=paper.uuid, reason="UNTRUE", words="与考勤不符，已核实", by=one, at=clock.now()
        )
        records.decide_revocation(revocation=asked.uuid, approve=True, answer="", by=two, at=clock.now())


def test_a_failed_try_shows_what_was_wrong_and_why(sitting):
    client, _view = sitting
    attempt = begin(sitting)
    say(client, attempt, "submit")
    page = client.get(f"/learn/exams/{attempt.uuid}").content.decode()
    assert "错题 3 道" in page
    assert "要先断电再作业。" in page
    assert "安全生产法第五十七条" in page
    assert "还可考 1 次" in page


def test_saved_answers_are_there_after_a_reload(sitting):
    client, view = sitting
    attempt = begin(sitting)
    put(client, attempt, no=2, response=["B"])
    page = client.get(f"/learn/{view.uuid}/exam").content.decode()
    assert '"answers": {"2": ["B"]}' in page


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"no": 99, "response": ["A"]}, 400),
        ({"no": 1, "response": ["Z"]}, 400),
        ({"no": "x", "response": ["A"]}, 422),
        ({"no": 1, "response": ["A"] * 21}, 422),
        ({"no": 1}, 422),
    ],
)
def test_refuses_bad_answers_in_words_and_saves_nothing(sitting, body, status):
    attempt = begin(sitting)
    answer = put(sitting[0], attempt, **body)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert counting() == {}


def test_refuses_what_is_not_json(sitting):
    attempt = begin(sitting)
    headers = {"X-Sitting": attempt.opened.key}
    answer = sitting[0].post(f"/api/exams/{attempt.uuid}/answer", b"\x00{{", content_type="application/json", headers=headers)
    assert 400 <= answer.status_code < 500


def test_an_expired_try_is_closed_when_the_page_is_opened_again(sitting):
    client, view = sitting
    attempt = begin(sitting)
    past = clock.now() - timedelta(hours=3)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=past, due_at=past + timedelta(minutes=30))
    assert put(client, attempt, no=1, response=["A"]).json()["code"] == "time_up"
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
    assert put(ground.browser(in_jia), attempt, no=1, response=["A"]).status_code == 401
    other = ground.learner_browser(in_jia, ground.learner(2))
    other.get(f"/learn/{uuid4()}/exam")
    assert put(other, attempt, no=1, response=["A"]).status_code == 401, "the key is good on one device alone"
    assert other.get(f"/learn/exams/{attempt.uuid}").status_code == 404
    assert other.get(f"/learn/{uuid4()}/exam").status_code == 404
    assert counting() == {}


@pytest.mark.parametrize("key", ["", "nonsense", None])
def test_without_the_key_of_the_page_nothing_is_taken(sitting, key):
    attempt = begin(sitting)
    if key is None:  # of another try
        key = keys.make(keys.Key(uuid4(), sitting[1].learner_id, attempt.terminal))
    attempt.opened = replace(attempt.opened, key=key)
    for path in ("answer", "leaving", "submit", "check", "check/code"):
        answer = say(sitting[0], attempt, path, no=1, response=["A"], back=False)
        assert (answer.status_code, answer.json()["code"]) == (401, "page_expired")
    assert counting() == {}
    assert Attempt.objects.get().leaves == 0


@pytest.mark.req("R5.7")
def test_the_neighbour_s_learner_finds_no_exam(sitting, yi):
    attempt = begin(sitting)
    with enterprise_scope(yi):
        theirs = ground.learner_browser(yi, ground.learner(5))
        theirs.cookies[TERMINAL_COOKIE] = sitting[0].cookies[TERMINAL_COOKIE].value
    assert put(theirs, attempt, no=1, response=["A"]).status_code == 401
    assert theirs.get(f"/learn/exams/{attempt.uuid}").status_code == 404
    assert theirs.get(f"/learn/exams/{attempt.uuid}/media/1/0").status_code == 404
    assert counting() == {}


def test_a_login_that_ran_out_stops_nobody_in_the_middle(sitting):
    client, view = sitting
    attempt = begin(sitting)
    del client.cookies["sessionid"]
    assert put(client, attempt, no=1, response=["B"]).status_code == 200
    assert client.get(f"/learn/{view.uuid}/exam").status_code == 302


def test_who_was_taken_off_the_books_goes_on_no_further(sitting):
    client, view = sitting
    attempt = begin(sitting)
    assert put(client, attempt, no=1, response=["B"]).status_code == 200
    people.archive_learner(learner_uuid=people.learner(view.learner_id).uuid, at=clock.now())
    assert put(client, attempt, no=2, response=["B"]).status_code == 404
    for path in ("leaving", "submit", "check", "check/code"):
        answer = say(client, attempt, path, back=False)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    row = Attempt.objects.get()
    assert (counting(), row.leaves, row.submitted_at) == ({"1": ["B"]}, 0, None)


def test_whose_data_are_restricted_goes_on_no_further_either(sitting):
    client, view = sitting
    attempt = begin(sitting)
    assert put(client, attempt, no=1, response=["B"]).status_code == 200
    restricting.apply(view.learner_id, at=clock.now())
    for path, more in (("answer", {"no": 2, "response": ["B"]}), ("leaving", {"back": False}), ("submit", {}), ("check", {})):
        assert say(client, attempt, path, **more).status_code == 404, path
    row = Attempt.objects.get()
    assert (counting(), row.leaves, row.submitted_at) == ({"1": ["B"]}, 0, None)


def test_leaving_is_counted_and_told(sitting):
    client, _view = sitting
    attempt = begin(sitting)
    assert say(client, attempt, "leaving", back=False).json()["leaves"] == 1
    assert say(client, attempt, "leaving", back=True).json()["leaves"] == 1


def test_every_kind_of_question_is_drawn(sitting):
    client, view = sitting
    client.get(f"/learn/{view.uuid}/exam")
    client.post(f"/learn/{view.uuid}/exam")
    plain = {"options": [], "explanation": "", "basis": "", "score": 2, "media": [], "case": None, "code": "", "topic": "电"}
    options = [{"key": key, "text": f"第{key}步"} for key in "ABC"]
    picture = {"kind": "picture", "key": f"p-{'0' * 32}.webp", "alt": "配电箱"}
    paper = [
        {**plain, "no": 1, "kind": "order", "stem": "排一排", "options": options, "answer": ["B", "A", "C"]},
        {**plain, "no": 2, "kind": "blank", "stem": "先（　）再（　）。", "answer": [["断电"], ["验电"]], "media": [picture]},
        {**plain, "no": 3, "kind": "text", "stem": "怎样自救？", "answer": ["弯腰捂鼻"],
         "case": {"no": 1, "of": 1, "stem": "某车间起火。", "media": []}},
    ]  # fmt: skip
    Attempt.objects.update(paper=paper)
    page = client.get(f"/learn/{view.uuid}/exam").content.decode()
    for words in ("排序题", 'data-place="C"', "第 2 空", "配电箱", "问答题", "某车间起火。", "<textarea", "第 1 小题，共 1 小题"):
        assert words in page
    for secret in ("验电", "弯腰捂鼻"):
        assert secret not in page


def test_pictures_of_both_banks_are_shown_on_the_paper_they_are_on(sitting, in_jia):
    client, view = sitting
    attempt = begin(sitting)
    shared, own = f"p-{uuid4().hex}.webp", f"s-{uuid4().hex}.webp"
    with platform_scope():
        default_storage.save(f"platform/questions/{shared}", ContentFile(b"shared"))
    with enterprise_scope(in_jia):
        default_storage.save(storage.key(f"questions/{own}"), ContentFile(b"own"))
    pictures = [{"kind": "picture", "key": key, "alt": "配电箱"} for key in (shared, own)]
    Attempt.objects.update(paper=[{**attempt.paper[0], "media": pictures}])
    page = client.get(f"/learn/{view.uuid}/exam").content.decode()
    for n, kept in enumerate((b"shared", b"own")):
        source = f"/learn/exams/{attempt.uuid}/media/1/{n}"
        assert source in page
        shown = client.get(source)
        assert (shown.status_code, b"".join(shown.streaming_content)) == (200, kept)
    assert client.get(f"/learn/exams/{attempt.uuid}/media/1/2").status_code == 404
    other = ground.learner_browser(in_jia, ground.learner(2))
    assert other.get(f"/learn/exams/{attempt.uuid}/media/1/0").status_code == 404


def test_the_book_of_wrong_answers_and_former_results_are_shut_while_an_exam_runs(sitting):
    """A second try may ask the same questions; a tab beside it must not tell the answers."""
    client, _view = sitting
    first = begin(sitting)
    assert say(client, first, "submit").status_code == 200
    assert client.get(f"/learn/exams/{first.uuid}").status_code == 200
    Attempt.objects.filter(pk=first.pk).update(submitted_at=clock.now() - timedelta(days=2))
    begin(sitting)
    for path in ("/learn/mistakes", f"/learn/exams/{first.uuid}", f"/learn/exams/{first.uuid}/appeals"):
        answer = client.get(path)
        assert answer.status_code == 409, path
        assert "要先断电再作业" not in answer.content.decode()


def test_the_sweep_closes_what_nobody_handed_in(sitting, in_jia):
    attempt = begin(sitting)
    past = clock.now() - timedelta(hours=3)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=past, due_at=past + timedelta(minutes=30))
    with enterprise_scope(in_jia):
        assert services.close_all_expired(at=clock.now()) == 1
    assert Attempt.objects.get().submitted_by == "CLOCK"


def test_a_text_waits_for_a_person_and_the_page_says_so(sitting):
    client, view = sitting
    attempt = begin(sitting)
    paper = [{**attempt.paper[0], "kind": "text", "options": [], "answer": ["先断电"], "score": 10}]
    Attempt.objects.update(paper=paper)
    put(client, attempt, no=1, response=["先断电，再救人"])
    result = say(client, attempt, "submit").json()["result"]
    assert "等待阅卷" in client.get(result).content.decode()
    assert "等待阅卷" in client.get(f"/learn/{view.uuid}/exam").content.decode()
    assert "先断电。" not in client.get(result).content.decode()


def test_where_the_score_alone_is_shown_no_key_is(sitting):
    client, _view = sitting
    attempt = begin(sitting)
    Attempt.objects.update(policy={"reveal": "score"})
    page = client.get(say(client, attempt, "submit").json()["result"]).content.decode()
    assert "只公布成绩" in page
    assert "要先断电再作业" not in page


def test_home_says_that_the_clock_of_an_exam_runs(sitting):
    client, view = sitting
    assert "考试正在计时" not in client.get("/learn").content.decode()
    attempt = begin(sitting)
    page = client.get("/learn").content.decode()
    assert "考试正在计时，还剩" in page
    assert page.index("继续考试") < page.index("去考试")
    duties = plans.Duties([], [view], {})
    assert home.running(view.learner_id, duties, attempt.due_at) is None, "its time is over"
    assert home.running(view.learner_id + 1, duties, clock.now()) is None


def test_questions_that_weigh_one_point_of_a_hundred_do_not_say_so(sitting):
    client, view = sitting
    begin(sitting)
    assert "第 1 题，共 3 题 · 单选题<" in client.get(f"/learn/{view.uuid}/exam").content.decode()
