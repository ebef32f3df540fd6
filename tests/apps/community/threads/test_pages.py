"""Pages of questions: what each side sees, what it costs, and that the neighbour sees nothing of it."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.community.threads import asking, policy, rules, sharing
from apps.community.threads.models import Post, Report, Sent, Thread
from apps.people.shapes import manager_view
from tenants.scope import enterprise_scope
from tests.apps.community.threads import ground
from tests.apps.plans import ground as plans_ground
from tests.conftest import NOON

HTMX = {"HX-Request": "true"}


@pytest.fixture
def talk(db, jia):
    with enterprise_scope(jia):
        return ground.talk()


@pytest.fixture
def row(talk, jia) -> Thread:
    with enterprise_scope(jia):
        return ground.ask(talk, picture=ground.picture())


@pytest.fixture
def asker(talk, jia):
    return plans_ground.learner_browser(jia, talk.asker)


@pytest.fixture
def other(talk, jia):
    return plans_ground.learner_browser(jia, talk.other)


@pytest.fixture
def manager(talk, jia):
    return plans_ground.manager_browser(jia)


def course_url(talk, who=None, tail: str = "") -> str:
    return f"/learn/questions/courses/{talk.place.assignment}/{talk.place.version_id}{tail}"


def other_course_url(talk, jia) -> str:
    from apps.community.threads import places

    with enterprise_scope(jia):
        (place,) = places.courses_of(talk.other.id)
    return f"/learn/questions/courses/{place.assignment}/{place.version_id}"


@pytest.mark.req("R2.8")
def test_a_learner_asks_at_a_second_and_reads_the_answer(talk, jia, asker, manager):
    asked = course_url(talk, tail="/ask")
    page = asker.get(f"{asked}?lesson={talk.place.courseware_id}&at=65000").content.decode()
    assert "01:05" in page
    said = {"words": ground.WORDS, "lesson": talk.place.courseware_id, "at": 65000}
    made = asker.post(asked, said)
    assert made.status_code == 302
    url = made["Location"]
    assert "等待解答" in asker.get(url).content.decode()
    console = url.replace("/learn/", "/console/")
    assert "学员甲" in manager.get(console).content.decode()
    assert manager.post(console, {"words": ground.ANSWER}).status_code == 302
    page = asker.get(url).content.decode()
    assert ground.ANSWER in page
    assert "安全员" in page
    for tail, words in (("", "灭火器"), ("?q=压力表", "灭火器"), ("?q=完全无关的词", "没有找到"), ("?state=OPEN", "没有找到")):
        assert words in asker.get(course_url(talk) + tail).content.decode()
    assert "灭火器" in asker.get("/learn/questions").content.decode()


def test_a_refused_question_keeps_what_was_typed_and_the_place(talk, asker, jia):
    said = {"words": "请打13800001234问我", "lesson": talk.place.courseware_id, "at": 65000}
    answer = asker.post(course_url(talk, tail="/ask"), said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "138****1234" in page
    assert "请打13800001234问我</textarea>" in page
    assert "01:05" in page
    answer = asker.post(course_url(talk, tail="/ask"), {"words": "一定要说清楚吗", "lesson": 987_654})
    assert answer.status_code == 404
    with enterprise_scope(jia):
        assert not Thread.objects.exists()


def test_the_players_dialog_gets_the_form_alone_and_says_what_happened(talk, asker, jia):
    url = course_url(talk, tail="/ask")
    part = asker.get(f"{url}?lesson={talk.place.courseware_id}&page=2", headers=HTMX).content.decode()
    assert "<html" not in part
    assert "第 2 页" in part
    said = {"words": "多久", "lesson": talk.place.courseware_id, "page": 2}
    assert asker.post(url, said, headers=HTMX).status_code == 422
    done = asker.post(url, said | {"words": ground.WORDS}, headers=HTMX)
    assert done.status_code == 200
    assert "提问已提交" in done.content.decode()
    again = asker.post(url, said | {"words": ground.WORDS}, headers=HTMX)
    assert again.status_code == 422
    assert "已经问过" in again.content.decode()
    with enterprise_scope(jia):
        assert Thread.objects.get().page == 2


def test_while_typing_answered_questions_are_suggested(talk, row, asker, jia):
    with enterprise_scope(jia):
        ground.answer(talk, row)
    url = course_url(talk, tail="/similar")
    assert ground.ANSWER[:20] in asker.post(url, {"words": "灭火器一般多久检查一次"}).content.decode()
    assert asker.post(url, {"words": "灭"}).content.decode().strip() == ""
    assert asker.get(url).status_code == 405


def test_the_player_and_the_course_lead_to_questions(talk, asker):
    assert "课程问答" in asker.get(f"/learn/{talk.place.assignment}").content.decode()
    page = asker.get(f"/learn/{talk.place.assignment}/{talk.place.courseware_id}").content.decode()
    assert "在此刻提问" in page
    assert course_url(talk, tail="/ask") in page


def test_other_learners_see_the_role_and_not_the_name(talk, row, other, jia):
    listed, page = other_course_url(talk, jia), f"/learn/questions/{row.uuid}"
    for url in (listed, page):
        text = other.get(url).content.decode()
        assert "学员 · 班组长" in text
        assert "学员甲" not in text
    with enterprise_scope(jia):
        policy.set_rule(wanted=rules.Rule(2, 30, 6, True), by=talk.owner.id, at=NOON)
    assert "学员甲" in other.get(page).content.decode()


def test_learners_vote_report_and_follow_by_the_page(talk, row, asker, other, jia):
    url = f"/learn/questions/{row.uuid}"
    assert other.post(f"{url}/vote").status_code == 302
    assert other.post(f"{url}/report", {"reason": "AD"}).status_code == 302
    assert other.post(f"{url}/report", {"reason": ""}).status_code == 422
    assert other.post(url, {"words": "我也想追问一下"}).status_code == 404
    assert other.post(f"{url}/edit", {"words": "换成别的话吧"}).status_code == 404
    assert asker.post(f"{url}/edit", {"words": "过了时间再改的话"}).status_code == 409
    assert asker.post(url, {"words": "再补充一个问题"}).status_code == 302
    with enterprise_scope(jia):
        assert (Thread.objects.get().votes, Report.objects.count(), Post.objects.count()) == (1, 1, 1)
        post = ground.answer(talk, row)
    assert asker.post(f"{url}/best", {"post": post.uuid}).status_code == 302
    assert "最佳解答" in other.get(url).content.decode()
    assert asker.post(f"{url}/close").status_code == 302
    assert "已关闭" in other.get(url).content.decode()
    assert "灭火器" in other.get("/learn/questions?state=JOINED").content.decode()


def test_a_picture_goes_to_who_may_see_the_question(talk, row, asker, manager, jia, yi):
    own, console = f"/learn/questions/{row.uuid}/pictures/{row.uuid}", f"/console/questions/{row.uuid}/pictures/{row.uuid}"
    for browser, url in ((asker, own), (manager, console)):
        answer = browser.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert "private" in answer["Cache-Control"]
    assert asker.get(own[:-36] + str(uuid4())).status_code == 404
    with enterprise_scope(yi):
        stranger = plans_ground.learner(5)
    assert plans_ground.learner_browser(yi, stranger).get(own).status_code == 404


def test_somebody_who_does_not_learn_the_course_sees_nothing_of_it(talk, row, jia):
    with enterprise_scope(jia):
        stranger = plans_ground.learner(7, "学员丙")
    browser = plans_ground.learner_browser(jia, stranger)
    url = f"/learn/questions/{row.uuid}"
    assert browser.get(url).status_code == 404
    assert browser.get(course_url(talk)).status_code == 404
    assert browser.post(course_url(talk, tail="/ask"), {"words": "能不能问一下呢"}).status_code == 404
    for tail in ("/vote", "/close"):
        assert browser.post(url + tail).status_code == 404
    assert browser.post(f"{url}/report", {"reason": "AD"}).status_code == 404
    with enterprise_scope(jia):
        assert (Thread.objects.get().votes, Report.objects.count()) == (0, 0)


LEARNERS = ["", "/edit", "/vote", "/best", "/close", "/report"]
DESK = ["", "/claim", "/edit", "/best", "/duplicate", "/close", "/hide", "/restore", "/keep", "/share", "/pull-back"]


def test_the_neighbour_sees_and_changes_nothing_on_any_route(talk, row, jia, yi):
    with enterprise_scope(jia):
        post = ground.answer(talk, row)
        before = list(Thread.objects.values()), list(Post.objects.values())
    with enterprise_scope(yi):
        theirs = plans_ground.learner(5)
    learner, manager = plans_ground.learner_browser(yi, theirs), plans_ground.manager_browser(yi)
    said = {"words": "邻居写的一段话", "post": post.uuid, "reason": "AD", "question": "邻居写的一段话", "open": "1", "take": "1"}
    for tail in LEARNERS:
        assert learner.post(f"/learn/questions/{row.uuid}{tail}", said).status_code == 404, tail
    for tail in DESK:
        answer = manager.post(f"/console/questions/{row.uuid}{tail}", said)
        assert answer.status_code in {302, 404}, tail
        if answer.status_code == 302:  # nothing of that name was found, so nothing happened
            assert tail in {"/pull-back"}
    for browser, url in (
        (learner, f"/learn/questions/{row.uuid}"),
        (learner, course_url(talk)),
        (learner, course_url(talk, tail="/ask")),
        (manager, f"/console/questions/{row.uuid}"),
        (manager, f"/console/questions/{row.uuid}/share"),
    ):
        assert browser.get(url).status_code == 404, url
    assert learner.post(course_url(talk, tail="/similar"), {"words": ground.WORDS}).status_code == 404
    for browser, url in ((learner, "/learn/questions"), (manager, "/console/questions?state=ALL")):
        assert "灭火器" not in browser.get(url).content.decode()
    with enterprise_scope(jia):
        assert (list(Thread.objects.values()), list(Post.objects.values())) == before


def test_the_desk_moderates_and_shares_by_the_page(talk, row, manager, jia):
    url = f"/console/questions/{row.uuid}"
    assert manager.post(url, {"words": ""}).status_code == 422
    assert manager.post(url, {"words": ground.ANSWER}).status_code == 302
    with enterprise_scope(jia):
        post = Post.objects.get()
    assert manager.post(f"{url}/hide", {"post": post.uuid, "reason": ""}).status_code == 422
    assert manager.post(f"{url}/hide", {"post": post.uuid, "reason": "说法有误"}).status_code == 302
    assert "说法有误" in manager.get(url).content.decode()
    assert manager.post(f"{url}/restore", {"post": post.uuid}).status_code == 302
    share = f"{url}/share?post={post.uuid}"
    assert ground.ANSWER in manager.get(share).content.decode()
    assert manager.post(share, {"question": "学员甲的问题是什么", "answer": ground.ANSWER}).status_code == 422
    assert manager.post(share, {"question": ground.WORDS, "answer": ground.ANSWER}).status_code == 302
    with enterprise_scope(jia):
        sent = Sent.objects.get()
    assert "等待平台处理" in manager.get(url).content.decode()
    assert manager.post(f"{url}/pull-back", {"post": sent.uuid}).status_code == 302
    assert "已撤回" in manager.get(url).content.decode()
    assert manager.get(f"{url}/share?post={uuid4()}").status_code == 404
    assert "提交的只有左边的文字" in manager.get(f"{url}/share").content.decode()


def test_settings_are_kept_and_wrong_ones_are_told(talk, manager, jia):
    url = "/console/questions/settings"
    rule = {"form": "rule", "answer_days": 3, "edit_minutes": 10, "per_hour": 4}
    assert manager.post(url, rule | {"answer_days": 99}).status_code == 422
    assert manager.post(url, rule).status_code == 302
    assert manager.post(url, {"form": "banned", "words": "词"}).status_code == 422
    assert manager.post(url, {"form": "banned", "words": "暗号甲"}).status_code == 302
    assert manager.post(url, {"form": "canned", "canned-title": "周期", "canned-words": "每月一次。"}).status_code == 302
    assert "每月一次" in manager.get(url).content.decode()
    with enterprise_scope(jia):
        assert policy.rule() == rules.Rule(3, 10, 4, False)
        (row,) = policy.canned()
    assert manager.post(url, {"form": "remove", "post": row.uuid}).status_code == 302
    with enterprise_scope(jia):
        assert policy.canned() == []


def test_roles_see_answer_and_moderate_as_far_as_they_may(talk, row, jia):
    with enterprise_scope(jia):
        managers = {role: ground.invite(role, n, by=talk.owner.id) for n, role in enumerate(("TRAINER", "AUDITOR"), 20)}
    browsers = {role: plans_ground.browser(jia, one.credential) for role, one in managers.items()}
    url = f"/console/questions/{row.uuid}"
    assert browsers["AUDITOR"].get(url).status_code == 200
    assert browsers["AUDITOR"].post(url, {"words": ground.ANSWER}).status_code == 403
    assert browsers["AUDITOR"].post(f"{url}/hide", {"reason": "不合适"}).status_code == 403
    assert browsers["TRAINER"].post(f"{url}/hide", {"reason": "不合适"}).status_code == 302
    assert browsers["TRAINER"].get("/console/questions").status_code == 200
    with enterprise_scope(jia):
        assert Post.objects.count() == 0
        assert Thread.objects.get().hidden_by_id == managers["TRAINER"].pk


def test_the_list_goes_into_a_workbook_without_formulas(talk, manager, jia):
    with enterprise_scope(jia):
        ground.ask(talk, "=SUM(A1)是什么意思？")
    answer = manager.get("/console/questions?state=ALL&export=xlsx")
    (head, line) = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert head[3] == "提问"
    assert line[3] == "'=SUM(A1)是什么意思？"
    assert "学员甲" in line


def _cost(browser, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


def test_lists_and_pages_cost_the_same_for_one_and_for_many(talk, row, asker, manager, jia):
    urls = [(asker, course_url(talk)), (asker, "/learn/questions"), (manager, "/console/questions?state=ALL")]
    urls += [(asker, f"/learn/questions/{row.uuid}"), (manager, f"/console/questions/{row.uuid}")]
    with enterprise_scope(jia):
        ground.answer(talk, row)
        asking.follow_up(thread=row.uuid, learner_id=talk.asker.id, words="没有压力表的怎么查？", at=NOON)
    for browser, url in urls:
        browser.get(url)
    before = [_cost(browser, url) for browser, url in urls]
    with enterprise_scope(jia):
        policy.set_rule(wanted=rules.Rule(2, 30, 100, False), by=talk.owner.id, at=NOON)
        for n in range(8):
            more = ground.ask(talk, f"灭火器多久检查，第 {n} 次问")
            ground.answer(talk, more)
            ground.answer(talk, row, f"第 {n} 次解答，请看检查卡。")
    after = [_cost(browser, url) for browser, url in urls]
    assert after == before
    assert max(after) <= 22


def test_what_was_published_is_shown_beside_the_own_questions(talk, row, other, jia):
    from public.answers import services
    from public.operators import api as operators
    from tenants.scope import platform_scope

    with enterprise_scope(jia):
        post = ground.answer(talk, row)
        act = {"by": manager_view(talk_manager()), "within": None, "at": NOON}
        sent = sharing.propose(thread=row.uuid, post=post.uuid, question="灭火器多久检查？", answer="公开的解答在此。", **act)
    with platform_scope():
        me = operators.Me(7, "运营甲", "OPERATIONS")
        services.publish(proposal=sent.uuid, question="灭火器多久检查？", answer="公开的解答在此。", me=me, at=NOON, ip="")
    page = other.get(other_course_url(talk, jia)).content.decode()
    assert "平台公开的解答" in page
    assert "公开的解答在此" in page


def talk_manager():
    from apps.people.models import Manager

    return Manager.objects.get(role="OWNER")
