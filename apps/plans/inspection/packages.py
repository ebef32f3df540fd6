"""Packages for inspectors: ordered, watched, cancelled, handed out, forgotten. `building.py` makes them."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.plans.inspection import rules
from apps.plans.models import InspectionLink, InspectionPackage
from infra.kit.errors import DomainError
from tenants import orders

State = InspectionPackage.State
OPEN, is_ready = orders.OPEN, orders.is_ready
PURPOSE = "inspection-package"


def order(*, unit_id: int | None, since: date, until: date, by: int, at: datetime) -> InspectionPackage:
    """Queue a package; part of the caller's transaction, its task is rung at the commit.

    :raises DomainError: 409 ``package_running``: one at a time
    """
    from apps.plans.tasks import build_package

    if not orders.turn(InspectionPackage.objects.all(), name=PURPOSE, at=at):
        raise DomainError("package_running", _("上一份材料包还在生成，请等它完成或先取消。"), status=409)
    row = InspectionPackage.objects.create(
        unit_id=unit_id, since=since, until=until, by_id=by, at=at, rung_at=at, expires_at=at + rules.KEPT
    )
    orders.ring(row, build_package)
    return row


def of_uuid(uuid: UUID, *, lock: bool = False) -> InspectionPackage:
    """Return a package.

    :raises DomainError: 404 ``not_found``
    """
    rows = InspectionPackage.objects.select_for_update() if lock else InspectionPackage.objects.select_related("unit", "by")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份材料包。"), status=404)
    return row


def newest(limit: int = 10) -> QuerySet[InspectionPackage]:
    """Return the latest packages."""
    return InspectionPackage.objects.select_related("unit", "by").order_by("-at", "-pk")[:limit]


def progress_of(row: InspectionPackage) -> dict[str, object]:
    """Return ``{"step", "done", "total", "left_s"}`` of a package that is being made."""
    return orders.progress(row) or {"step": "", "done": 0, "total": 0, "left_s": None}


@transaction.atomic
def cancel(*, uuid: UUID, at: datetime) -> InspectionPackage:
    """Stop a package that is not made yet; a worker at it stops within a second. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = of_uuid(uuid, lock=True)
    orders.cancel(row, at=at)
    return row


def file_of(row: InspectionPackage, *, at: datetime) -> Iterator[bytes]:
    """Return the ZIP piece by piece.

    :raises DomainError: 410 ``file_gone``: not made, expired, or removed; 409 ``package_running``
    """
    if row.state in OPEN:
        raise DomainError("package_running", _("材料包还在生成，请稍等几分钟再下载。"), status=409)
    found = orders.pieces(row, purpose=PURPOSE) if is_ready(row, at) else None
    if found is None:
        orders.refuse_withdrawn(row)
        raise DomainError("file_gone", _("这份材料包已过期或没有生成，请重新生成。"), status=410)
    return found


def forget_old(*, at: datetime) -> int:
    """Remove the files of packages whose time is over (only necessary personal data, PIPL art. 19); returns how many."""
    return orders.forget_old(InspectionPackage.objects.all(), at=at)


def withdraw(*, at: datetime) -> None:
    """Withdraw every package, for each can hold whoever is being erased; links lead to the one that is made anew. Part of the caller's
    transaction.
    """
    from apps.plans.tasks import build_package

    for former, new in orders.withdraw(InspectionPackage.objects.all(), name=PURPOSE, task=build_package, at=at):
        InspectionLink.objects.filter(package=former).update(package=new)
