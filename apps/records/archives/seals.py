"""How far the entries of a learner, or of many, are sealed: what a file says about itself."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from apps.records.archives.shapes import Seal
from apps.records.models import Leaf, LedgerEntry
from apps.records.queries import verify_chain
from public.seals import api as seals


@dataclass(frozen=True, slots=True)
class Sums:
    """Entries of one learner: how many there are, and how many have a place in the sealed tree."""

    entries: int = 0
    sealed: int = 0


def seal_of(subject: UUID) -> Seal:
    """Return how one learner's chain stands: whole or not, how much of it is sealed, under which head; five queries."""
    report = verify_chain(subject)
    sealed = Leaf.objects.filter(entry__subject=subject).count()
    total = LedgerEntry.objects.filter(subject=subject).count()
    return with_head(Seal(total, sealed, report.is_whole, str(report.reason)))


def with_head(found: Seal) -> Seal:
    """Return a seal with the enterprise's newest head, where there is one."""
    head = seals.newest()
    if head is None:
        return found
    root = base64.b64encode(bytes(head.root)).decode()
    return Seal(found.entries, found.sealed, found.is_whole, found.problem, head.size, root, head.at)


def sums_of(subjects: Iterable[UUID]) -> dict[UUID, Sums]:
    """Return learner -> entries and sealed ones; one query. Who has none is absent."""
    wanted = list(subjects)
    rows = LedgerEntry.objects.filter(subject__in=wanted).values("subject").annotate(n=Count("pk"), sealed=Count("leaf"))
    return {row["subject"]: Sums(row["n"], row["sealed"]) for row in rows}


def sealed_numbers(subject: UUID) -> frozenset[int]:
    """Return the numbers of a learner's entries that are sealed; one query."""
    return frozenset(Leaf.objects.filter(entry__subject=subject).values_list("entry__n", flat=True))
