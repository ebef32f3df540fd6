"""Reads for the pages of retention: what lies where, by month; who stands in which package."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum

from apps.records.retention import keys
from apps.records.retention.ports import KEEPERS
from public.audit import api as audit
from public.retention import api as retention
from public.retention.api import Package, Step, Term
from tenants.api import require

ONLINE, COLD, EXPIRED = "online", "cold", "expired"
STATES = (ONLINE, COLD, EXPIRED)
"""Packed, but the rows are still at hand; only in the package; destroyed, for its time is over."""

_ROUNDS = timedelta(hours=36)
"""A round is done each night; what one said counts until the next has."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of all packages that still exist. ``size`` in bytes; ``locked``: how many the store itself keeps."""

    packages: int
    rows: int
    size: int
    locked: int
    newest: date | None


def packages(*, what: str = "", state: str = "", subject: UUID | None = None, year: int | None = None) -> QuerySet[Package]:
    """Return the packages of the current enterprise, newest month first, each with ``erased_at`` and ``expired_at``.

    :param subject: only those that tell of this learner
    """
    rows = Package.objects.filter(schema_name=require().schema).defer("key_sealed", "learners")
    steps = Step.objects.filter(package=OuterRef("pk"))
    rows = rows.annotate(
        erased_at=Subquery(steps.filter(kind=Step.Kind.ERASED).values("at")[:1]),
        expired_at=Subquery(steps.filter(kind=Step.Kind.EXPIRED).values("at")[:1]),
    )
    if what:
        rows = rows.filter(what=what)
    if subject is not None:
        rows = rows.filter(learners__contains=[keys.index_of(subject)])
    if year is not None:
        rows = rows.filter(month__year=year)
    if state == EXPIRED:
        rows = rows.exclude(expired_at=None)
    elif state in {ONLINE, COLD}:
        rows = rows.filter(expired_at=None, erased_at__isnull=state == ONLINE)
    return rows.order_by("-month", "what", "volume")


def package(uuid: UUID) -> Package | None:
    """Return one package of the current enterprise with its moments, or None."""
    return packages().filter(uuid=uuid).first()


def totals() -> Totals:
    """Return the figures of what exists, in one query."""
    gone = Step.objects.filter(package=OuterRef("pk"), kind=Step.Kind.EXPIRED)
    rows = Package.objects.filter(~Exists(gone), schema_name=require().schema)
    found = rows.aggregate(
        packages=Count("pk"),
        rows=Sum("rows"),
        size=Sum("size"),
        locked=Count("pk", filter=Q(is_locked=True)),
        newest=Max("month"),
    )
    return Totals(found["packages"], found["rows"] or 0, found["size"] or 0, found["locked"], found["newest"])


def not_whole(at: datetime) -> list[tuple[str, str]]:
    """Return (words, month) of the packages that could not be verified in the last rounds; their rows are still at hand."""
    labels = dict(retention.What.choices)
    found = dict.fromkeys(target for _when, target in audit.latest("retention.not_whole", since=at - _ROUNDS))
    return [(str(labels.get(what, what)), month) for what, _colon, month in (target.partition(":") for target in found)]


def years() -> list[int]:
    """Return the years in which there are packages, newest first."""
    found = Package.objects.filter(schema_name=require().schema).dates("month", "year", order="DESC")
    return [one.year for one in found]


def terms(today: date) -> list[tuple[str, str, Term, list[retention.Period]]]:
    """Return (kind, words, longest periods, laws) of the kinds of data for which laws hold today, in two queries."""
    longest, laws = retention.terms(today), list(retention.in_force(today))
    labels = dict(retention.What.choices)
    order = [kind for kind in retention.What.values if kind in longest]
    return [(kind, str(labels[kind]), longest[kind], [row for row in laws if row.what == kind]) for kind in order]


def contents(package: Package) -> list[tuple[str, int]]:
    """Return (words, rows) of the parts of a package."""
    return [(KEEPERS.label(part), told["rows"]) for part, told in package.contents.items()]
