"""Figures of a jurisdiction, its areas and its enterprises, out of what was counted at night: no enterprise's schema is opened. Runs on the platform."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, FloatField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Left, NullIf

from infra.ui import wording
from public.portal import periods
from public.portal.models import Figures
from public.regulators import api as regulators
from tenants import divisions
from tenants.api import Enterprise

PER_PAGE = 50
SORTS = ("name", "-name", "coverage", "-coverage", "people", "-people", "passed", "-passed")
_SUMMED = (
    "on_books", "covered", "people", "effective_ms", "exams", "exams_passed", "certificates", "complaints", "complaints_in_time",
)  # fmt: skip
_NAME = {2: 4, 4: 6}
"""Digits of a jurisdiction to those of its areas; a county has none below."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of one enterprise or of many in one period. ``enterprises``: on the platform; ``active``: where anybody trained."""

    enterprises: int = 0
    active: int = 0
    on_books: int = 0
    covered: int = 0
    people: int = 0
    effective_ms: int = 0
    exams: int = 0
    exams_passed: int = 0
    certificates: int = 0
    complaints: int = 0
    complaints_in_time: int = 0
    counted_at: datetime | None = None

    @property
    def hours(self) -> str:
        """Credit hours, cut to one decimal (clause 三.5)."""
        return wording.credit_hours(self.effective_ms // 1000)

    @property
    def coverage(self) -> float | None:
        """Share of the people on the books who trained; None where nobody is on them."""
        return _share(self.covered, self.on_books)

    @property
    def passed(self) -> float | None:
        """Share of the exams that were passed."""
        return _share(self.exams_passed, self.exams)

    @property
    def in_time(self) -> float | None:
        """Share of the decided complaints that were decided in time."""
        return _share(self.complaints_in_time, self.complaints)


@dataclass(frozen=True, slots=True)
class Area:
    """One city or county with its figures; ``code``: 4 or 6 digits."""

    code: str
    name: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Line:
    """One enterprise with its figures."""

    enterprise: Enterprise
    division: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of a trend: ``height`` of 100, of the tallest."""

    period: str
    month: int
    totals: Totals
    height: int = 0

    @property
    def shown(self) -> int:
        """The height as drawn: what is not nothing can be seen."""
        return max(self.height, 2)

    @property
    def top(self) -> int:
        """Where the bar begins, from above."""
        return 100 - self.shown


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _figures(prefix: str) -> QuerySet[Figures]:
    return Figures.objects.filter(schema_name__in=regulators.enterprises_in(prefix).values("schema_name"))


def _sums() -> dict[str, Any]:
    return {f"of_{name}": Sum(name) for name in _SUMMED} | {
        "active": Count("pk", filter=Q(people__gt=0)),
        "at": Max("counted_at"),
    }


def _totals(row: Mapping[str, Any], enterprises: int = 0) -> Totals:
    summed = {name: int(row[f"of_{name}"] or 0) for name in _SUMMED}
    return Totals(enterprises=enterprises, active=row["active"], counted_at=row["at"], **summed)


def totals(prefix: str, *, period: str) -> Totals:
    """Return the figures of a jurisdiction; two queries."""
    count = regulators.enterprises_in(prefix).count()
    return _totals(_figures(prefix).filter(period=period).aggregate(**_sums()), count)


def areas(prefix: str, *, period: str) -> list[Area]:
    """Return the areas of a jurisdiction in which there are enterprises, in the order of their codes; none below a county. Two queries."""
    digits = _NAME.get(len(prefix))
    if digits is None:
        return []
    places = regulators.enterprises_in(prefix).annotate(area=Left("division_code", digits)).values("area")
    counted = dict(places.order_by("area").values_list("area").annotate(n=Count("pk")))
    where = Enterprise.objects.filter(schema_name=OuterRef("schema_name")).values("division_code")[:1]
    rows = _figures(prefix).filter(period=period).annotate(area=Left(Subquery(where), digits))
    found = {row["area"]: row for row in rows.order_by("area").values("area").annotate(**_sums())}
    return [
        Area(code, divisions.full_name(code), _totals(found[code], n) if code in found else Totals(enterprises=n))
        for code, n in counted.items()
    ]


def trend(prefix: str, *, today: date, schema: str = "") -> list[Bar]:
    """Return the last twelve months of a jurisdiction or of one enterprise, by people who trained; one query."""
    months = periods.last_months(today)
    rows = Figures.objects.filter(schema_name=schema) if schema else _figures(prefix)
    summed = rows.filter(period__in=months).order_by("period").values("period").annotate(**_sums())
    found = {row["period"]: _totals(row) for row in summed}
    most = max((one.people for one in found.values()), default=0)
    bars = [(month, found.get(month, Totals())) for month in months]
    return [Bar(month, int(month[5:]), one, one.people * 100 // most if most else 0) for month, one in bars]


def enterprises(
    prefix: str, *, period: str, text: str = "", area: str = "", show: str = "", sort: str = ""
) -> QuerySet[Enterprise]:
    """Return the enterprises of a jurisdiction.

    :param area: only those whose division begins so; what lies outside the jurisdiction finds nothing
    :param show: ``idle``: on the platform, but nobody trained in the period; "" for all
    :param sort: one of `SORTS`
    """
    rows = regulators.enterprises_in(prefix)
    if area:
        rows = rows.filter(division_code__startswith=area) if area.isdecimal() else rows.none()
    if said := text.replace("\0", "").strip():
        rows = rows.filter(Q(name__icontains=said) | Q(uscc__iexact=said))
    of = Figures.objects.filter(schema_name=OuterRef("schema_name"), period=period)
    if show == "idle":
        active = Figures.objects.filter(period=period, people__gt=0).values("schema_name")
        rows = rows.exclude(schema_name__in=active).exclude(status=Enterprise.Status.CLOSED)
    keys: dict[str, Any] = {
        "people": F("people"),
        "coverage": Cast("covered", FloatField()) / NullIf("on_books", 0),
        "passed": Cast("exams_passed", FloatField()) / NullIf("exams", 0),
    }
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    if name not in keys:
        return rows.order_by("-name" if sort == "-name" else "name", "pk")
    rows = rows.annotate(key=Subquery(of.annotate(value=keys[name]).values("value")[:1]))
    ordered: QuerySet[Enterprise] = rows.order_by(
        F("key").desc(nulls_last=True) if falling else F("key").asc(nulls_first=True), "name", "pk"
    )
    return ordered


def page(rows: QuerySet[Enterprise], *, period: str, number: str) -> tuple[Page[Enterprise], list[Line]]:
    """Return one page and its lines; three queries."""
    found = Paginator(rows, PER_PAGE).get_page(number)
    return found, lines(found, period=period)


def lines(rows: Iterable[Enterprise], *, period: str) -> list[Line]:
    """Return enterprises with their figures; one query."""
    found = list(rows)
    known = {
        one.schema_name: one for one in Figures.objects.filter(period=period, schema_name__in=[row.schema_name for row in found])
    }
    return [Line(row, divisions.full_name(row.division_code), _of(known.get(row.schema_name))) for row in found]


def of_enterprise(schema: str, *, period: str) -> Totals:
    """Return the figures of one enterprise; one query."""
    return _of(Figures.objects.filter(schema_name=schema, period=period).first())


def _of(row: Figures | None) -> Totals:
    if row is None:
        return Totals(enterprises=1)
    said = {name: getattr(row, name) for name in _SUMMED}
    return Totals(enterprises=1, active=int(row.people > 0), counted_at=row.counted_at, **said)
