"""Thousands of learners with an open session each, written in bulk: what opening them one by one would leave behind."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.http import HttpRequest, HttpResponse

from apps.learning import presence, rules, terminals
from apps.learning.beats import new_nonce
from apps.learning.models import Coverage, ProofState, StudySession
from apps.people import sealing
from apps.people.models import Learner
from infra.kit import clock
from public.monitor.models import Sitting
from tenants import sites
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope

FILM_MS = 2_700_000


def open_sessions(houses: Sequence[sites.Site], wanted: int) -> list[dict[str, Any]]:
    """Give each house its share of ``wanted`` new learners at work; return what their players need to know, houses mixed.

    Checks are due as they are in the middle of a day: anywhere in each learner's next 15 minutes.
    """
    at = clock.now()
    shares = [[*range(no, wanted, len(houses))] for no in range(len(houses))]
    found = [told for site, share in zip(houses, shares, strict=True) for told in _house(site, share, at)]
    _lease([told["row"] for told in found], at)
    return sorted(
        ({key: value for key, value in told.items() if key != "row"} for told in found), key=lambda told: told["number"]
    )


def _house(site: sites.Site, numbers: list[int], at: datetime) -> list[dict[str, Any]]:
    with enterprise_scope(site):
        _end_former(at)
        learners = Learner.objects.bulk_create([learner(at) for _number in numbers])
        devices = [device() for _number in numbers]
        rows = StudySession.objects.bulk_create(
            [_session(who, number, device[0], at) for who, number, device in zip(learners, numbers, devices, strict=True)]
        )
        Coverage.objects.bulk_create([_coverage(row, at) for row in rows])
        ProofState.objects.bulk_create([_proof(row, at) for row in rows])
        Sitting.objects.bulk_create([_card(row) for row in rows])
    return [_told(site, number, row, device[1]) for number, row, device in zip(numbers, rows, devices, strict=True)]


def _end_former(at: datetime) -> None:
    """Sessions of a former run are over; nobody beats for them any more."""
    StudySession.objects.filter(closed_at=None).update(closed_at=F("last_at"), close_reason="left", key=b"")
    Sitting.objects.filter(closed_at=None).update(closed_at=at, close_reason="left")


def learner(at: datetime) -> Learner:
    return Learner(
        name="学员甲",
        id_sealed=sealing.seal("330106199003070014", sealing.ID),
        person_key=secrets.token_hex(32),
        mobile_sealed=sealing.seal("13800000001", sealing.MOBILE),
        mobile_index=secrets.token_hex(32),
        sex="M",
        created_at=at,
    )


def _session(who: Learner, number: int, terminal: str, at: datetime) -> StudySession:
    return StudySession(
        uuid=uuid4(),
        learner=who,
        person_key=who.person_key,
        assignment_id=number + 1,
        courseware_id=1,
        version_id=1,
        course_code="BENCH",
        course_title="压测课程",
        version_no=1,
        courseware_title="压测课件",
        media=UUID(int=1),
        duration_ms=FILM_MS,
        ip=f"10.0.{number // 250}.{number % 250 + 1}",
        terminal=terminal,
        opened_at=at,
        nonce=new_nonce(),
        key=secrets.token_bytes(32),
        last_at=at,
        unlocked=((0, FILM_MS),),
        next_in=rules.next_beat_s(),
    )


def _coverage(row: StudySession, at: datetime) -> Coverage:
    return Coverage(learner_id=row.learner_id, courseware_id=row.courseware_id, duration_ms=FILM_MS, updated_at=at)


def _proof(row: StudySession, at: datetime) -> ProofState:
    due = secrets.randbelow(presence.USUAL_S[1] * 1000)
    return ProofState(learner_id=row.learner_id, terminal=row.terminal, opened_at=at, proven_at=at, due_ms=due)


def _card(row: StudySession) -> Sitting:
    return Sitting(
        session=row.uuid,
        learner="学**",
        course=row.course_title,
        lesson=row.courseware_title,
        duration_ms=row.duration_ms,
        ip=row.ip,
        opened_at=row.opened_at,
    )


def _told(site: sites.Site, number: int, row: StudySession, cookie: str) -> dict[str, Any]:
    return {
        "row": (row.person_key, str(row.uuid), site.schema_name),
        "number": number,
        "host": site.host,
        "uuid": str(row.uuid),
        "key": bytes(row.key).hex(),
        "nonce": row.nonce,
        "cookie": f"{terminals.COOKIE}={cookie}",
    }


def device() -> tuple[str, str]:
    """Return a new device's name and its cookie, as the player page gives it to a browser."""
    request, response = HttpRequest(), HttpResponse()
    terminals.remember(request, response)
    cookie = request.COOKIES[terminals.COOKIE] = response.cookies[terminals.COOKIE].value
    return terminals.terminal_of(request), cookie


def _lease(rows: list[tuple[str, str, str]], at: datetime) -> None:
    """Write the persons' leases and days; enterprises cannot, and one call for each would take minutes."""
    people, sessions, schemas = (list(column) for column in zip(*rows, strict=True))
    days = {clock.shanghai_date(at), clock.shanghai_date(at + timedelta(minutes=10))}
    with owner_connection() as db, db.transaction():
        db.execute(
            "INSERT INTO public.persons_lease (person_key, session, schema_name, taken_at)"
            " SELECT p, s, e, %s FROM unnest(%s::text[], %s::uuid[], %s::text[]) t (p, s, e)",
            [at, people, sessions, schemas],
        )
        for day in days:
            db.execute(
                "INSERT INTO public.persons_day (person_key, day, credited_ms) SELECT p, %s, 0 FROM unnest(%s::text[]) t (p)",
                [day, people],
            )
    with owner_connection() as db:
        db.execute("ANALYZE")
