"""Counting times, without asking Valkey each time: a process adds up and hands over every few seconds, and learns the rates of samples on the way."""

import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from redis.exceptions import RedisError

from public.timing.audiences import Audience
from public.timing.models import Kind, Site
from public.timing.rules import BOUNDS, MOST_MS, Figures, bucket
from tenants import valkey

log = logging.getLogger("anxue.timing")
HANDED_OVER_S = 5.0
KEPT_MINUTES = 120
"""So long a worker may be away without a loss."""
EVERY: dict[str, int] = {
    Audience.LEARNER: 10,
    Audience.MANAGER: 1,
    Audience.OPERATOR: 1,
    Audience.AUTHORITY: 1,
    Audience.ANYBODY: 10,
}
"""Of how many page views one is timed, until somebody chooses: many learners tell enough, of the others each counts."""
_COUNT, _SAMPLED, _TOTAL, _BUCKETS = 0, 1, 2, 3


class Key(NamedTuple):
    """What a time belongs to: `models.Kind`, name of the page, `models.Site`, `models.Device`."""

    kind: str
    route: str
    site: str
    device: str


Cells = dict[Key, list[int]]
"""What was counted: how many, how many measured, milliseconds together, then the buckets of `rules.BOUNDS`."""


class Timer:
    """Times of this process since it last handed over. Safe among threads; a Valkey that is away loses some times, never an answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cells = _empty()
        self._handed_over = time.monotonic()
        self._every = EVERY

    def every(self, audience: str) -> int:
        """Return of how many page views of an audience one is timed, as known since the last hand-over."""
        return self._every.get(audience, 1)

    def add(self, key: Key, ms: int, *, stands_for: int = 1) -> None:
        """Count one time; now and then hand over.

        :param stands_for: how many that were not measured, itself included
        """
        taken = min(ms, MOST_MS)
        with self._lock:
            cell = self._cells[key]
            cell[_COUNT] += stands_for
            cell[_SAMPLED] += 1
            cell[_TOTAL] += taken * stands_for
            cell[_BUCKETS + bucket(taken)] += stands_for
        self.tick()

    def tick(self) -> None:
        """Hand over if it is time; also asked by who counts nothing, so that the last times of a quiet process arrive."""
        with self._lock:
            is_due = time.monotonic() - self._handed_over >= HANDED_OVER_S
            cells = self._taken() if is_due else {}
        if cells:
            self._hand_over(cells)

    def flush(self, *, now: float | None = None) -> None:
        """Hand over what was counted.

        :param now: Unix time, for tests
        """
        with self._lock:
            cells = self._taken()
        self._hand_over(cells, now=now)

    def _taken(self) -> Cells:
        cells, self._cells = self._cells, _empty()
        self._handed_over = time.monotonic()
        return cells

    def _hand_over(self, cells: Cells, *, now: float | None = None) -> None:
        """Write to the minute of now, not to that of the times: a minute that was added up already would never be looked at again."""
        kept = key_of(int(time.time() if now is None else now) // 60)
        try:
            with valkey.client().pipeline(transaction=False) as line:
                line.get(_rates_key())
                for key, cell in cells.items():
                    for slot, count in enumerate(cell):
                        if count:
                            line.hincrby(kept, _field(slot, key), count)
                line.expire(kept, KEPT_MINUTES * 60)
                told = line.execute()[0]
        except RedisError as error:
            log.warning("times of some seconds were not counted: %s", type(error).__name__)
            return
        self._every = {**EVERY, **json.loads(told)} if told else EVERY


def _empty() -> Cells:
    return defaultdict(lambda: [0] * (_BUCKETS + len(BOUNDS)))


def key_of(minute: int) -> str:
    """Return where the times handed over in a Unix minute lie."""
    return valkey.platform_key("timing", str(minute))


def _rates_key() -> str:
    return valkey.platform_key("timing", "every")


def publish(every: Mapping[str, int]) -> None:
    """Let all processes know the rates in force; each does with its next hand-over.

    :raises RedisError: Valkey does not answer
    """
    valkey.client().set(_rates_key(), json.dumps(dict(every)))


def handed_over(minutes: range) -> dict[int, dict[Key, Figures]]:
    """Return what all processes handed over in these Unix minutes; one round trip.

    :raises RedisError: Valkey does not answer
    """
    with valkey.client().pipeline(transaction=False) as line:
        for minute in minutes:
            line.hgetall(key_of(minute))
        found = line.execute()
    return {minute: _figures(fields) for minute, fields in zip(minutes, found, strict=True) if fields}


def answered(minute: int) -> tuple[int, int]:
    """Return how many answers of the server all processes handed over in a Unix minute, and how many milliseconds they took together.

    :raises RedisError: Valkey does not answer
    """
    keys = [Key(Kind.SERVER, "", site, "") for site in Site.values]
    found = valkey.client().hmget(key_of(minute), [_field(slot, key) for slot in (_COUNT, _TOTAL) for key in keys])
    told = [int(value or 0) for value in found]  # type: ignore[union-attr]
    return sum(told[: len(keys)]), sum(told[len(keys) :])


def _field(slot: int, key: Key) -> str:
    return f"{slot}|{'|'.join(key)}"


def _figures(fields: Mapping[bytes, bytes]) -> dict[Key, Figures]:
    cells = _empty()
    for name, value in fields.items():
        slot, *parts = name.decode().split("|")
        cells[Key(*parts)][int(slot)] += int(value)
    return {key: Figures(cell[_COUNT], cell[_SAMPLED], cell[_TOTAL], cell[_BUCKETS:]) for key, cell in cells.items()}


TIMER = Timer()
"""Of this process."""
