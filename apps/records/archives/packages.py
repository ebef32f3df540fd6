"""Packages of files: ordered, watched, cancelled, handed out, forgotten. `building.py` makes them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.records.archives.models import ArchivePackage
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import orders

State = ArchivePackage.State
OPEN, is_ready = orders.OPEN, orders.is_ready
KEPT = timedelta(days=7)
"""How long a package lies in the object store."""
MOST = 1_000
"""Files of one package; a thousand take a worker about two minutes."""
PURPOSE = "archive-package"


@transaction.atomic
def order(
    *, kind: str, subjects: Sequence[UUID], within: frozenset[int] | None, by: str, by_name: str, at: datetime
) -> ArchivePackage:
    """Queue a package of chosen learners or plans; its task is rung at the commit.

    :param subjects: those that the asker sees; whether they do is the caller's question
    :param by: a reference such as ``manager:12``
    :raises DomainError: 422 ``nobody``, ``too_many``; 409 ``package_running``: one at a time
    """
    from apps.records.tasks import build_archives

    chosen = list(dict.fromkeys(str(one) for one in subjects))
    if not chosen:
        raise DomainError("nobody", _("请先选择要打包的档案。"), status=422)
    if len(chosen) > MOST:
        raise DomainError("too_many", _("一次最多打包 %(n)d 份，请缩小范围分几次。") % {"n": MOST}, status=422)
    if not orders.turn(ArchivePackage.objects.all(), name=PURPOSE, at=at):
        raise DomainError("package_running", _("上一份档案包还在生成，请等它完成或先取消。"), status=409)
    row = ArchivePackage.objects.create(
        kind=kind, subjects=chosen, within=None if within is None else sorted(within), by=by, by_name=by_name, at=at, rung_at=at,
        expires_at=at + KEPT,
    )  # fmt: skip
    audit.record("archives.package_ordered", actor=by, target=f"archives:{row.uuid}", at=at, kind=kind, files=len(chosen))
    orders.ring(row, build_archives)
    return row


def packages(*, by: str = "") -> QuerySet[ArchivePackage]:
    """Return packages, newest first.

    :param by: only those of this reference; "" for all
    """
    rows = ArchivePackage.objects.defer("subjects").order_by("-at", "-pk")
    return rows.filter(by=by) if by else rows


def package(uuid: UUID, *, by: str = "", lock: bool = False) -> ArchivePackage:
    """Return one package.

    :param by: only if this reference ordered it; "" for whoever did
    :raises DomainError: 404 ``not_found``
    """
    rows = ArchivePackage.objects.select_for_update() if lock else ArchivePackage.objects.all()
    row = rows.filter(uuid=uuid, **({"by": by} if by else {})).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份档案包。"), status=404)
    return row


def progress_of(row: ArchivePackage) -> dict[str, object]:
    """Return ``{"done", "total", "left_s"}`` of a package that is being made."""
    return orders.progress(row) or {"done": 0, "total": 0, "left_s": None}


@transaction.atomic
def cancel(*, uuid: UUID, by: str = "", at: datetime) -> ArchivePackage:
    """Stop a package that is not made yet; a worker at it stops before the next file. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = package(uuid, by=by, lock=True)
    orders.cancel(row, at=at)
    return row


def file_of(row: ArchivePackage, *, by: str, at: datetime) -> Iterator[bytes]:
    """Return the ZIP piece by piece, and write down who took it.

    :raises DomainError: 410 ``file_gone``: not made, expired, or removed; 409 ``package_running``
    """
    if row.state in OPEN:
        raise DomainError("package_running", _("档案包还在生成，请稍等再下载。"), status=409)
    found = orders.pieces(row, purpose=PURPOSE) if is_ready(row, at) else None
    if found is None:
        orders.refuse_withdrawn(row)
        raise DomainError("file_gone", _("这份档案包已过期或没有生成，请重新打包。"), status=410)
    audit.record("archives.package_taken", actor=by, target=f"archives:{row.uuid}", at=at, sha256=row.sha256)
    return found


def forget_old(*, at: datetime) -> int:
    """Remove the files of packages whose time is over (only necessary personal data, PIPL art. 19); returns how many."""
    return orders.forget_old(ArchivePackage.objects.all(), at=at, subjects=[])


def withdraw(*, subject: UUID, at: datetime) -> None:
    """Withdraw what can hold a learner who is being erased: packages of the own file, and of classes. Part of the caller's transaction."""
    from apps.records.tasks import build_archives

    holds = Q(kind=ArchivePackage.Kind.CLASSES) | Q(subjects__contains=[str(subject)])
    orders.withdraw(ArchivePackage.objects.filter(holds), name=PURPOSE, task=build_archives, at=at, subjects=[])
