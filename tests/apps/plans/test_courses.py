"""The manager's way to courses: find, look, compare, choose; and what the neighbour sees of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.plans import api as plans
from apps.plans import feedback, selection
from apps.plans.models import Assignment, CourseSelection, TrainingPlan
from infra.kit import clock, crypto
from infra.kit.errors import DomainError
from public.catalogue.models import CourseVersion, MediaAsset, TrainerQualification
from public.search import api as search
from public.search.models import QualityDaily
from public.subtitles.models import SubtitleTrack
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.public.search import ground as shelf_ground

NOW = ground.NOON
SPACE = "工贸企业有限空间作业安全"


@pytest.fixture
def courses(in_jia):
    return shelf_ground.catalogue()


@pytest.fixture
def manager(in_jia):
    return ground.manager_browser(in_jia)


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def successor(version_id, title=SPACE):
    """Publish a second version of a course; the former one retires."""
    with platform_scope():
        former = CourseVersion.objects.get(pk=version_id)
        CourseVersion.objects.filter(pk=version_id).update(state="RETIRED")
        return shelf_ground.course(former.course.code, title)


@pytest.mark.req("R3.6")
def test_a_manager_finds_a_course_by_a_misspelt_word_and_selects_it(courses, manager):
    found = page(manager, "/console/courses?q=有线空间")
    assert "已按“有限空间”查找" in found
    assert SPACE in found
    answer = manager.post(f"/console/courses/{courses[SPACE]}/choose", headers={"HX-Request": "true"})
    assert "已选用" in answer.content.decode()
    row = CourseSelection.objects.get()
    assert (row.version_id, row.added_by) == (courses[SPACE], "安全员")
    assert SPACE in page(manager, "/console/courses/selection")
    assert "我的选课（1）" in page(manager, "/console/courses")
    gone = manager.post(f"/console/courses/selection/{row.course_id}/remove")
    assert gone.status_code == 302
    assert not CourseSelection.objects.exists()


def test_odd_addresses_and_empty_answers_say_what_to_do(courses, manager):
    assert "没有找到课程" in page(manager, "/console/courses?q=完全不相干的词语")
    for odd in (
        "page=99",
        "page=x",
        "page=-1",
        "sort=drop",
        "topic=%27",
        "provider=",
        "q=" + "a" * 3000,
        "hours=9&hours=1",
    ):
        page(manager, f"/console/courses?{odd}")
    assert manager.get("/console/courses/99999999").status_code == 404
    assert "没有可对比的课程" in page(manager, "/console/courses/compare?id=x&id=99999999999999999999")
    assert "还没有选用课程" in page(manager, "/console/courses/selection")


def test_pages_cost_the_same_number_of_queries_however_many_courses_there_are(courses, manager):
    def cost(url):
        with CaptureQueriesContext(connection) as seen:
            page(manager, url)
        return sum("tenants_domain" not in query["sql"] for query in seen.captured_queries)

    urls = (
        "/console/courses",
        "/console/courses?q=安全&topic=YX",
        "/console/courses/selection",
        f"/console/courses/{courses[SPACE]}",
    )
    selection.choose(version_id=courses[SPACE], by="安全员", at=NOW)
    before = [cost(url) for url in urls]
    for n in range(30):
        key = shelf_ground.course(f"AQ-T-1{n:03d}", f"安全课程{n}", topic="YX")
        selection.choose(version_id=key, by="安全员", at=NOW)
    assert [cost(url) for url in urls] == before


def test_the_course_page_tells_who_teaches_what_by_which_law(courses, manager):
    with platform_scope():
        trainer = CourseVersion.objects.get(pk=courses[SPACE]).trainer
        for title, until in (
            ("注册安全工程师", NOW.date() + timedelta(days=4000)),
            ("过期的证书", NOW.date() - timedelta(days=1)),
        ):
            TrainerQualification.objects.create(trainer=trainer, title=title, valid_from="2020-01-01", valid_to=until)
    other = shelf_ground.course("AQ-T-0901", "有限空间作业（动画版）", topic="YX", trainer="刘洋")
    seen = page(manager, f"/console/courses/{courses[SPACE]}")
    for words in ("先通风再检测后作业", "吴昊", "注册安全工程师", "有限空间作业（动画版）", "第一课", "评价不足"):
        assert words in seen
    assert "过期的证书" not in seen
    side = page(manager, f"/console/courses/compare?id={courses[SPACE]}&id={other}")
    assert "吴昊" in side
    assert "刘洋" in side
    every = "&".join(f"id={key}" for key in courses.values())
    assert "一次最多对比三门课程" in page(manager, f"/console/courses/compare?{every}")


@pytest.fixture
def spoken(courses):
    """A course in whose second minute somebody speaks of hydrogen sulphide."""
    cues = [
        {"start_ms": 5_000, "end_ms": 9_000, "text": "先通风，再检测"},
        {"start_ms": 75_000, "end_ms": 80_000, "text": "硫化氢报警时立即撤离"},
    ]
    with platform_scope():
        media = MediaAsset.objects.get(courseware__version_id=courses[SPACE])
        SubtitleTrack.objects.create(
            media=media, cues=cues, text="先通风，再检测\n硫化氢报警时立即撤离", revision=1, edited_at=NOW
        )
        search.refresh([courses[SPACE]], at=NOW)
    return courses[SPACE]


@pytest.mark.req("R3.3")
def test_what_is_said_in_a_course_is_found_with_its_time(spoken, manager):
    listed = page(manager, "/console/courses?q=硫化氢")
    link = f"/console/courses/{spoken}?said=%E7%A1%AB%E5%8C%96%E6%B0%A2#said"
    assert link in listed
    shown = page(manager, link)
    assert "01:15" in shown
    assert "硫化氢报警时立即撤离" in shown
    assert "data-spots" not in page(manager, f"/console/courses/{spoken}")
    nothing = page(manager, f"/console/courses/{spoken}?said=<b>爆炸</b>")
    assert "字幕里没有说到“&lt;b&gt;爆炸&lt;/b&gt;”" in nothing


@pytest.fixture
def film(courses):
    package = {"init": "init.mp4", "segments": [{"file": "0.m4s", "duration_ms": 6000, "key_no": 0, "iv": "00" * 16}]}
    with platform_scope():
        row = MediaAsset.objects.get(courseware__version_id=courses[SPACE])
        from django.conf import settings

        sealed = crypto.seal(b"k" * 16, secret=settings.SEALING_SECRET, owner="platform", purpose=f"media/{row.uuid}")
        MediaAsset.objects.filter(pk=row.pk).update(package=package, keys_sealed=sealed)
    return f"/console/courses/{courses[SPACE]}/preview"


def test_a_manager_may_look_at_the_first_lesson_and_nothing_is_credited(film, manager, in_jia):
    listed = page(manager, f"{film}/playlist.m3u8")
    assert f"{film}/keys/0" in listed
    assert manager.get(f"{film}/keys/0").content == b"k" * 16
    assert manager.get(f"{film}/keys/0")["Cache-Control"].count("no-store")
    assert manager.get(f"{film}/keys/7").status_code == 404
    assert manager.get(f"{film}/files/..%2Fsecret").status_code == 404
    assert manager.get(f"{film}/files/other.mp4").status_code == 404
    assert manager.get(f"{film}/3.m3u8").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM learning_studysession")
        assert cursor.fetchone()[0] == 0


def test_learners_strangers_and_recalled_courses_get_no_key(film, courses, manager, in_jia):
    someone = ground.learner(1)
    for path in ("playlist.m3u8", "keys/0", "files/init.mp4"):
        assert ground.learner_browser(in_jia, someone).get(f"{film}/{path}").status_code == 403
        assert ground.browser(in_jia).get(f"{film}/{path}")["Location"].startswith("/sign-in")
    with platform_scope():
        CourseVersion.objects.filter(pk=courses[SPACE]).update(state="RECALLED")
    assert manager.get(f"{film}/keys/0").status_code == 404
    assert "课程已召回" in page(manager, film.removesuffix("/preview"))


@pytest.mark.req("S2")
def test_the_neighbour_sees_neither_private_courses_nor_the_selection(in_jia, yi, manager):
    private = shelf_ground.course("AQ-T-0801", "专属喷涂车间安全", only=in_jia.schema_name)
    selection.choose(version_id=private, by="安全员", at=NOW)
    assert "专属喷涂车间安全" in page(manager, "/console/courses?q=喷涂")
    with enterprise_scope(yi):
        assert not CourseSelection.objects.exists()
        assert selection.shelf() == []
        with pytest.raises(DomainError, match="not_found"):
            selection.choose(version_id=private, by="安全员", at=NOW)
        theirs = ground.manager_browser(yi)
    assert "没有找到课程" in page(theirs, "/console/courses?q=喷涂")
    for url in (f"/console/courses/{private}", f"/console/courses/{private}/preview/keys/0"):
        assert theirs.get(url).status_code == 404
    assert theirs.post(f"/console/courses/{private}/choose").status_code == 404
    assert "专属喷涂" not in page(theirs, f"/console/courses/compare?id={private}")


@pytest.mark.req("R3.3")
def test_the_selection_says_what_became_of_each_course(courses, manager):
    names = list(courses)[:4]
    for name in names:
        selection.choose(version_id=courses[name], by="安全员", at=NOW)
    newer = successor(courses[names[0]])
    with platform_scope():
        CourseVersion.objects.filter(pk=courses[names[1]]).update(state="RETIRED")
        CourseVersion.objects.filter(pk=courses[names[2]]).update(state="RECALLED")
    assert [one.standing for one in selection.shelf()] == ["recalled", "retired", "new", "current"]
    seen = page(manager, "/console/courses/selection")
    for word in ("有新版本", "已下架", "已召回", "可选用"):
        assert word in seen
    with pytest.raises(DomainError, match="course_gone"):
        selection.choose(version_id=courses[names[0]], by="安全员", at=NOW)
    manager.post(f"/console/courses/{newer}/choose")
    assert selection.chosen_courses()[selection.shelf()[-1].course_id] in {newer, courses[names[3]]}
    assert [one.standing for one in selection.shelf()] == ["recalled", "retired", "current", "current"]


def test_unselecting_leaves_running_plans_alone(in_jia):
    ground.learner(1)
    uuid = ground.open_plan()
    plan = TrainingPlan.objects.get(uuid=uuid)
    version = plan.courses.get().version_id
    selection.choose(version_id=version, by="安全员", at=NOW)
    (course_id,) = selection.chosen_courses()
    assert selection.unchoose(course_id=course_id)
    assert not selection.unchoose(course_id=course_id)
    assert plan.courses.get().version_id == version
    assert Assignment.objects.filter(plan=plan).count() == 1


def test_the_plan_wizard_offers_the_selection_first_and_the_whole_catalogue_on_demand(courses, manager):
    law = ground.requirement()
    said = {"step": "courses", "go": "stay", "requirement_id": law}
    everything = manager.post("/console/plans/new", said).content.decode()
    assert SPACE in everything
    selection.choose(version_id=courses["动火作业安全与监护"], by="安全员", at=NOW)
    own = manager.post("/console/plans/new", said).content.decode()
    assert "动火作业安全与监护" in own
    assert SPACE not in own
    assert SPACE in manager.post("/console/plans/new", {**said, "course_from": "all", "course_q": "有线空间"}).content.decode()
    ticked = manager.post("/console/plans/new", {**said, "course_q": "动火", "version_ids": [courses[SPACE]]}).content.decode()
    assert ticked.index(SPACE) < ticked.index("动火作业安全与监护")


def test_a_new_plan_refuses_a_version_that_is_no_longer_offered(courses, in_jia):
    ground.learner(1)
    successor(courses[SPACE])
    with pytest.raises(DomainError, match="course_gone"), transaction.atomic():
        ground.open_plan(version_ids=[courses[SPACE]], exam_needed=False)


@pytest.mark.req("R3.6")
def test_each_night_the_enterprise_reports_starts_completions_and_exams(in_jia, yi):
    someone = ground.learner(1)
    ground.open_plan()
    (view,) = plans.assignments_of(someone.id)
    yesterday = NOW - timedelta(days=1)
    Assignment.objects.filter(pk=view.id).update(started_at=yesterday)
    from apps.exams.models import Attempt

    Attempt.objects.create(
        uuid=uuid4(), assignment_id=view.id, learner_id=someone.id, number=1, paper=[], pass_score=80, started_at=yesterday,
        due_at=yesterday + timedelta(hours=1), submitted_at=yesterday, score=90, passed=True,
    )  # fmt: skip
    assert feedback.report(at=NOW) == 1
    assert feedback.report(at=NOW) == 1
    row = QualityDaily.objects.get()
    assert (row.day, row.starts, row.completions, row.attempts, row.passes) == (clock.shanghai_date(yesterday), 1, 0, 1, 1)
    with enterprise_scope(yi):
        assert not QualityDaily.objects.exists()


def test_a_held_course_says_so_on_the_shelf_and_gives_no_key(film, courses, manager):
    selection.choose(version_id=courses[SPACE], by="安全员", at=NOW)
    with platform_scope():
        CourseVersion.objects.filter(pk=courses[SPACE]).update(state="HELD")
    assert [one.standing for one in selection.shelf()] == ["held"]
    assert manager.get(f"{film}/keys/0").status_code == 404
    assert "课程暂停使用" in page(manager, film.removesuffix("/preview"))
