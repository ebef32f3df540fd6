"""Packages for inspectors: ordered, watched, cancelled, handed out, forgotten. `building.py` makes them."""

import logging
from datetime import date, datetime, timedelta
from uuid import UUID

import kombu.exceptions
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.people import api as people
from apps.plans.inspection import rules
from apps.plans.models import InspectionPackage
from infra.kit.errors import DomainError

log = logging.getLogger("anxue.inspection")
State = InspectionPackage.State
OPEN = (State.QUEUED, State.RUNNING)
KEPT_S = 3600
_LOST_AFTER = timedelta(hours=1)
PURPOSE = "inspection-package"


def order(*, unit_id: int | None, since: date, until: date, by: int, at: datetime) -> InspectionPackage:
    """Queue a package; part of the caller's transaction, its task is rung at the commit.

    :raises DomainError: 409 ``package_running``: one at a time
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('inspection-package'))")
    InspectionPackage.objects.filter(state__in=OPEN, rung_at__lt=at - _LOST_AFTER).update(state=State.FAILED, ended_at=at)
    if InspectionPackage.objects.filter(state__in=OPEN).exists():
        raise DomainError("package_running", _("上一份材料包还在生成，请等它完成或先取消。"), status=409)
    row = InspectionPackage.objects.create(
        unit_id=unit_id, since=since, until=until, by_id=by, at=at, rung_at=at, expires_at=at + rules.KEPT
    )
    _ring(row)
    return row


def _ring(row: InspectionPackage) -> None:
    """Wake a worker once the row is committed; a broker that does not answer ends it, so that nothing waits for ever."""
    from apps.plans.tasks import build_package

    def wake() -> None:
        try:
            build_package.delay(str(row.uuid))
        except (kombu.exceptions.OperationalError, RedisError) as error:
            log.error("package %s was not queued: %s", row.uuid, type(error).__name__)
            InspectionPackage.objects.filter(pk=row.pk, state=State.QUEUED).update(state=State.FAILED, ended_at=row.at)

    transaction.on_commit(wake)


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
    known: dict[str, object] | None = cache.get(f"package:{row.uuid}")
    return known or {"step": "", "done": 0, "total": 0, "left_s": None}


@transaction.atomic
def cancel(*, uuid: UUID, at: datetime) -> InspectionPackage:
    """Stop a package that is not made yet; a worker at it stops within a second. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = of_uuid(uuid, lock=True)
    if row.state in OPEN:
        row.state, row.ended_at = State.CANCELLED, at
        row.save(update_fields=["state", "ended_at"])
    return row


def file_of(row: InspectionPackage, *, at: datetime) -> bytes:
    """Return the ZIP.

    :raises DomainError: 410 ``file_gone``: not made, expired, or removed; 409 ``package_running``
    """
    if row.state in OPEN:
        raise DomainError("package_running", _("材料包还在生成，请稍等几分钟再下载。"), status=409)
    if row.state != State.DONE or at >= row.expires_at or not default_storage.exists(row.storage_key):
        raise DomainError("file_gone", _("这份材料包已过期或没有生成，请重新生成。"), status=410)
    with default_storage.open(row.storage_key) as file:
        return people.unseal_bytes(bytes(file.read()), PURPOSE)


def is_ready(row: InspectionPackage | None, at: datetime) -> bool:
    """Say whether there is something to download."""
    return row is not None and row.state == State.DONE and at < row.expires_at


def forget_old(*, at: datetime) -> int:
    """Remove the files of packages whose time is over (only necessary personal data, PIPL art. 19); returns how many."""
    old = list(InspectionPackage.objects.exclude(storage_key="").filter(expires_at__lte=at))
    for row in old:
        default_storage.delete(row.storage_key)
        row.storage_key, row.state = "", State.EXPIRED
        row.save(update_fields=["storage_key", "state"])
    return len(old)
