"""The meters. Each minute a worker reads them all; one that cannot be read is left out, and the board says since when."""

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from kombu.exceptions import ChannelError

from public.load.models import Meter
from public.monitor import api as monitor
from public.timing import api as timing

log = logging.getLogger("anxue.load")
GB = 1_000_000_000
_COMPLETE = 2
"""Minutes back to the last one into which nobody hands over any more."""
_FEW = 20
"""Of fewer waits one slow telephone would be a warning."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a meter says; ``capacity``: what the machine itself can bear at most, for meters that have one."""

    value: float
    capacity: float | None = None


class NothingYet(Exception):
    """There is nothing to measure, such as the response time of no request."""


def requests(at: datetime) -> Read:
    """Answers a second, as all processes told of them in the last whole minute."""
    count, _ms = timing.answered(int(at.timestamp()) // 60 - _COMPLETE)
    return Read(count / 60)


def response(at: datetime) -> Read:
    """Mean milliseconds of an answer in that minute.

    :raises NothingYet: nobody asked
    """
    count, ms = timing.answered(int(at.timestamp()) // 60 - _COMPLETE)
    if not count:
        raise NothingYet
    return Read(ms / count)


def pages(at: datetime) -> Read:
    """Mean milliseconds that people waited for an operation of the interface, as their browsers told it over the last 24 hours.

    :raises NothingYet: too few to say
    """
    found = timing.recent(timing.WAITS, since=at - timedelta(hours=24))
    if found.mean_ms is None or found.sampled < _FEW:
        raise NothingYet
    return Read(found.mean_ms)


def learners(at: datetime) -> Read:
    """People with a lesson open, over all enterprises; who falls silent counts until the session ends."""
    return Read(monitor.studying())


def connections(at: datetime) -> Read:
    """Connections to the database server, of all databases, and how many it takes from us."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT sum(numbackends) FROM pg_stat_database),"
            " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        )
        used, most = cursor.fetchone()
    return Read(float(used), float(most))


def queue(at: datetime) -> Read:
    """Tasks that wait in all queues."""
    routes = current_app.conf.task_routes or {}
    names = {current_app.conf.task_default_queue, *(one["queue"] for one in routes.values() if "queue" in one)}
    with current_app.connection_for_read() as link:
        channel: Any = link.default_channel
        return Read(float(sum(_waiting(channel, name) for name in names)))


def _waiting(channel: Any, name: str) -> int:
    try:
        return int(channel.queue_declare(queue=name, passive=True).message_count)
    except ChannelError:  # an empty queue is none
        return 0


def database(at: datetime) -> Read:
    """GB of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return Read(cursor.fetchone()[0] / GB)


def disk(at: datetime) -> Read:
    """GB used where the worker makes its files."""
    folder = Path(settings.WORK_FOLDER)
    while not folder.exists():
        folder = folder.parent
    found = shutil.disk_usage(folder)
    return Read((found.total - found.free) / GB, found.total / GB)


def memory(at: datetime) -> Read:
    """GB of memory in use on the worker's machine.

    :raises OSError: the system does not tell
    """
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    told = {name: int(rest.split()[0]) * 1024 for name, _colon, rest in (line.partition(":") for line in lines)}
    return Read((told["MemTotal"] - told["MemAvailable"]) / GB, told["MemTotal"] / GB)


def processor(at: datetime) -> Read:
    """Percent of the worker's processors that had work over the last minute; above 100 work waits."""
    return Read(os.getloadavg()[0] * 100 / (os.cpu_count() or 1), 100.0)


METERS: dict[str, Callable[[datetime], Read]] = {
    Meter.REQUESTS: requests,
    Meter.RESPONSE: response,
    Meter.PAGES: pages,
    Meter.LEARNERS: learners,
    Meter.CONNECTIONS: connections,
    Meter.QUEUE: queue,
    Meter.DATABASE: database,
    Meter.DISK: disk,
    Meter.MEMORY: memory,
    Meter.PROCESSOR: processor,
}


def read_all(*, at: datetime, meters: dict[str, Callable[[datetime], Read]] | None = None) -> dict[str, Read]:
    """Read every meter that can be read; why one cannot stands in the log by its kind only."""
    found: dict[str, Read] = {}
    for name, meter in (meters or METERS).items():
        try:
            found[name] = meter(at)
        except NothingYet:
            continue
        except Exception as error:  # one meter stops no other
            log.warning("meter %s cannot be read: %s", name, type(error).__name__)
    return found
