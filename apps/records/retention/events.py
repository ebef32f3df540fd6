"""Keeper of the enterprise's rows in the shared months of audit events (clauses 四.6 and 五.4)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.records.retention.ports import KeptRow, Span
from public.audit import api as audit


class Events:
    """Who did what, from where. Of everybody: a hold of one learner holds the whole month."""

    name, what, label, is_shared = "events", "EVENTS", _("操作日志"), True

    def oldest(self) -> datetime | None:
        """Return the moment of the oldest event."""
        return audit.oldest_event()

    def count(self, span: Span) -> int:
        """Return how many are still there."""
        return audit.count_events(span.since, span.until)

    def select(self, span: Span) -> Iterator[KeptRow]:
        """Yield the events of a month."""
        for part in audit.events_within(span.since, span.until):
            for row in part:
                body = {"actor": row.actor, "action": row.action, "target": row.target, "ip": row.ip, "details": row.details}
                yield KeptRow(str(row.uuid), None, row.at, body)

    def erase(self, package: UUID, rows: Sequence[KeptRow]) -> int:
        """Do nothing: the month goes as a whole (`public.audit`)."""
        return 0
