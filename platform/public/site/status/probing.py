"""The probes: each component is really used, once a minute, and the minute is written down as a bit.

The round is a task, so that a dead worker writes nothing; minutes that nobody measured count as not working (`rules.uptime`). When the
database does not answer, what was found waits in the cache for the next round.
"""

import json
import logging
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error, connection
from redis.exceptions import RedisError

from public.catalogue import api as catalogue
from public.site.status import snapshot
from public.site.status.models import Component
from public.site.status.rules import bit, hour_of
from tenants import storage

log = logging.getLogger("anxue.status")
_WAITING, _ECHO = "platform:status-waiting", "platform:status-echo"
_KEPT_S, _SLOW_S = 3_600, 5.0
ECHO_LATE = timedelta(seconds=150)
"""A bell that was rung with the last round must have been heard by this one."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one probe found: ``ok``, and how long it took in ms."""

    component: str
    ok: bool
    latency_ms: int


class NothingToTry(Exception):
    """There is nothing to try it on yet, such as a first film; the minute counts as working."""


def web() -> None:
    """Ask our own web as a browser does, through HTTP."""
    proxy = {"X-Forwarded-Proto": "https"} if settings.SECURE_SSL_REDIRECT else {}
    request = urllib.request.Request(settings.STATUS_WEB_URL, headers={"Host": settings.PLATFORM_HOST, **proxy})  # noqa: S310 - a setting
    with urllib.request.urlopen(request, timeout=_SLOW_S) as reply:  # noqa: S310
        if reply.status != 200:
            raise OSError(f"the web answers {reply.status}")


def database() -> None:
    """Let the database compute."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def cached() -> None:
    """Write into the cache and read it back."""
    key, value = "platform:status-try", uuid.uuid4().hex
    cache.set(key, value, 60)
    if cache.get(key) != value:
        raise OSError("the cache has lost what was just written")


def stored() -> None:
    """Write a file into the object store, read it back and remove it."""
    data = uuid.uuid4().bytes
    name = default_storage.save(storage.key(f"status/{uuid.uuid4()}"), ContentFile(data))
    try:
        with default_storage.open(name) as file:
            if file.read() != data:
                raise OSError("the object store gives back something else")
    finally:
        default_storage.delete(name)


def film() -> None:
    """Open the first piece of a published film as a player would, and read it.

    :raises NothingToTry: no film is published yet
    """
    for version in reversed(catalogue.published_ids(limit=50)):
        for lesson in catalogue.course(version).coursewares:
            if lesson.is_quiz:
                continue
            package = catalogue.playback(lesson.media).package
            steps = [package, *package.get("renditions", ())]
            for name in (step["init"] for step in steps if "init" in step):
                with catalogue.open_media(lesson.media, name) as file:
                    if not file.read(1 << 16):
                        raise OSError("an empty film")
                return
    raise NothingToTry


def worker() -> None:
    """Look whether the bell that the last round rang was heard by a worker.

    :raises NothingToTry: nobody has rung yet
    """
    echo = cache.get(_ECHO)
    if echo is None:
        raise NothingToTry
    if datetime.now(UTC) - datetime.fromisoformat(echo) > ECHO_LATE:
        raise OSError("no worker has answered for a while")


def heard(*, at: datetime) -> None:
    """A worker has heard the bell."""
    cache.set(_ECHO, at.isoformat(), _KEPT_S)


PROBES: dict[str, Callable[[], None]] = {
    Component.WEB: web,
    Component.WORKER: worker,
    Component.DATABASE: database,
    Component.CACHE: cached,
    Component.STORAGE: stored,
    Component.MEDIA: film,
}


def tried(component: str, probe: Callable[[], None]) -> Found:
    """Try one component; whatever it raises is a finding, in the log by its kind only (words may name hosts)."""
    begun, ok = time.monotonic(), True
    try:
        probe()
    except NothingToTry:
        pass
    except Exception as error:  # a probe is there to fail
        ok = False
        log.warning("probe %s failed: %s", component, type(error).__name__)
    return Found(component, ok, int((time.monotonic() - begun) * 1000))


def round_of_all(*, at: datetime, probes: dict[str, Callable[[], None]] | None = None) -> list[Found]:
    """Try everything, write it down under the minute of ``at``, and renew the page that outlives the site."""
    found = [tried(component, probe) for component, probe in (probes or PROBES).items()]
    keep([(at, one) for one in found])
    snapshot.write({one.component: one.ok for one in found}, at=at)
    return found


def keep(findings: list[tuple[datetime, Found]]) -> None:
    """Write findings down, with those that waited; where the database is away they wait in the cache."""
    waiting = _waiting()
    try:
        for moment, one in [*waiting, *findings]:
            _write(moment, one)
    except Error:
        _wait([*waiting, *findings])
        return
    if waiting:
        _wait([])


_UPSERT = """
INSERT INTO site_probehour AS t (component, hour, measured, ok, latency_ms, slowest_ms) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (component, hour) DO UPDATE SET
  ok = CASE WHEN t.measured & EXCLUDED.measured = 0 THEN t.ok | EXCLUDED.ok ELSE t.ok END,
  latency_ms = t.latency_ms + EXCLUDED.latency_ms, slowest_ms = greatest(t.slowest_ms, EXCLUDED.slowest_ms),
  measured = t.measured | EXCLUDED.measured
"""
"""A minute is judged once: whoever measures it again changes nothing about it."""


def _write(at: datetime, one: Found) -> None:
    here = bit(at)
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [one.component, hour_of(at), here, here if one.ok else 0, one.latency_ms, one.latency_ms])


def _waiting() -> list[tuple[datetime, Found]]:
    try:
        rows = json.loads(cache.get(_WAITING) or "[]")
    except RedisError:
        return []
    return [(datetime.fromisoformat(row[0]), Found(*row[1:])) for row in rows]


def _wait(findings: list[tuple[datetime, Found]]) -> None:
    rows = [[moment.isoformat(), one.component, one.ok, one.latency_ms] for moment, one in findings[-1000:]]
    try:
        cache.set(_WAITING, json.dumps(rows), _KEPT_S * 24)
    except RedisError:
        log.warning("neither database nor cache answers: this minute counts as not measured")
