"""Counting what the web answers, without asking Valkey each time: a process sums up and hands over every few seconds."""

import logging
import threading
import time
from collections import defaultdict

from redis.exceptions import RedisError

from tenants import valkey

log = logging.getLogger("anxue.load")
HANDED_OVER_S, _KEPT_S = 5.0, 600


class Counter:
    """Answers of this process by minute: how many, and how many microseconds they took together. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minutes: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        self._handed_over = time.monotonic()

    def add(self, seconds: float, *, now: float | None = None) -> None:
        """Count one answer; now and then hand over what was counted. A Valkey that is away loses some counts, never an answer.

        :param seconds: how long it took
        :param now: Unix time, for tests
        """
        minute = int(time.time() if now is None else now) // 60
        with self._lock:
            found = self._minutes[minute]
            found[0] += 1
            found[1] += int(seconds * 1_000_000)
            is_due = time.monotonic() - self._handed_over >= HANDED_OVER_S or len(self._minutes) > 1
            counted = self._taken() if is_due else {}
        if counted:
            _hand_over(counted)

    def flush(self) -> None:
        """Hand over what was counted."""
        with self._lock:
            counted = self._taken()
        _hand_over(counted)

    def _taken(self) -> dict[int, list[int]]:
        counted, self._minutes = self._minutes, defaultdict(lambda: [0, 0])
        self._handed_over = time.monotonic()
        return counted


def _key(minute: int) -> str:
    return valkey.platform_key("load", "answers", str(minute))


def _hand_over(counted: dict[int, list[int]]) -> None:
    try:
        with valkey.client().pipeline(transaction=False) as line:
            for minute, (count, micros) in counted.items():
                line.hincrby(_key(minute), "count", count)
                line.hincrby(_key(minute), "micros", micros)
                line.expire(_key(minute), _KEPT_S)
            line.execute()
    except RedisError as error:
        log.warning("answers of some seconds were not counted: %s", type(error).__name__)


def answered(minute: int) -> tuple[int, float]:
    """Return how many answers all processes gave in a Unix minute, and how many seconds they took together.

    :raises RedisError: Valkey does not answer
    """
    found = valkey.client().hgetall(_key(minute))
    told = {str(name, "ascii"): int(value) for name, value in found.items()}  # type: ignore[union-attr]
    return told.get("count", 0), told.get("micros", 0) / 1_000_000


COUNTER = Counter()
"""Of this process."""
