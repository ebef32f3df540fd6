"""Stars that learners give: once each, only for what they finished, summed for the shared catalogue, seen by no neighbour."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from apps.plans import api as plans
from apps.plans import feedback, ratings
from apps.plans.models import CourseRating
from infra.kit import clock
from infra.kit.errors import DomainError
from public.search import api as search
from public.search.models import QualityDaily
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground

pytestmark = pytest.mark.req("R3.6")


@pytest.fixture
def duty(in_jia):
    """学员甲 has a plan with one course of two lessons."""
    someone = ground.learner(1)
    version = ground.make_course("AQ-CY-R1", title="叉车安全", lessons=(60_000, 60_000))
    ground.make_questions("AQ-CY-R1")
    ground.open_plan(version_ids=[version])
    (view,) = plans.assignments_of(someone.id)
    return someone, view, version


def refused(code):
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def rate(duty, stars=4, at=ground.NOON, **changes):
    someone, view, version = duty
    words = {"learner_id": someone.id, "assignment": view.uuid, "version_id": version, "stars": stars, "at": at}
    ratings.rate(**{**words, **changes})


def test_a_finished_course_is_asked_about_on_the_home_and_rated_once(duty, in_jia):
    someone, view, version = duty
    page = ground.learner_browser(in_jia, someone)
    assert "提交评价" not in page.get("/learn").content.decode()
    ground.learn_all(view)
    assert "提交评价" in page.get("/learn").content.decode()
    form = {"assignment": view.uuid, "version": version, "stars": "5"}
    assert "谢谢您的评价" in page.post("/learn/ratings", form, follow=True).content.decode()
    assert "提交评价" not in page.get("/learn").content.decode()
    again = page.post("/learn/ratings", {**form, "stars": "1"}, follow=True).content.decode()
    assert "已经评价过" in again
    assert list(CourseRating.objects.values_list("version_id", "stars")) == [(version, 5)]


def test_what_is_not_finished_not_theirs_or_no_number_of_stars_is_refused(duty):
    someone, view, version = duty
    ground.confirm(someone.id, view.courses[0].lessons[0].id, 60_000)
    with refused("not_finished"):
        rate(duty)
    ground.learn_all(view)
    with refused("not_found"):
        rate(duty, learner_id=ground.learner(2).id)
    with refused("not_found"):
        rate(duty, version_id=version + 1)
    for stars in (0, 6, -1):
        with refused("bad_stars"):
            rate(duty, stars=stars)
    assert not CourseRating.objects.exists()


@pytest.mark.parametrize(
    "form", [{}, {"stars": "5"}, {"assignment": "x", "version": "y", "stars": "5"}, {"version": "9" * 40, "stars": "٥"}]
)
def test_nonsense_is_answered_and_keeps_nothing(duty, in_jia, form):
    answer = ground.learner_browser(in_jia, duty[0]).post("/learn/ratings", form)
    assert answer.status_code in {302, 404}
    assert not CourseRating.objects.exists()


def test_the_database_itself_keeps_to_five_stars(duty):
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseRating.objects.create(learner_id=duty[0].id, version_id=duty[2], stars=6, at=ground.NOON)


def test_strangers_and_managers_do_not_rate(duty, in_jia):
    assert ground.browser(in_jia).post("/learn/ratings").status_code == 302
    assert ground.manager_browser(in_jia).post("/learn/ratings").status_code == 403


@pytest.mark.req("S2")
def test_the_neighbour_sees_and_rates_nothing_of_it(duty, in_jia, yi):
    _someone, view, version = duty
    ground.learn_all(view)
    rate(duty)
    with enterprise_scope(yi):
        other = ground.learner(3)
        assert not CourseRating.objects.exists()
        with refused("not_found"):
            rate(duty, learner_id=other.id)
    neighbour = ground.learner_browser(yi, other)
    assert neighbour.post("/learn/ratings", {"assignment": view.uuid, "version": version, "stars": "1"}).status_code == 404
    with enterprise_scope(yi):
        assert not CourseRating.objects.exists()


def test_stars_become_the_courses_rating_in_the_shared_catalogue(duty):
    _someone, view, version = duty
    ground.learn_all(view)
    rate(duty, stars=5, at=ground.NOON - timedelta(days=1))
    assert feedback.report(at=ground.NOON) == 1
    row = QualityDaily.objects.get()
    yesterday = clock.shanghai_date(ground.NOON) - timedelta(days=1)
    assert (row.day, row.ratings, row.rating_sum) == (yesterday, 1, 5)
    with platform_scope():
        search.recount(at=ground.NOON)
    (hit,) = search.find("叉车安全").hits
    assert (hit.version_id, hit.ratings) == (version, 1)
    assert 1 < hit.rating_bound < 5
