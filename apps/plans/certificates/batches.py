"""Work on many certificates: ordered, watched, cancelled, handed out, forgotten. `building.py` does it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.plans.models import Assignment, CertificateBatch, TrainingPlan
from apps.records import api as records
from infra.kit.errors import DomainError
from tenants import orders

State, Kind = CertificateBatch.State, CertificateBatch.Kind
OPEN = orders.OPEN
MOST = 1_000
"""Certificates of one print: a ZIP of about 80 MB."""
KEPT = timedelta(days=7)
PURPOSE = "certificate-batch"


@transaction.atomic
def order_print(*, kind: str, ids: Sequence[int], origin: str, by: int, at: datetime) -> CertificateBatch:
    """Queue the print of certificates; its task is rung at the commit.

    :param kind: ``SHEETS`` (files of 50 pages) or ``FILES`` (one signed file each)
    :param origin: of the platform, e.g. ``https://anxue.example``
    :raises DomainError: 409 ``batch_running``: one at a time; 422 ``nothing_chosen``, ``too_many``
    """
    if not ids:
        raise DomainError("nothing_chosen", _("没有符合条件的证明，请先调整条件或勾选。"), status=422)
    if len(ids) > MOST:
        words = _("一次最多打印 %(most)d 份，现在是 %(n)d 份。请按计划或部门分几次打印。")
        raise DomainError("too_many", words % {"most": MOST, "n": len(ids)}, status=422)
    return _queued(CertificateBatch(kind=Kind(kind), ids=list(ids), total=len(ids), origin=origin, by_id=by), at)


@transaction.atomic
def order_issue(*, plan: UUID, by: int, at: datetime) -> CertificateBatch:
    """Queue a look at everybody of a running plan who has no certificate yet; whoever meets all conditions gets one.

    :raises DomainError: 404 ``not_found``; 409 ``batch_running``; 422 ``nobody_left``
    """
    row = TrainingPlan.objects.filter(uuid=plan, state=TrainingPlan.State.RUNNING, sample=False).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个进行中的培训计划，请重新选择。"), status=404)
    duties = Assignment.objects.filter(plan=row, state=Assignment.State.ASSIGNED, learner__status="ACTIVE")
    ids = list(duties.order_by("learner_id").values_list("learner_id", flat=True))
    if not ids:
        raise DomainError("nobody_left", _("这个计划里没有未完成的学员，证明都已发放。"), status=422)
    return _queued(CertificateBatch(kind=Kind.ISSUE, plan=row, ids=ids, total=len(ids), by_id=by), at)


def _queued(row: CertificateBatch, at: datetime) -> CertificateBatch:
    from apps.plans.tasks import work_on_certificates

    if not orders.turn(CertificateBatch.objects.all(), name=PURPOSE, at=at):
        raise DomainError("batch_running", _("上一批还在处理，请等它完成或先取消。"), status=409)
    row.at, row.rung_at, row.expires_at = at, at, at + KEPT
    row.save(force_insert=True)
    orders.ring(row, work_on_certificates)
    return row


def of_uuid(uuid: UUID, *, lock: bool = False) -> CertificateBatch:
    """Return one batch.

    :raises DomainError: 404 ``not_found``
    """
    rows = CertificateBatch.objects.select_for_update() if lock else CertificateBatch.objects.select_related("plan", "by")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这一批，请从列表重新进入。"), status=404)
    return row


def newest(limit: int = 5) -> QuerySet[CertificateBatch]:
    """Return the latest batches."""
    return CertificateBatch.objects.select_related("plan", "by").defer("ids").order_by("-at", "-pk")[:limit]


def left_s(row: CertificateBatch, *, at: datetime) -> int | None:
    """Return about how many seconds a running batch still needs, None before it can be told."""
    if row.started_at is None or not row.done:
        return None
    return round((at - row.started_at).total_seconds() / row.done * (row.total - row.done))


@transaction.atomic
def cancel(*, uuid: UUID, at: datetime) -> CertificateBatch:
    """Stop a batch; a worker at it stops after its next slice, certificates that are issued stay. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = of_uuid(uuid, lock=True)
    orders.cancel(row, at=at)
    return row


def is_ready(row: CertificateBatch, at: datetime) -> bool:
    """Say whether there is something to download."""
    return row.kind != Kind.ISSUE and orders.is_ready(row, at)


def file_of(row: CertificateBatch, *, at: datetime) -> Iterator[bytes]:
    """Return the ZIP piece by piece.

    :raises DomainError: 410 ``file_gone``: not made, expired, or removed; 409 ``batch_running``
    """
    if row.state in OPEN:
        raise DomainError("batch_running", _("还在处理，请稍等再下载。"), status=409)
    found = orders.pieces(row, purpose=PURPOSE) if is_ready(row, at) else None
    if found is None:
        orders.refuse_withdrawn(row)
        raise DomainError("file_gone", _("这批文件已过期或没有生成，请重新打印。"), status=410)
    return found


def forget_old(*, at: datetime) -> int:
    """Remove the files of batches whose time is over (only necessary personal data, PIPL art. 19); returns how many."""
    return orders.forget_old(CertificateBatch.objects.all(), at=at)


def withdraw(*, subject: UUID, at: datetime) -> None:
    """Withdraw the prints of a learner who is being erased. Part of the caller's transaction."""
    from apps.plans.tasks import work_on_certificates

    holds = reduce(or_, (Q(ids__contains=[one.id]) for one in records.certificates_of(subject)), Q(pk=None))
    prints = CertificateBatch.objects.filter(holds).exclude(kind=Kind.ISSUE)
    orders.withdraw(prints, name=PURPOSE, task=work_on_certificates, at=at)
