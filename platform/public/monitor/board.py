"""The live board over all enterprises: open cards with the last beat of each, in one statement and without opening a schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.monitor.models import Sitting
from public.monitor.words import ALERT_SCORE
from tenants.models import Enterprise

PER_PAGE = 25
SILENT = timedelta(seconds=40)
_WINDOW = timedelta(minutes=35)
"""Sessions end after 30 silent minutes, so an older beat belongs to nobody who studies."""
MANY_BESIDE = 10
"""From this many open sessions behind one address on, the board says so."""
SORTS: Mapping[str, str] = {
    "score": "score, session",
    "-score": "score DESC, last_at DESC, session",
    "last": "last_at, session",
    "-last": "last_at DESC, session",
    "opened": "opened_at, session",
    "-opened": "opened_at DESC, session",
    "enterprise": "enterprise, opened_at DESC, session",
    "-enterprise": "enterprise DESC, opened_at DESC, session",
}
_SQL = """
WITH live AS MATERIALIZED (
  SELECT s.session, e.id AS enterprise_id, e.name AS enterprise, s.learner, s.course, s.lesson, s.duration_ms, host(s.ip) AS ip,
         s.opened_at, coalesce(b.at, s.opened_at) AS last_at, coalesce(b.state, 'opened') AS state,
         coalesce(b.position_ms, 0) AS position_ms, coalesce((b.details ->> 'score')::int, 0) AS score,
         coalesce(b.details -> 'holds', '[]')::text AS codes, coalesce((b.details ->> 'credited_ms')::int, 0) AS credited_ms,
         coalesce((b.details ->> 'provisional_ms')::int, 0) AS provisional_ms, count(*) OVER (PARTITION BY s.ip) AS beside
  FROM monitor_sitting s
  JOIN tenants_enterprise e ON e.schema_name = s.schema_name
  LEFT JOIN LATERAL (
    SELECT at, state, position_ms, details FROM audit_beat
    WHERE session = s.session AND at >= %(since)s ORDER BY seq DESC LIMIT 1) b ON true
  WHERE s.closed_at IS NULL
), sums AS (
  SELECT count(*) AS studying, count(DISTINCT enterprise_id) AS enterprises,
         count(*) FILTER (WHERE score >= %(alert)s) AS alerts, count(*) FILTER (WHERE last_at < %(silent)s) AS silent FROM live
), page AS (
  SELECT live.*, count(*) OVER () AS found FROM live WHERE {where} ORDER BY {order} LIMIT %(most)s OFFSET %(offset)s
)
SELECT sums.*, page.* FROM sums LEFT JOIN page ON true ORDER BY {outer}
"""


@dataclass(frozen=True, slots=True)
class Live:
    """One session that is open now, as its last beat left it. ``learner`` is masked."""

    session: UUID
    enterprise_id: int
    enterprise: str
    learner: str
    course: str
    lesson: str
    duration_ms: int
    ip: str
    opened_at: datetime
    last_at: datetime
    state: str
    position_ms: int
    score: int
    codes: list[str]
    credited_ms: int
    provisional_ms: int
    beside: int


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board with the sums over everybody. ``found`` counts what fits the filters."""

    studying: int
    enterprises: int
    alerts: int
    silent: int
    rows: list[Live]
    found: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found // PER_PAGE))


def board(*, text: str = "", show: str = "", sort: str = "", number: int = 1, at: datetime) -> Board:
    """Return one page of who studies now.

    :param text: part of an enterprise's, a course's or a lesson's name, or a whole network address
    :param show: ``alerts``, ``silent`` or "" for all
    :param sort: a key of ``SORTS``; alerts first when unknown
    """
    values: dict[str, Any] = {"since": at - _WINDOW, "alert": ALERT_SCORE, "silent": at - SILENT, "most": PER_PAGE}
    conditions = ["true"]
    for no, word in enumerate(text.split()[:5]):
        values[f"word{no}"], values[f"like{no}"] = word, f"%{_plain(word)}%"
        conditions.append(
            f"(enterprise ILIKE %(like{no})s OR course ILIKE %(like{no})s OR lesson ILIKE %(like{no})s OR ip = %(word{no})s)"
        )
    if show == "alerts":
        conditions.append("score >= %(alert)s")
    elif show == "silent":
        conditions.append("last_at < %(silent)s")
    order = SORTS.get(sort, SORTS["-score"])
    sql = _SQL.format(
        where=" AND ".join(conditions), order=order, outer=order
    )  # both from the tables above, never from a request
    found = _fetch(sql, {**values, "offset": (max(1, number) - 1) * PER_PAGE})
    if not found[0]["found"] and number > 1:
        return board(text=text, show=show, sort=sort, number=1, at=at)
    return _board(found, max(1, number))


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _fetch(sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _board(found: list[dict[str, Any]], number: int) -> Board:
    import json

    first = found[0]
    rows = [
        Live(**{**{name: row[name] for name in Live.__slots__}, "codes": json.loads(row["codes"])})
        for row in found
        if row["session"] is not None
    ]
    sums = {name: first[name] for name in ("studying", "enterprises", "alerts", "silent")}
    return Board(**sums, rows=rows, found=first["found"] or 0, number=number)


def sitting(session: UUID) -> tuple[Sitting, str]:
    """Return the card of a session, open or ended, and the enterprise's name.

    :raises DomainError: 404 ``not_found``
    """
    row = Sitting.objects.filter(session=session).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次学习，可能早于监控启用的时间。"), status=404)
    name = Enterprise.objects.filter(schema_name=row.schema_name).values_list("name", flat=True).first()
    return row, name or ""
