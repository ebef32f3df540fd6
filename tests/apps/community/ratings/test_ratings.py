"""Ratings that learners give: by aspect, only for what they finished, changeable for a week, summed for the shared catalogue."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from apps.community.ratings import rules
from apps.community.ratings.models import CourseRating, RatingComment
from apps.plans import feedback
from infra.kit import clock
from infra.kit.errors import DomainError
from public.search import api as search
from public.search.models import CourseQuality, QualityDaily
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.community.ratings.rated import STARS, address, duty, rate
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

pytestmark = pytest.mark.req("R3.6")
WEEK = timedelta(days=7)


@pytest.fixture
def who(in_jia):
    return duty()


def refused(code):
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def test_a_finished_course_is_asked_about_on_the_home_and_rated_by_aspect(who, in_jia):
    page = ground.learner_browser(in_jia, who.learner)
    assert "去评价" not in page.get("/learn").content.decode()
    ground.learn_all(who.view)
    home = page.get("/learn").content.decode()
    assert address(who) in home
    assert address(who) in page.get("/learn/ratings").content.decode()
    form = page.get(address(who)).content.decode()
    for name in ("内容实用", "讲解清楚", "画面与声音", "难易合适"):
        assert name in form
    assert "谢谢您的评价" in page.post(address(who), STARS, follow=True).content.decode()
    assert "去评价" not in page.get("/learn").content.decode()
    row = CourseRating.objects.get()
    assert (row.stars, row.useful, row.clear, row.picture, row.level) == (4, 5, 4, 4, 3)
    assert "还可以修改" in page.get(address(who)).content.decode()
    assert "叉车安全" in page.get("/learn/ratings").content.decode()


@pytest.mark.parametrize(
    ("given", "whole"), [((1, 1, 1, 1), 1), ((4, 4, 4, 5), 4), ((4, 4, 5, 5), 5), ((1, 2, 1, 2), 2), ((5, 5, 5, 5), 5)]
)
def test_the_whole_is_the_mean_of_the_aspects_rounded_half_up(given, whole):
    assert rules.overall(dict(zip(search.ASPECTS, given, strict=True))) == whole


def test_a_rating_may_be_changed_within_a_week_and_then_stands(who):
    ground.learn_all(who.view)
    rate(who)
    rate(who, at=NOON + WEEK - timedelta(seconds=1), stars=dict.fromkeys(STARS, 1))
    row = CourseRating.objects.get()
    assert (row.stars, row.stands_at) == (1, NOON + WEEK)
    with refused("stands"):
        rate(who, at=NOON + WEEK)
    assert CourseRating.objects.get().stars == 1


def test_what_is_not_finished_not_theirs_or_no_number_of_stars_is_refused(who):
    ground.confirm(who.learner.id, who.view.courses[0].lessons[0].id, 60_000)
    with refused("not_finished"):
        rate(who)
    ground.learn_all(who.view)
    with refused("not_found"):
        rate(who, learner_id=ground.learner(2).id)
    with refused("not_found"):
        rate(who, version_id=who.version + 1)
    for stars in ({}, {**STARS, "clear": 6}, {**STARS, "level": 0}, {"useful": 5}):
        with refused("bad_stars"):
            rate(who, stars=stars)
    assert not CourseRating.objects.exists()


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("老师电话 13812345678，可以问他", "personal_data"),
        ("证件号 330106199003070011 登记错了", "personal_data"),
        ("学员乙听得最认真，大家学他", "names_person"),
        ("杭州甲机械有限公司应该多买这种课", "names_enterprise"),
        ("好" * 501, "too_long"),
    ],
)
def test_a_comment_with_persons_or_the_enterprise_is_refused_in_words_and_nothing_is_kept(who, in_jia, comment, code):
    ground.learn_all(who.view)
    with refused(code):
        rate(who, comment=comment)
    page = ground.learner_browser(in_jia, who.learner)
    answer = page.post(address(who), {**STARS, "comment": comment})
    assert answer.status_code == 422
    assert comment in answer.content.decode()
    assert "is-invalid" in answer.content.decode()
    assert not CourseRating.objects.exists()
    assert not RatingComment.objects.exists()


@pytest.mark.parametrize("form", [{}, {"useful": "5"}, {**STARS, "useful": "٥"}, {**STARS, "level": "9" * 40}])
def test_nonsense_is_answered_and_keeps_nothing(who, in_jia, form):
    ground.learn_all(who.view)
    assert ground.learner_browser(in_jia, who.learner).post(address(who), form).status_code == 422
    assert not CourseRating.objects.exists()


def test_the_database_itself_keeps_to_five_stars_and_whole_aspects(who):
    base = {"learner_id": who.learner.id, "version_id": who.version, "at": NOON, "stands_at": NOON}
    for bad in ({"stars": 6}, {"stars": 5, "useful": 5}, {"stars": 5, **STARS, "level": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CourseRating.objects.create(**base, **bad)


def test_strangers_and_managers_do_not_rate(who, in_jia):
    assert ground.browser(in_jia).post(address(who), STARS).status_code == 302
    assert ground.manager_browser(in_jia).post(address(who), STARS).status_code == 403


@pytest.mark.req("S2")
def test_the_neighbour_sees_and_rates_nothing_of_it(who, in_jia, yi):
    ground.learn_all(who.view)
    rate(who)
    with enterprise_scope(yi):
        other = ground.learner(3)
        assert not CourseRating.objects.exists()
        with refused("not_found"):
            rate(who, learner_id=other.id)
    neighbour = ground.learner_browser(yi, other)
    assert neighbour.get(address(who)).status_code == 404
    assert neighbour.post(address(who), STARS).status_code == 404
    assert "还没有评价过课程" in neighbour.get("/learn/ratings").content.decode()
    with enterprise_scope(yi):
        assert not CourseRating.objects.exists()


def test_stars_become_the_courses_rating_in_the_shared_catalogue_once_they_stand(who):
    ground.learn_all(who.view)
    rate(who, at=NOON - WEEK - timedelta(days=1))
    rate(who, at=NOON - WEEK, stars={**STARS, "useful": 4, "level": 4})
    assert feedback.report(at=NOON - timedelta(days=1)) == 0
    assert feedback.report(at=NOON) == 1
    row = QualityDaily.objects.get()
    yesterday = clock.shanghai_date(NOON) - timedelta(days=1)
    assert (row.day, row.ratings, row.rating_sum, row.told, row.useful_sum, row.level_sum) == (yesterday, 1, 4, 1, 4, 4)
    with platform_scope():
        search.recount(at=NOON)
        assert CourseQuality.objects.get().clear_sum == 4
    (hit,) = search.find("叉车安全").hits
    assert (hit.version_id, hit.ratings) == (who.version, 1)
    assert 1 < hit.rating_bound < 5
    assert [str(name) for name, _bound in search.aspects(who.version)] == ["内容实用", "讲解清楚", "画面与声音", "难易合适"]
    assert all(1 < bound < 5 for _name, bound in search.aspects(who.version))


def test_ratings_from_before_there_were_aspects_count_with_their_stars_alone(who):
    day = NOON - timedelta(days=1)
    CourseRating.objects.create(learner_id=who.learner.id, version_id=who.version, stars=5, at=day, stands_at=day)
    assert feedback.report(at=NOON) == 1
    row = QualityDaily.objects.get()
    assert (row.ratings, row.rating_sum, row.told, row.useful_sum) == (1, 5, 0, 0)


def test_a_comment_may_be_taken_back_while_the_rating_can_be_changed(who):
    ground.learn_all(who.view)
    rate(who, comment="讲得很清楚，案例也好。")
    rate(who, comment="")
    assert not RatingComment.objects.exists()
