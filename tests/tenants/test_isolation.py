"""Ten thousand requests over twenty enterprises while somebody cancels and kills: nobody ever reads another's row."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from django.core.cache import cache
from django.db import close_old_connections, connection, connections, transaction
from django.db.utils import Error, InterfaceError

from tenants.accounts.models import Credential
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope, using
from tenants.sites import Site

REQUESTS = 10_000
THREADS = 8
Request = Callable[[Site], str | None]


def marker() -> str | None:
    """Return the name of the first credential in sight: the marker of the enterprise whose tables are being read."""
    return Credential.objects.values_list("name", flat=True).first()


def by_orm(site: Site) -> str | None:
    return marker()


def in_a_transaction(site: Site) -> str | None:
    with transaction.atomic():
        return marker()


def after_a_savepoint_that_failed(site: Site) -> str | None:
    with transaction.atomic():
        try:
            with transaction.atomic():
                Credential.objects.create(login_key=site.schema_name, name="twice", password="!")
        except Error:
            pass
        return marker()


def after_a_transaction_that_failed(site: Site) -> str | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
    except Error:
        pass
    return marker()


def after_a_slow_statement(site: Site) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.002)")
    return marker()


def by_server_side_cursor(site: Site) -> str | None:
    return next(Credential.objects.values_list("name", flat=True).iterator(chunk_size=2))


def after_writing(site: Site) -> str | None:
    Credential.objects.filter(login_key=site.schema_name).update(is_active=True)
    return marker()


def on_a_fresh_connection(site: Site) -> str | None:
    connection.close()
    return marker()


KINDS: list[Request] = [
    by_orm,
    by_orm,
    in_a_transaction,
    after_a_savepoint_that_failed,
    after_a_transaction_that_failed,
    after_a_slow_statement,
    by_server_side_cursor,
    after_writing,
]


@contextmanager
def trouble(stop: threading.Event) -> Iterator[Counter[str]]:
    """Cancel statements all the time and kill a backend now and then, until the block ends."""
    done: Counter[str] = Counter()
    names = {"pg_cancel_backend": 0.97, "pg_terminate_backend": 0.03}

    def disturb() -> None:
        dice = random.Random(7)
        with owner_connection() as db:
            while not stop.is_set():
                what = dice.choices(list(names), list(names.values()))[0]
                rows = db.execute(
                    f"SELECT {what}(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'anxue'"
                    " ORDER BY random() LIMIT 3"
                ).fetchall()
                done[what] += sum(row[0] for row in rows)
                time.sleep(0.002)

    connections.close_all()  # those of this thread are nobody's request
    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()


def serve(seed: int, sites: list[Site], count: int, kinds: list[Request]) -> Counter[str]:
    """Answer ``count`` requests as one web thread does, one connection kept over all of them."""
    dice, found = random.Random(seed), Counter[str]()
    for _ in range(count):
        site = dice.choice(sites)
        request = on_a_fresh_connection if dice.random() < 0.01 else dice.choice(kinds)
        with using(None):
            close_old_connections()  # what Django does at the start of each request
            try:
                with enterprise_scope(site):
                    answer = request(site)
            except (Error, psycopg.Error):
                found["refused"] += 1
            else:
                found["ok" if answer == site.schema_name else "wrong"] += 1
    connection.close()
    return found


@pytest.mark.req("S2")
@pytest.mark.req("R5.7")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # cursors of killed connections
def test_nobody_reads_another_enterprise_while_statements_are_cancelled_and_connections_die(twenty, record_property):
    stop = threading.Event()
    with trouble(stop) as done, ThreadPoolExecutor(THREADS) as crew:
        jobs = [crew.submit(serve, seed, twenty, REQUESTS // THREADS, KINDS) for seed in range(THREADS)]
        found = sum((job.result() for job in jobs), Counter[str]())
    said = f"{dict(found)} under {dict(done)}"
    record_property("isolation", said)
    assert found["wrong"] == 0, said
    assert found.total() == REQUESTS, said
    assert found["ok"] > REQUESTS / 2, said
    assert found["refused"] > 20, f"the trouble never hit anything: {said}"
    assert done["pg_terminate_backend"] > 5, said


@pytest.mark.req("S2")
def test_a_cancelled_choice_of_place_refuses_the_query_and_keeps_nothing_of_the_last_one(twenty):
    first, second = twenty[:2]
    standing, locked, found = threading.Event(), threading.Event(), list[str | None]()
    pid = 0

    def visit_both() -> None:
        nonlocal pid
        with enterprise_scope(first):
            found.append(marker())
            pid = connection.connection.info.backend_pid
        standing.set()
        locked.wait(10)
        for _ in range(2):  # the first of these is cancelled while it chooses its place
            with enterprise_scope(second):
                found.append(_marker_or_none())
        connection.close()

    visitor = threading.Thread(target=visit_both)
    visitor.start()
    assert standing.wait(10)
    with owner_connection() as db, db.transaction():
        db.execute("LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE")  # choosing a role not seen before must look there
        locked.set()
        _wait_until_blocked(db, pid)
        db.execute("SELECT pg_cancel_backend(%s)", [pid])
        time.sleep(0.1)
    visitor.join(10)
    assert found == [first.schema_name, None, second.schema_name]


def _wait_until_blocked(db: psycopg.Connection[tuple[object, ...]], pid: int) -> None:
    for _ in range(500):
        if db.execute("SELECT pg_blocking_pids(%s)", [pid]).fetchone() != ([],):
            return
        time.sleep(0.01)
    raise AssertionError("the choice of place was never held up")


def _marker_or_none() -> str | None:
    try:
        return marker()
    except Error:
        return None


@pytest.mark.req("S2")
def test_the_cache_gives_nobody_the_entry_of_another(twenty):
    for site in twenty:
        with enterprise_scope(site):
            cache.set("marker", site.schema_name)

    def look(seed: int) -> Counter[str]:
        dice, found = random.Random(seed), Counter[str]()
        for _ in range(500):
            site = dice.choice(twenty)
            with enterprise_scope(site):
                found["ok" if cache.get("marker") == site.schema_name else "wrong"] += 1
        return found

    with ThreadPoolExecutor(4) as crew:
        found = sum(crew.map(look, range(4)), Counter[str]())
    assert found == {"ok": 2000}, dict(found)


@pytest.mark.req("S2")
def test_a_plain_thread_starts_nowhere_and_is_refused(twenty):
    caught: list[BaseException] = []

    def read() -> None:
        try:
            marker()
        except InterfaceError as error:
            caught.append(error)
        finally:
            connection.close()

    with enterprise_scope(twenty[0]):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert len(caught) == 1
