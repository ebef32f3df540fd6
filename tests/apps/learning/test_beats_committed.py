"""Beats over real, committed connections: races, round trips, and a database that dies in the middle."""

import json
import secrets
import threading
import time
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from apps.learning import services
from apps.learning.models import Coverage, PresenceCheck, ProofState, StudySession
from apps.learning.shapes import Lesson
from apps.learning.terminals import COOKIE
from apps.people import api as people
from infra.kit import clock
from tenants import sites
from tenants.database.provision import owner_connection
from tenants.opening import Application
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import FILM_MS, Player, state_of
from tests.houses import house

TERMINAL = secrets.token_hex(16)


@pytest.fixture(scope="module")
def ground(database):
    """An enterprise of its own, whose rows stay."""
    return house(Application("杭州并发试验有限公司", "91330100MA2LEARN0X", "learning-ground", "C34", "GENERAL", "330106"))


@pytest.fixture
def player(ground):
    """A committed session that began to play a minute ago."""
    with enterprise_scope(ground):
        learner = people.add_learner(name="学员丙", id_number=_resident_id(), mobile=_mobile(), at=clock.now())
        at = clock.now() - timedelta(seconds=20)
        opened = services.begin(learner=learner, lesson=_lesson(), terminal=TERMINAL, ip="10.1.2.3", at=at)
        found = Player(opened, at, TERMINAL)
        found.play()
        found.now += timedelta(seconds=20)
        found.position_ms = 15_000
        sites.announce_change()  # nothing that an earlier test announced is still to be noticed
        sites.resolve(ground.host)  # a host is looked up once in 30 s, not for each beat
        yield found


def _lesson() -> Lesson:
    return Lesson(1, secrets.randbelow(10**9), 1, "AQ-1", "试验课程", 1, "第一课", uuid4(), FILM_MS)


def _mobile() -> str:
    return f"139{secrets.randbelow(10**8):08d}"


def _resident_id() -> str:
    born = date(1970, 1, 1) + timedelta(days=secrets.randbelow(10_000))
    body = f"330106{born:%Y%m%d}{secrets.randbelow(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def _post(site, player, body):
    client = Client()
    named = HttpResponse()
    named.set_signed_cookie(COOKIE, TERMINAL, salt="learning.terminal")
    client.cookies[COOKIE] = named.cookies[COOKIE].value
    return client.post(
        f"/api/learning/sessions/{player.uuid}/beats", json.dumps(body), content_type="text/plain", headers={"host": site.host}
    )


def test_two_identical_beats_at_once_are_paid_once(ground, player):
    body, replies = player.body(), []

    def send():
        with enterprise_scope(ground):
            replies.append(_post(ground, player, body))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].json() == replies[1].json()
    assert replies[0].json()["credited_ms"] == 15_000
    assert StudySession.objects.get(uuid=player.uuid).credited_ms == 15_000


@pytest.mark.req("R2.3")
def test_two_sessions_opened_at_once_leave_one_open(ground, player):
    learner = people.learner(StudySession.objects.get(uuid=player.uuid).learner_id)
    barrier, failures = threading.Barrier(2), []

    def begin(terminal):
        try:
            with enterprise_scope(ground):
                barrier.wait()
                services.begin(learner=learner, lesson=_lesson(), terminal=terminal, ip="10.1.2.3", at=clock.now())
        except Exception as error:  # shown below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(secrets.token_hex(16),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert StudySession.objects.filter(learner_id=learner.id, closed_at=None).count() == 1
    assert StudySession.objects.filter(learner_id=learner.id, close_reason="taken_over").count() == 2


def test_a_beat_costs_two_round_trips(ground, player, tmp_path):
    with platform_scope():
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    connection.health_check_done = False  # as at the beginning of a real request
    trace = tmp_path / "trace"
    with trace.open("w") as file:
        connection.connection.pgconn.trace(file.fileno())
        reply = _post(ground, player, player.body())
        connection.connection.pgconn.untrace()
    assert reply.json()["credited_ms"] == 15_000
    assert trace.read_text().count("ReadyForQuery") == 2


def test_a_connection_that_died_before_the_beat_is_replaced(ground, player):
    with owner_connection() as owner:
        owner.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    time.sleep(0.1)
    assert _post(ground, player, player.body()).json()["credited_ms"] == 15_000


def test_a_database_lost_in_mid_beat_answers_503_and_does_nothing_by_half(ground, player):
    before, body, replies = state_of(player), player.body(), []

    def send():
        with enterprise_scope(ground):
            replies.append(_post(ground, player, body))
        connection.close()

    with owner_connection() as owner:
        owner.autocommit = False
        owner.execute("LOCK TABLE public.audit_beat IN SHARE MODE")  # the beat gets as far as its second trip and waits
        thread = threading.Thread(target=send)
        thread.start()
        with owner_connection() as killer:
            _kill_waiting(killer)
        thread.join()
        owner.rollback()
    assert replies[0].status_code == 503
    assert state_of(player) == before
    assert _post(ground, player, body).json()["credited_ms"] == 15_000
    assert Coverage.objects.get(learner_id=before["learner_id"]).spans == ((0, 15_000),)


def _kill_waiting(killer):
    for _ in range(100):
        killed = killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'public.audit_beat'::regclass"
        ).fetchall()
        if killed:
            return
        time.sleep(0.05)
    raise AssertionError("the beat never reached its second trip")


def test_health_checks_are_on_so_that_the_beat_really_saves_one(ground):
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]


def test_the_beat_that_begins_a_check_costs_two_round_trips_and_one_that_finds_it_overdue_settles_it(ground, player, tmp_path):
    with enterprise_scope(ground):
        ProofState.objects.filter(learner_id=player.row().learner_id).update(due_ms=0)
    with platform_scope():
        connection.ensure_connection()
    trace = tmp_path / "trace"
    with trace.open("w") as file:
        connection.connection.pgconn.trace(file.fileno())
        reply = _post(ground, player, player.body()).json()
        connection.connection.pgconn.untrace()
    assert (reply["command"], reply["provisional_ms"]) == ("challenge", 15_000)
    assert trace.read_text().count("ReadyForQuery") <= 3
    assert reply["check"]["url"] == f"/api/learning/sessions/{player.uuid}/checks/{reply['check']['uuid']}"
    with enterprise_scope(ground):
        PresenceCheck.objects.filter(uuid=reply["check"]["uuid"]).update(deadline_at=clock.now() - timedelta(seconds=1))
    player.seq, player.nonce = reply["seq"], reply["nonce"]
    missed = _post(ground, player, player.body()).json()
    assert (missed["must_prove"], missed["voided_ms"], missed["credited_ms"], missed["accepted_ms"]) == (True, 15_000, 0, 0)
