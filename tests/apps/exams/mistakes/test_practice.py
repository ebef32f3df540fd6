"""Practice: every kind of question, nothing of the key before the answer, explanation with its law after it, no learning time."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.exams.mistakes import practising, queries
from apps.exams.mistakes.models import Mistake, Practice
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.exams.mistakes.items import STEMS, fail, item, response
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

pytestmark = pytest.mark.req("R2.8")
KINDS = list(STEMS)
SECRETS = ("先断电，再验电", "第五十七条", "事故隐患", "违反劳动纪律")


@pytest.fixture
def me(in_jia):
    return ground.learner(1)


@pytest.fixture(autouse=True)
def noon():
    """Pages read the clock; here it stands at noon."""
    with time_machine.travel(NOON, tick=False):
        yield


def begin(me, **more):
    return practising.start(learner_id=me.id, at=NOON, **more)


def answer(me, found, no, given):
    return practising.answer(practice=found.uuid, learner_id=me.id, no=no, response=given, at=NOON)


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_shows_no_key_before_and_all_after(me, in_jia, kind):
    fail(me.id, item(kind))
    page = ground.learner_browser(in_jia, me)
    shown = page.post("/learn/mistakes/practice", follow=True)
    words = shown.content.decode()
    assert STEMS[kind] in words
    assert not [secret for secret in SECRETS if secret in words]
    address = shown.redirect_chain[-1][0].partition("?")[0]
    given = {"response": "三违"} if kind == "text" else {"skip": "1"}
    after = page.post(f"{address}/1", given, follow=True).content.decode()
    assert "先断电，再验电" in after
    assert "《安全生产法》第五十七条" in after
    assert ("对照参考答案" if kind == "text" else "没答对") in after


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "text"])
def test_the_right_answer_is_known_as_such_and_the_question_waits_for_another_day(me, kind):
    fail(me.id, item(kind))
    found = begin(me)
    done = answer(me, found, 1, response(found.steps[0].item))
    assert (done.steps[0].right, done.finished, done.right) == (True, True, 1)
    assert Mistake.objects.get().due_on > NOON.date()


def test_a_picture_of_a_stem_is_shown_under_the_key_that_banks_give(me, in_jia):
    name = f"p-{'2' * 32}.webp"
    fail(me.id, item(media=[{"kind": "picture", "key": name, "alt": "配电箱"}]))
    with platform_scope():
        default_storage.save(f"platform/questions/{name}", ContentFile(b"picture"))
    address = f"/learn/mistakes/practice/{begin(me).uuid}/1/media/0"
    shown = ground.learner_browser(in_jia, me).get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert b"".join(shown.streaming_content) == b"picture"
    assert ground.learner_browser(in_jia, ground.learner(2)).get(address).status_code == 404


def test_hidden_items_hold_nothing_to_look_the_answer_up_by(me):
    fail(me.id, *(item(kind) for kind in KINDS))
    for step in begin(me).steps:
        assert not {"answer", "explanation", "basis", "code", "question", "version"} & set(step.item)


def test_a_text_is_judged_by_its_learner_once(me):
    fail(me.id, item("text"))
    found = begin(me)
    with pytest.raises(DomainError) as early:
        practising.assess(practice=found.uuid, learner_id=me.id, no=1, right=True, at=NOON)
    assert early.value.code == "not_answered"
    told = answer(me, found, 1, ["违章指挥和违章作业"])
    assert (told.steps[0].right, told.finished) == (None, False)
    assert Mistake.objects.get().stability is None
    for right in (True, False):
        done = practising.assess(practice=found.uuid, learner_id=me.id, no=1, right=right, at=NOON)
        assert (done.steps[0].right, done.finished) == (True, True)
    assert Mistake.objects.get().times == 1


def test_not_knowing_counts_as_wrong(me):
    fail(me.id, item("text"))
    found = begin(me)
    assert answer(me, found, 1, []).steps[0].right is False
    assert Mistake.objects.get().times == 2


def test_a_form_without_an_answer_judges_nothing(me, in_jia):
    fail(me.id, item("multiple"))
    found = begin(me)
    page = ground.learner_browser(in_jia, me)
    said = page.post(f"/learn/mistakes/practice/{found.uuid}/1", {"response": ""}, follow=True).content.decode()
    assert "请先作答" in said
    assert Practice.objects.get().answers == {}
    assert "没答对" in page.post(f"/learn/mistakes/practice/{found.uuid}/1", {"skip": "1"}, follow=True).content.decode()


def test_the_first_answer_stands_and_two_tabs_share_one_practice(me):
    fail(me.id, item("single"))
    found = begin(me)
    assert begin(me).uuid == found.uuid
    answer(me, found, 1, [])
    again = answer(me, found, 1, response(found.steps[0].item))
    assert (again.steps[0].right, Mistake.objects.get().times) == (False, 2)


def test_refuses_what_is_not_in_the_practice_or_does_not_fit_and_changes_nothing(me):
    fail(me.id, item("single"))
    found = begin(me)
    for no, given, code in ((2, ["A"], "unknown_question"), (1, ["Z"], "bad_response"), (1, ["A", "B"], "bad_response")):
        with pytest.raises(DomainError) as refusal:
            answer(me, found, no, given)
        assert refusal.value.code == code
    assert Practice.objects.get().answers == {}
    assert Mistake.objects.get().times == 1


def test_a_practice_takes_ten_of_what_is_due_and_a_point_what_is_not_due_too(me):
    fail(me.id, *(item("judge") for _n in range(12)))
    found = begin(me)
    assert len(found.steps) == 10
    for step in found.steps:
        answer(me, found, step.no, [])
    assert queries.due_count(me.id, at=NOON) == 2
    assert len(begin(me).steps) == 2
    assert len(begin(me, point="用电").steps) == 10
    with pytest.raises(DomainError) as refusal:
        begin(me, point="别的")
    assert refusal.value.code == "nothing_left"


def test_another_practice_ends_the_open_one_and_what_lay_for_a_night_is_over(me):
    fail(me.id, item("judge"), item("single"))
    first = begin(me)
    second = begin(me, point="用电")
    assert second.uuid != first.uuid
    assert Practice.objects.get(uuid=first.uuid).finished_at == NOON
    later = practising.start(learner_id=me.id, point="用电", at=NOON + timedelta(days=1))
    assert later.uuid != second.uuid
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.create(learner_id=me.id, items=[], started_at=NOON)


def test_practice_earns_no_learning_time(me):
    from apps.learning.models import Coverage, StudySession

    fail(me.id, item("single"))
    found = begin(me)
    answer(me, found, 1, response(found.steps[0].item))
    assert not StudySession.objects.exists()
    assert not Coverage.objects.exists()


def test_the_home_asks_for_what_is_due_and_the_book_shows_points_and_searches(me, in_jia):
    page = ground.learner_browser(in_jia, me)
    assert "今天该练的错题" not in page.get("/learn").content.decode()
    assert "还没有错题" in page.get("/learn/mistakes").content.decode()
    fail(me.id, item("single"), item("judge", points=["有限空间"]), at=NOON)
    assert "今天该练的错题" in page.get("/learn").content.decode()
    book = page.get("/learn/mistakes").content.decode()
    assert "今天该练 2 道" in book
    assert "有限空间" in book
    assert "第五十七条" not in book
    found = page.get("/learn/mistakes", {"q": "先进入"}).content.decode()
    assert STEMS["judge"] in found
    assert STEMS["single"] not in found
    assert "没有符合条件的题目" in page.get("/learn/mistakes", {"q": "火星"}).content.decode()


def test_the_book_costs_as_many_queries_for_one_question_as_for_twenty(me, in_jia):
    page = ground.learner_browser(in_jia, me)
    page.get("/learn/mistakes")
    counts = []
    for n in (1, 20):
        fail(me.id, *(item("judge", points=[f"点{n}-{i}"]) for i in range(n)))
        with CaptureQueriesContext(connection) as seen:
            assert page.get("/learn/mistakes").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.req("S2")
def test_nobody_else_opens_or_answers_ones_practice(me, in_jia, yi):
    fail(me.id, item("single"))
    found = begin(me)
    other = ground.learner_browser(in_jia, ground.learner(2))
    with enterprise_scope(yi):
        neighbour_view = ground.learner(3)
    neighbour = ground.learner_browser(yi, neighbour_view)
    for browser in (other, neighbour):
        assert browser.get(f"/learn/mistakes/practice/{found.uuid}").status_code == 404
        assert browser.post(f"/learn/mistakes/practice/{found.uuid}/1", {"response": "A"}).status_code == 404
        assert browser.post(f"/learn/mistakes/practice/{found.uuid}/stop").status_code == 404
    assert Practice.objects.get().answers == {}
    assert Practice.objects.get().finished_at is None
