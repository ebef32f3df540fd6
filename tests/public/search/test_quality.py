"""What enterprises report, what follows from it, who sees it."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from infra.kit import clock
from public.search import api as search
from public.search import rules
from public.search.api import Figures
from public.search.models import CourseQuality, Entry, QualityDaily
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public import desk
from tests.public.search import ground

DAY = clock.shanghai_date(NOON)


@pytest.fixture
def two(in_jia):
    good, bad = ground.course("AQ-T-0001", "叉车安全甲"), ground.course("AQ-T-0002", "叉车安全乙")
    with platform_scope():
        return {"good": Entry.objects.get(pk=good).course_id, "bad": Entry.objects.get(pk=bad).course_id}


def test_a_few_enthusiasts_prove_less_than_many_content_people():
    assert rules.rating_bound(2, 10) < rules.rating_bound(100, 450)
    assert rules.rating_bound(0, 0) is None
    assert rules.quality(Figures()) == pytest.approx(rules.quality(Figures(starts=0)))
    assert (
        0.75
        <= rules.quality(Figures(attempts=500))
        < rules.quality(Figures())
        < rules.quality(Figures(ratings=500, rating_sum=2500))
        <= 1.25
    )


def test_low_is_only_what_enough_people_say():
    assert not rules.is_low(Figures(ratings=29, rating_sum=29))
    assert rules.is_low(Figures(ratings=30, rating_sum=60))
    assert not rules.is_low(Figures(ratings=200, rating_sum=900))
    assert rules.is_low(Figures(attempts=30, passes=14))
    assert not rules.is_low(Figures(attempts=29, passes=0))


@pytest.mark.req("R3.6")
def test_reports_of_enterprises_rank_courses_and_flag_the_low_ones(two, yi):
    search.record_day(
        day=DAY, figures={two["bad"]: Figures(ratings=20, rating_sum=30), two["good"]: Figures(starts=9, completions=8)}
    )
    with enterprise_scope(yi):
        search.record_day(
            day=DAY, figures={two["bad"]: Figures(ratings=20, rating_sum=30), two["good"]: Figures(ratings=50, rating_sum=240)}
        )
    with platform_scope():
        assert search.recount(at=NOON) == 1
        assert CourseQuality.objects.get(pk=two["bad"]).ratings == 40
    hits = search.find("叉车").hits
    assert [hit.title for hit in hits] == ["叉车安全甲", "叉车安全乙"]
    assert hits[0].rating_bound > 4
    assert hits[1].rating_bound < 2
    assert hits[0].completion == pytest.approx(8 / 9)
    assert {choice.value: choice.count for choice in search.find("").facets["rating"]} == {"4": 1, "1": 1}


def test_a_day_is_reported_once_and_old_days_no_longer_count(two):
    search.record_day(day=DAY, figures={two["bad"]: Figures(attempts=5)})
    search.record_day(day=DAY, figures={two["bad"]: Figures(attempts=500)})
    search.record_day(day=DAY - timedelta(days=400), figures={two["bad"]: Figures(attempts=700)})
    with platform_scope():
        search.recount(at=NOON)
        assert CourseQuality.objects.get(pk=two["bad"]).attempts == 5


@pytest.mark.req("S2")
def test_an_enterprise_sees_and_writes_its_own_figures_only(two, in_jia, yi):
    search.record_day(day=DAY, figures={two["bad"]: Figures(attempts=5)})
    with enterprise_scope(yi):
        assert not QualityDaily.objects.exists()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            QualityDaily.objects.create(schema_name=in_jia.schema_name, day=DAY, course_id=two["good"], attempts=1)
    for change in ("UPDATE search_quality_daily SET passes = 99", "DELETE FROM search_quality_daily"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_impossible_stars_are_refused(two):
    with pytest.raises(IntegrityError), transaction.atomic():
        search.record_day(day=DAY, figures={two["bad"]: Figures(ratings=2, rating_sum=11)})


def test_operations_deal_with_a_low_course_and_others_do_not_see_the_list(two):
    search.record_day(day=DAY, figures={two["bad"]: Figures(attempts=40, passes=3)})
    with platform_scope():
        search.recount(at=NOON)
        browser = desk.desk("OPERATIONS")
        page = browser.get("/desk/quality").content.decode()
        assert "叉车安全乙" in page
        assert "考试通过率偏低" in page
        assert "叉车安全甲" not in page
        assert (
            "质量待关注课程" in browser.get("/desk/").content.decode()
            or "质量待关注课程" in browser.get("/desk").content.decode()
        )
        empty = browser.post(f"/desk/quality/{two['bad']}/handle", {"note": " "}, follow=True).content.decode()
        assert "请写明处理情况" in empty
        assert CourseQuality.objects.get(pk=two["bad"]).handled_at is None
        browser.post(f"/desk/quality/{two['bad']}/handle", {"note": "已请讲师修订"})
        assert "没有需要关注的课程" in browser.get("/desk/quality").content.decode()
        assert "已请讲师修订" in browser.get("/desk/quality?show=handled").content.decode()
        assert browser.post(f"/desk/quality/{two['good']}/handle", {"note": "x"}).status_code == 404
        assert desk.desk("AUTHOR").get("/desk/quality").status_code == 403
