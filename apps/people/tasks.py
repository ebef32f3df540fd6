"""Doorbells of people."""

from uuid import UUID

from celery import shared_task

from apps.people.identity import judging, revival
from apps.people.joining import telling
from apps.people.notify import delivering, expiring, planning, retention
from apps.people.privacy import erasing, files, watching
from apps.people.roster import importing, jobs
from infra.kit import clock
from tenants.api import everywhere


@shared_task(name="apps.people.tasks.import_roster")
def import_roster(job_uuid: str) -> str:
    """Bring one uploaded list in; returns the state it ended in."""
    return importing.run(UUID(job_uuid), at=clock.now()).state


@shared_task(name="people.forget_rosters")
def forget_rosters() -> int:
    """Remove the files of lists nobody touched for a week, in every enterprise."""
    return everywhere(lambda: jobs.forget_old(at=clock.now()))


@shared_task(name="people.judge_face")
def judge_face(check: str) -> str:
    """Judge one burst of frames; runs in the face workers only (`task_routes`). Safe to ring twice."""
    return judging.judge(UUID(check), at=clock.now())


@shared_task(name="people.revive_faces")
def revive_faces() -> int:
    """Ring again for checks that wait, in every enterprise."""
    return everywhere(lambda: revival.revive(at=clock.now()))


@shared_task(name="people.send_notices")
def send_notices() -> int:
    """Lay out and send the notices that wait in this enterprise. Safe to ring twice."""
    at = clock.now()
    planning.plan(at=at)
    done = delivering.deliver(at=at)
    if done == delivering.MOST:  # the next fifty let other work pass first
        send_notices.delay()
    return done


@shared_task(name="people.revive_notices")
def revive_notices() -> int:
    """Ring in every enterprise where something is due: retries, ends of quiet hours, lost messages."""
    return everywhere(_revive_notices)


def _revive_notices() -> int:
    if not delivering.has_due(at=clock.now()):
        return 0
    send_notices.delay()
    return 1


@shared_task(name="people.watch_qualifications")
def watch_qualifications() -> int:
    """Tell of special-operation certificates that end soon, in every enterprise."""
    return everywhere(lambda: expiring.tell(at=clock.now()))


@shared_task(name="people.forget_notices")
def forget_notices() -> int:
    """Remove notices that are older than half a year, in every enterprise."""
    return everywhere(lambda: retention.forget_old(at=clock.now()), include_suspended=True)


@shared_task(name="people.tell_refused")
def tell_refused() -> int:
    """Send the result to those of this enterprise who were refused. Safe to ring twice."""
    return telling.tell_refused(at=clock.now())


@shared_task(name="people.tell_refused_everywhere")
def tell_refused_everywhere() -> int:
    """Close what nobody decided, and send what could not be sent before, in every enterprise."""
    return everywhere(_tell_refused)


def _tell_refused() -> int:
    telling.close_forgotten(at=clock.now())
    return telling.tell_refused(at=clock.now())


@shared_task(name="people.build_export")
def build_export(request: str) -> str:
    """Put everything about one person together; returns the state it ended in. Safe to ring twice."""
    return files.build(UUID(request), at=clock.now()).state


@shared_task(name="people.watch_privacy")
def watch_privacy() -> int:
    """Remind of requests, remove files nobody fetched, erase what no law keeps any more, in every enterprise."""
    return everywhere(_watch_privacy, include_suspended=True)


def _watch_privacy() -> int:
    at = clock.now()
    return watching.watch(at=at) + files.forget_old(at=at) + erasing.run_due(at=at)
