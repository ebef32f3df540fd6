"""The learner's home: what to do next, at one glance; and it only looks, so a beat that holds the person's day keeps nobody out."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.plans import api as plans
from infra.kit import clock
from public.persons import api as persons
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope
from tests.apps.plans import ground, signed


def test_the_home_waits_for_no_lock(in_jia):
    someone = ground.learner(1)
    page = ground.learner_browser(in_jia, someone)
    with owner_connection() as beat, beat.transaction(force_rollback=True):
        beat.execute("SELECT public.person_lock_day(%s, %s)", [someone.person_key, clock.shanghai_date(clock.now())])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
        assert page.get("/learn").status_code == 200


def test_the_home_and_a_look_leave_no_row_and_no_lock(in_jia, db):
    someone = ground.learner(1)
    today = clock.shanghai_date(clock.now())
    assert persons.day_used(person_key=someone.person_key, day=today) == 0
    assert ground.learner_browser(in_jia, someone).get("/learn").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'RowShareLock' AND relation = %s::regclass",
            ["public.persons_day"],
        )
        assert cursor.fetchone() == (0,)


def test_the_home_shows_what_both_enterprises_used_of_the_day(db, jia, yi):
    today = clock.shanghai_date(clock.now())
    with enterprise_scope(jia):
        someone = ground.learner(1)
    with enterprise_scope(yi):
        persons.lock_day(person_key=someone.person_key, day=today)
        persons.debit_day(person_key=someone.person_key, day=today, ms=2 * ground.HOUR_MS, cap_ms=21_600_000)
    with enterprise_scope(jia):
        assert persons.day_used(person_key=someone.person_key, day=today) == 2 * ground.HOUR_MS
        answer = ground.learner_browser(jia, someone).get("/learn")
    assert answer.status_code == 200


def test_the_home_leads_to_the_one_thing_to_do_next(in_jia):
    someone = ground.learner(1)
    ground.open_plan()
    (duty,) = plans.assignments_of(someone.id)
    page = ground.learner_browser(in_jia, someone)
    assert f"/learn/{duty.uuid}/{duty.courseware_ids[0]}" in page.get("/learn").content.decode()
    ground.learn_all(duty)
    home = page.get("/learn").content.decode()
    assert f"/learn/{duty.uuid}/exam" in home
    assert "去考试" in home


def test_a_second_exam_that_may_be_sat_is_not_lost_below_the_first(in_jia):
    someone = ground.learner(1)
    for code in ("AQ-CY-H1", "AQ-CY-H2"):
        ground.make_questions(code)
        law = ground.requirement(code=code.replace("AQ-", ""))
        ground.open_plan(version_ids=[ground.make_course(code)], title=f"培训{code}", requirement_id=law)
    for duty in plans.assignments_of(someone.id):
        ground.learn_all(duty)
    home = ground.learner_browser(in_jia, someone).get("/learn")
    assert [task.step for task in (home.context["first"], *home.context["exams"])] == ["exam", "exam"]
    assert home.context["tasks"] == []


def test_empty_states_say_the_next_step(in_jia):
    someone = ground.learner(1)
    page = ground.learner_browser(in_jia, someone)
    for url in ("/learn", "/learn/plans"):
        assert "还没有分配给您的培训" in page.get(url).content.decode()
    done, duty = signed.finished(2)
    page = ground.learner_browser(in_jia, done)
    assert "请核对并签名" in page.get("/learn").content.decode()
    page.post(f"/learn/sign/{duty.uuid}", signed.form(done, duty))
    assert "都完成了" in page.get("/learn").content.decode()
    assert "已签名" in page.get("/learn/plans").content.decode()


def test_the_own_page_masks_numbers_and_leads_everywhere(in_jia):
    someone = ground.learner(1)
    shown = ground.learner_browser(in_jia, someone).get("/learn/me").content.decode()
    assert ground.resident_id(1) not in shown
    assert "13800000001" not in shown
    for url in ("/learn/privacy", "/learn/voids", "/learn/archive", "/password", "/sign-out"):
        assert url in shown


def test_home_and_duties_cost_the_same_however_many_there_are(in_jia):
    someone = ground.learner(1)
    page, counts = ground.learner_browser(in_jia, someone), []
    for turn in range(2):
        for n in range(1 + 3 * turn):
            words = {"title": f"培训{turn}{n}", "requirement_id": ground.requirement(code=f"CY-Q{turn}{n}")}
            ground.open_plan(version_ids=[ground.make_course(f"AQ-CY-Q{turn}{n}")], exam_needed=False, **words)
        for url in ("/learn", "/learn/plans"):
            page.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert page.get(url).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_duties_of_the_neighbour_are_not_there(db, jia, yi):
    with enterprise_scope(yi):
        ground.learner(1)
        ground.open_plan(title="邻居的培训")
    with enterprise_scope(jia):
        someone = ground.learner(1)
    page = ground.learner_browser(jia, someone)
    for url in ("/learn", "/learn/plans", "/learn/me"):
        assert "邻居的培训" not in page.get(url).content.decode()


def test_unread_messages_stand_on_the_home_until_they_are_opened(in_jia):
    done, _duty = signed.finished(1)
    page = ground.learner_browser(in_jia, done)
    home = page.get("/learn")
    news = home.context["notices"]
    assert news
    assert all(f"/learn/messages/{one.uuid}" in home.content.decode() for one in news)
    assert ground.learner_browser(in_jia, ground.learner(2)).get("/learn").context["notices"] == []
    assert {page.get(f"/learn/messages/{one.uuid}").status_code for one in news} == {302}
    assert page.get("/learn").context["notices"] == []


def test_who_had_not_finished_when_the_training_ended_is_not_told_that_all_is_done(in_jia):
    someone = ground.learner(1)
    plan = ground.open_plan(title="年度再培训")
    page = ground.learner_browser(in_jia, someone)
    plans.close_plan(plan_uuid=plan, at=ground.NOON)
    home = page.get("/learn").content.decode()
    assert "“年度再培训”已结束，您还没有完成" in home
    assert "都完成了" not in home
