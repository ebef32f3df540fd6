"""Entries and certificates for other systems: pages by a place that is given in the order of commits, so that none is ever skipped."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from apps.records.certificates.models import Certificate
from apps.records.certificates.queries import certificate_view, counts, with_state
from apps.records.certificates.shapes import CertificateView
from apps.records.models import Leaf, LedgerEntry
from apps.records.queries import entry_view
from apps.records.shapes import EntryView, PlacedEntry


def entries_after(
    place: int, *, limit: int, kinds: Collection[str], subject: UUID | None = None, without: Collection[UUID] = ()
) -> list[PlacedEntry]:
    """Return the next entries by their place in the tree, which an entry gets when it is sealed, within a minute. One query.

    Ids are committed out of order, places are dense: whoever goes on from the last place misses nothing.

    :param place: the last one seen, -1 at first
    :param without: subjects whose entries are left out
    """
    rows = Leaf.objects.filter(index__gt=place, entry__kind__in=list(kinds)).select_related("entry")
    rows = rows.exclude(entry__subject__in=list(without))
    if subject is not None:
        rows = rows.filter(entry__subject=subject)
    return [PlacedEntry(row.index, row.entry.subject, entry_view(row.entry)) for row in rows.order_by("index")[:limit]]


def certificates_after(
    place: int, *, limit: int, subject: UUID | None = None, without: Collection[UUID] = ()
) -> list[tuple[int, CertificateView]]:
    """Return the next certificates with their serial, which is without gaps and in the order of commits. One query.

    :param place: the last serial seen, 0 at first
    :param without: subjects whose certificates are left out
    """
    rows = Certificate.objects.filter(serial__gt=place).exclude(subject__in=list(without))
    if subject is not None:
        rows = rows.filter(subject=subject)
    return [(row.serial, certificate_view(row)) for row in rows.order_by("serial")[:limit]]


def entries(ids: Iterable[int]) -> dict[int, tuple[UUID, EntryView]]:
    """Return id -> (subject, entry); unknown ids are absent. One query."""
    rows = LedgerEntry.objects.filter(pk__in=list(ids))
    return {row.pk: (row.subject, entry_view(row)) for row in rows}


def certificate_sums(*, on: date) -> dict[str, int]:
    """Return how many certificates are VALID, EXPIRED, RENEWED and REVOKED on a day, in one query."""
    found = counts(with_state(Certificate.objects.all()), on=on)
    return {state: found[state] for state in ("VALID", "EXPIRED", "RENEWED", "REVOKED")}
