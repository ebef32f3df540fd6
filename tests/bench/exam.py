"""2,000 learners start an exam and answer within the same minute, over HTTP; in the middle the web server is killed with -9.

Everything is on: the login and the page at the start, each person's own paper out of the bank, the key of the page, the log that
only grows. In the end every acknowledged answer is looked for in the database, and the one that counts must be the newest of them.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from apps.learning.models import Coverage
from apps.people import api as people
from apps.people.models import Learner
from apps.plans import api as plans
from apps.plans.models import Assignment
from infra.kit import clock
from tenants import sites
from tenants.api import Credential
from tenants.database.provision import owner_connection
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground as catalogue
from tests.bench import kill
from tests.bench.crowd import device as new_device
from tests.bench.crowd import learner as new_learner
from tests.bench.ground import PREFIX, ensure_enterprises, percentile, say
from tests.web import ROOT, free_port

LEARNERS, HOUSES, PROCESSES, THREADS = 2_000, 10, 2, 12
SECONDS = 60.0
SETTLES_S = 3.0
"""Seconds after the restart in which those who waited meanwhile are served."""


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``p95_ms``, ``errors``, ``lost``; ``outage_ms`` the longest wait through the restart, ``seconds`` what all of it took.

    ``p95_ms`` is what learners waited from the moment they wanted something, of those who did not want it while the server was
    down; ``all_p95_ms`` is everybody's.
    """
    learners = _candidates()
    port = free_port()
    web = kill.start_web(port)
    try:
        kill.wait_for_web(port, web.pid)
        crew = [_players(port, learners[n::PROCESSES]) for n in range(PROCESSES)]
        began = time.time()
        time.sleep(SECONDS / 2)
        down = time.time()
        kill.kill_tree(web.pid)
        web.wait()
        web = kill.start_web(port)
        kill.wait_for_web(port, web.pid)
        up = time.time()
        say(f"kill -9 of the web server: up again after {up - down:.1f} s")
        found = _heard(crew)
    finally:
        kill.kill_tree(web.pid)
        web.wait()
    return _told(found, learners, down=down, up=up, began=began)


def _told(found: dict[str, Any], learners: list[dict[str, Any]], *, down: float, up: float, began: float) -> dict[str, Any]:
    for problem in sorted(set(found["errors"]))[:5]:
        say(problem)
    outside = [ms for due, ms in found["waits"] if due + ms / 1000 < down or due > up + SETTLES_S]
    last = max(due + ms / 1000 for due, ms in found["waits"])
    return {
        "p95_ms": percentile(outside, 0.95),
        "all_p95_ms": percentile([ms for _due, ms in found["waits"]], 0.95),
        "outage_ms": round(max(ms for _due, ms in found["waits"])),
        "errors": len(found["errors"]),
        "lost": _lost(found["acks"], {told["schema"] for told in learners}),
        "starts": found["starts"],
        "acknowledged": len(found["acks"]),
        "retries": found["retries"],
        "learners": len(learners),
        "seconds": round(last - began, 1),
    }


def _lost(acks: list[list[Any]], schemas: set[str]) -> int:
    """Count the acknowledged answers that are not in the log as they were said, or there more than once."""
    known: dict[tuple[str, int], list[tuple[int, str]]] = {}
    with psycopg.connect(kill.owner_dsn()) as db:
        for schema in schemas:
            rows = db.execute(
                f'SELECT a.uuid::text, s.seq, s.no, s.response ->> 0 FROM "{schema}".exams_attemptstep s'
                f" JOIN \"{schema}\".exams_attempt a ON a.id = s.attempt_id WHERE s.kind = 'ANSWERED'".encode()
            )
            for attempt, seq, no, key in rows.fetchall():
                known.setdefault((attempt, seq), []).append((no, key))
    return sum(known.get((attempt, seq)) != [(no, key)] for attempt, seq, no, key in acks)


def _players(port: int, learners: list[dict[str, Any]]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.candidates", str(THREADS)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    process.stdin.write(json.dumps({"port": port, "seconds": SECONDS, "learners": learners}) + "\n")
    process.stdin.close()
    return process


def _heard(crew: list[subprocess.Popen[str]]) -> dict[str, Any]:
    told: list[dict[str, Any]] = []

    def hear(process: subprocess.Popen[str]) -> None:
        assert process.stdout
        told.append(json.loads(process.stdout.readline()))
        process.wait()

    threads = [threading.Thread(target=hear, args=(process,)) for process in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {name: sum((one[name] for one in told), type(told[0][name])()) for name in told[0]}


def _candidates() -> list[dict[str, Any]]:
    """Seat the learners: in the plan, with everything learnt, signed in on a device; return what their players need to know."""
    ensure_enterprises(HOUSES)
    with platform_scope():
        rows = Enterprise.objects.filter(subdomain__startswith=PREFIX).order_by("id")[:HOUSES]
        houses = [sites.site_of(row) for row in rows]
        code = f"AQ-{secrets.token_hex(5).upper()}"
    with enterprise_scope(houses[0]):
        course, law = catalogue.make_course(code), catalogue.requirement(code=code[-12:])
        catalogue.make_questions(code, 60)
    began = time.monotonic()
    found = [told for site in houses for told in _seated(site, course, law)]
    with owner_connection() as db:
        db.execute("ANALYZE")
    say(f"{len(found)} learners seated in {time.monotonic() - began:.1f} s")
    return found


def _seated(site: sites.Site, course: int, law: int) -> list[dict[str, Any]]:
    at = clock.now()
    with enterprise_scope(site):
        names = [secrets.token_hex(32) for _one in range(LEARNERS // HOUSES)]
        ways_in = Credential.objects.bulk_create([Credential(login_key=name, name="学员甲", password="!") for name in names])
        rows = [new_learner(at) for _way in ways_in]
        for row, way in zip(rows, ways_in, strict=True):
            row.credential = way
        Learner.objects.bulk_create(rows)
        plan = _plan(rows[0].pk, course, law)
        duty = Assignment.objects.get(plan__uuid=plan)
        others = [Assignment(plan_id=duty.plan_id, learner=row, assigned_at=at) for row in rows[1:]]
        duties = [duty, *Assignment.objects.bulk_create(others)]
        _learnt(plans.assignment_by_id(duty.pk), rows, at)
        devices = [new_device() for _row in rows]
        logins = [_login(way) for way in ways_in]
    return [
        {
            "host": site.host,
            "schema": site.schema_name,
            "path": f"/learn/{row.uuid}/exam",
            "cookie": f"{settings.SESSION_COOKIE_NAME}={login}; {people.TERMINAL_COOKIE}={device[1]}",
        }
        for row, login, device in zip(duties, logins, devices, strict=True)
    ]


def _plan(learner_id: int, course: int, law: int) -> Any:
    due = (clock.now() + timedelta(days=30)).date()
    order = plans.PlanOrder(
        title="压测考试", requirement_id=law, version_ids=[course], due_on=due, exam_questions=20, exam_minutes=60
    )
    who = plans.Who("picked", learner_ids=[learner_id])
    return plans.open_plan(order=order, who=who, by="安全员", at=clock.now())


def _learnt(view: plans.AssignmentView, rows: list[Learner], at: Any) -> None:
    lessons = [lesson for course in view.courses for lesson in course.lessons]
    Coverage.objects.bulk_create(
        Coverage(
            learner=row, courseware_id=lesson.id, duration_ms=lesson.duration_ms, spans=((0, lesson.duration_ms),), updated_at=at
        )
        for row in rows
        for lesson in lessons
    )


def _login(credential: Credential) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(credential.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = credential.get_session_auth_hash()
    session.save()
    return str(session.session_key)
