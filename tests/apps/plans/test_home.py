"""The learner's home only looks: a beat that holds the person's day keeps nobody from their page."""

from django.db import connection

from infra.kit import clock
from public.persons import api as persons
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope
from tests.apps.plans import ground


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
