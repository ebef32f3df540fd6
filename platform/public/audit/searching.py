"""Finding events among millions: every filter rests on an index, pages go on from the last line seen, counts stop at a limit."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.utils import OperationalError
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from tenants.api import require

MOST_COUNTED = 10_000
_PATIENCE_MS = 4_000
_TRACE = re.compile(r"[0-9a-f]{32}")
_ACTION = re.compile(r"[a-z_]+(\.[a-z_]*)+")
_CREDENTIAL = "credential:"
_REFERENCE = re.compile(r"[a-z_]+:\S*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; every part is optional. ``actors`` are references any of which may have acted; None: anybody.

    ``direction``: ``IN``, ``OUT`` or ``ANY`` for exchanges only.
    """

    since: datetime | None = None
    until: datetime | None = None
    schema: str = ""
    action: str = ""
    actors: tuple[str, ...] | None = None
    target: str = ""
    ip: str = ""
    trace: str = ""
    result: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page, newest first. ``after`` leads to the next one, "" at the end; ``count`` stops at :data:`MOST_COUNTED`."""

    rows: list[AuditEvent]
    after: str
    count: int

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > MOST_COUNTED


def understood(text: str, wanted: Wanted) -> Wanted | None:
    """Return ``wanted`` with what one box of text names: trace, address, action (``people.``) or reference (``manager:12``).

    None where the text is none of these; it may be a name then, which the log does not hold.
    """
    text = text.strip()
    if not text:
        return wanted
    plain = text.replace("-", "").lower()
    if _TRACE.fullmatch(plain):
        return replace(wanted, trace=plain)
    try:
        return replace(wanted, ip=str(ipaddress.ip_address(text)))
    except ValueError:
        pass
    if _ACTION.fullmatch(text):
        return replace(wanted, action=text)
    if _REFERENCE.fullmatch(text):
        return replace(wanted, target=text)
    return None


def search(wanted: Wanted, *, after: str = "", most: int = 50, counted: bool = True) -> Found:
    """Return one page of the events that fit, newest first; an enterprise finds its own only (row-level security).

    :param after: of the page before; nonsense begins anew
    :raises DomainError: 422 ``search_too_wide``: it would take longer than anybody waits
    """
    rows = _fitting(wanted)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{_PATIENCE_MS}ms"])
            count = rows.order_by()[: MOST_COUNTED + 1].count() if counted else 0
            found = list(_beyond(rows, after).order_by("-at", "-uuid")[: most + 1])
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise DomainError(
            "search_too_wide", _("查找范围太大。请选一段更短的时间，或加上企业、操作人、操作类型再查。"), status=422
        ) from error
    page = found[:most]
    return Found(page, _mark(page[-1]) if len(found) > most else "", count)


def _fitting(wanted: Wanted) -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.all()
    exact = {"schema_name": wanted.schema, "ip": wanted.ip, "trace": wanted.trace, "result": wanted.result}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.action:
        rows = rows.filter(_beginning(wanted.action))
    if wanted.actors is not None:
        rows = rows.filter(_by(wanted.actors))
    if wanted.target:
        rows = rows.filter(Q(target=wanted.target) | Q(actor=wanted.target))
    if wanted.direction == "ANY":
        return rows.exclude(direction="")
    return rows.filter(direction=wanted.direction) if wanted.direction in {"IN", "OUT"} else rows


def _beginning(words: str) -> RawSQL:
    """As LIKE, in a form that a row-level policy lets an index answer: LIKE might leak what a row holds, comparisons may not."""
    beyond = words[:-1] + chr(ord(words[-1]) + 1)
    return RawSQL("audit_event.action ~>=~ %s AND audit_event.action ~<~ %s", (words, beyond), output_field=BooleanField())


def _by(actors: Sequence[str]) -> Q:
    """Credentials count anew in each enterprise: on the platform they mean its own people, who act in the platform's log."""
    shared = [one for one in actors if not one.startswith(_CREDENTIAL)]
    own = [one for one in actors if one.startswith(_CREDENTIAL)]
    found = Q(actor__in=shared)
    return found | Q(actor__in=own, schema_name=require().schema) if own else found


def _mark(row: AuditEvent) -> str:
    return base64.urlsafe_b64encode(f"{row.at.isoformat()}|{row.uuid}".encode()).decode()


def _beyond(rows: QuerySet[AuditEvent], after: str) -> QuerySet[AuditEvent]:
    try:
        at, _bar, number = base64.urlsafe_b64decode(after.encode()).decode().partition("|")
        last, uuid = datetime.fromisoformat(at), UUID(number)
    except (ValueError, binascii.Error):
        return rows
    if last.tzinfo is None:
        return rows
    return rows.filter(at__lte=last).filter(Q(at__lt=last) | Q(uuid__lt=uuid))


def one(uuid: UUID, *, at: datetime) -> AuditEvent:
    """Return one event; its time keeps the search within one month.

    :raises DomainError: 404 ``not_found``
    """
    row = AuditEvent.objects.filter(uuid=uuid, at=at).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条记录，它可能已随旧月份归档。"), status=404)
    return row
