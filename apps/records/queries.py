"""Reads of the record."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.records import rules
from apps.records.models import LedgerEntry
from apps.records.shapes import ChainReport, EntryView


def entry_view(row: LedgerEntry) -> EntryView:
    """Return the view of a row."""
    return EntryView(row.pk, row.n, row.kind, row.body, row.at, bytes(row.hash).hex())


def entries_of(subject: UUID) -> list[EntryView]:
    """Return a learner's entries, oldest first."""
    return [entry_view(row) for row in LedgerEntry.objects.filter(subject=subject).order_by("n")]


def entries_of_kind(subjects: Iterable[UUID], kind: str) -> dict[UUID, list[EntryView]]:
    """Return learner -> entries of one kind, oldest first, of several learners; one query. Who has none is absent."""
    found: dict[UUID, list[EntryView]] = {}
    for row in LedgerEntry.objects.filter(subject__in=list(subjects), kind=kind).order_by("subject", "n"):
        found.setdefault(row.subject, []).append(entry_view(row))
    return found


def newest_entry_at(subject: UUID, *, but: Collection[str] = ()) -> datetime | None:
    """Return when the last entry of a learner happened, kinds in ``but`` left out; None where there is none."""
    rows = LedgerEntry.objects.filter(subject=subject).exclude(kind__in=list(but))
    return rows.order_by("-at").values_list("at", flat=True).first()


def verify_chain(subject: UUID) -> ChainReport:
    """Check a learner's chain from its first entry: numbers without gaps, each hash over the one before (clause 四.2)."""
    prev, n = rules.FIRST, 0
    for row in LedgerEntry.objects.filter(subject=subject).order_by("n").iterator():
        n += 1
        if row.n != n:
            return ChainReport(n - 1, n, _("第 %(n)s 条记录缺失。") % {"n": n})
        try:
            digest = rules.entry_hash(prev, subject=subject, n=n, kind=row.kind, body=row.body, at=row.at)
        except ValueError:  # nothing that has a canonical form, so nothing that we wrote
            digest = b""
        if bytes(row.prev) != prev or bytes(row.hash) != digest:
            return ChainReport(n - 1, n, _("第 %(n)s 条记录与指纹不符，内容可能被改动。") % {"n": n})
        prev = digest
    return ChainReport(n, None, "")
