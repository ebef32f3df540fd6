"""Comments: looked at by the enterprise, recommended with consent, shown to all without person and enterprise."""

import io
from datetime import timedelta

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from apps.community.ratings import moderating, queries
from apps.community.ratings.models import RatingComment
from apps.people import api as people
from apps.people import services as people_services
from apps.people.models import Manager
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.remarks.models import Offer
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.community.ratings.rated import address, commented, duty, rate
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

pytestmark = pytest.mark.req("R3.6")
LATER = NOON + timedelta(days=8)


@pytest.fixture
def who(in_jia):
    return duty()


@pytest.fixture
def boss(in_jia):
    people.open_owner(name="安全员", mobile="13900000001", password=None, at=NOON)
    row = Manager.objects.get()
    return people.ManagerView(row.pk, row.name, row.role)


def refused(code):
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def decide(row, boss, *, show=True, reason="", within=None):
    return moderating.decide(comment=row.uuid, show=show, reason=reason, by=boss, within=within, at=NOON)


def recommend(row, boss, *, at=LATER, text=None, within=None):
    return moderating.recommend(comment=row.uuid, text=text or row.text, by=boss, within=within, at=at)


def test_a_comment_waits_for_a_manager_who_shows_it_or_says_why_not(who, boss):
    row = commented(who)
    assert row.state == "WAITING"
    assert decide(row, boss).state == "SHOWN"
    with refused("reason_missing"):
        decide(row, boss, show=False, reason="  ")
    assert RatingComment.objects.get().state == "SHOWN"
    assert decide(row, boss, show=False, reason="和课程无关").reason == "和课程无关"
    assert AuditEvent.objects.filter(target=f"rating:{row.uuid}").count() == 2


def test_a_changed_comment_is_looked_at_anew_and_an_unchanged_one_is_not(who, boss):
    row = commented(who)
    decide(row, boss)
    rate(who, comment=row.text, may_share=True)
    held = RatingComment.objects.get()
    assert (held.state, held.may_share) == ("SHOWN", True)
    rate(who, comment="声音有点小，希望改进。")
    assert (RatingComment.objects.get().state, RatingComment.objects.get().decided_at) == ("WAITING", None)


def test_only_what_is_shown_agreed_to_and_stands_is_recommended_once(who, boss):
    row = commented(who)
    with refused("not_shown"):
        recommend(row, boss)
    decide(row, boss)
    with refused("not_shared"):
        recommend(row, boss)
    rate(who, comment=row.text, may_share=True)
    with refused("not_standing"):
        recommend(row, boss, at=NOON + timedelta(days=6))
    with refused("names_person"):
        recommend(row, boss, text="学员乙说案例贴近现场。")
    assert not Offer.objects.exists()
    offer = recommend(row, boss)
    assert recommend(row, boss) == offer
    sent = Offer.objects.get()
    assert (sent.text, sent.stars, sent.course_title) == (row.text, 4, "叉车安全")
    with refused("offered"):
        decide(row, boss, show=False, reason="后悔了")
    assert RatingComment.objects.get().state == "SHOWN"


def test_a_supervisor_decides_about_the_own_people_alone(in_jia, boss):
    ours, theirs = people_services.unit_of_path("一车间"), people_services.unit_of_path("仓储部")
    row = commented(duty(unit_id=ours.pk))
    assert list(queries.comments(within=frozenset({theirs.pk}))) == []
    with refused("not_found"):
        decide(row, boss, within=frozenset({theirs.pk}))
    assert RatingComment.objects.get().state == "WAITING"
    assert decide(row, boss, within=frozenset({ours.pk})).state == "SHOWN"


def test_the_pages_show_words_without_names_from_waiting_to_recommended(who, in_jia):
    page = ground.manager_browser(in_jia)
    assert "没有待审核的评语" in page.get("/console/ratings").content.decode()
    row = commented(who, may_share=True)
    words = page.get("/console/ratings").content.decode()
    assert row.text in words
    assert "学员乙" not in words
    refusal = page.post(f"/console/ratings/{row.uuid}/decide", {"decision": "hide"}, follow=True).content.decode()
    assert "请写明不展示的理由" in refusal
    page.post(f"/console/ratings/{row.uuid}/decide", {"decision": "show"})
    with time_machine.travel(LATER, tick=False):
        page = ground.manager_browser(in_jia)
        shown = page.get("/console/ratings", {"state": "SHOWN"}).content.decode()
        assert f"/console/ratings/{row.uuid}/recommend" in shown
        assert row.text in page.get(f"/console/ratings/{row.uuid}/recommend").content.decode()
        bad = page.post(f"/console/ratings/{row.uuid}/recommend", {"text": "打 13812345678 问问"})
        assert bad.status_code == 422
        page.post(f"/console/ratings/{row.uuid}/recommend", {"text": row.text})
        assert "平台：待处理" in page.get("/console/ratings", {"state": "SHOWN"}).content.decode()
    assert "没有符合条件的评语" in page.get("/console/ratings", {"q": "火星"}).content.decode()


def test_the_learner_reads_why_a_comment_is_not_shown(who, boss, in_jia):
    row = commented(who)
    decide(row, boss, show=False, reason="和课程无关")
    page = ground.learner_browser(in_jia, who.learner)
    with time_machine.travel(NOON, tick=False):
        assert "和课程无关" in page.get(address(who)).content.decode()
    assert "和课程无关" in page.get("/learn/ratings").content.decode()


def test_means_of_a_course_need_three_people_and_come_as_a_file(who, in_jia):
    page = ground.manager_browser(in_jia)
    assert "还没有评价" in page.get("/console/ratings/courses").content.decode()
    ground.learn_all(who.view)
    rate(who)
    (alone,) = queries.by_course(within=None)
    assert (alone.ratings, alone.mean, alone.means) == (1, None, [])
    from apps.community.ratings.models import CourseRating

    for n in (2, 3):
        CourseRating.objects.create(
            learner_id=ground.learner(n).id,
            version_id=who.version,
            stars=4,
            useful=3,
            clear=4,
            picture=4,
            level=5,
            at=NOON,
            stands_at=NOON,
        )
    (three,) = queries.by_course(within=None)
    assert (three.mean, [round(mean, 1) for _name, mean in three.means]) == (4.0, [3.7, 4.0, 4.0, 4.3])
    sheet = page.get("/console/ratings/courses", {"export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "叉车安全"
    assert rows[1][2:4] == [3, 4]


@pytest.mark.req("S2")
def test_the_neighbour_sees_and_decides_nothing(who, boss, yi):
    row = commented(who)
    page = ground.manager_browser(yi)
    for state in ("WAITING", "ALL"):
        assert row.text not in page.get("/console/ratings", {"state": state}).content.decode()
    assert page.post(f"/console/ratings/{row.uuid}/decide", {"decision": "show"}).status_code == 404
    assert page.get(f"/console/ratings/{row.uuid}/recommend").status_code == 404
    assert "还没有评价" in page.get("/console/ratings/courses").content.decode()
    assert RatingComment.objects.get().state == "WAITING"
    with enterprise_scope(yi):
        assert not RatingComment.objects.exists()
    with platform_scope():
        assert not Offer.objects.exists()
