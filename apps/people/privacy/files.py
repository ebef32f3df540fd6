"""The file of an export: ordered, made by a worker, fetched once, forgotten."""

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.people import sealing
from apps.people.models import Learner, PrivacyRequest
from apps.people.privacy import entering, exporting, telling
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.privacy import api as privacy
from tenants import storage
from tenants.ringing import ring_later

Kind, State = PrivacyRequest.Kind, PrivacyRequest.State
PURPOSE = "privacy-export"
_LOST_AFTER = timedelta(minutes=30)
_KEPT_S = 1800


@transaction.atomic
def order(*, learner_id: int, at: datetime, ip: str = "") -> PrivacyRequest:
    """Have everything about a learner put together; the worker is rung at the commit. A former file that nobody fetched goes.

    :raises DomainError: 409 ``export_running``: one at a time
    """
    from apps.people.tasks import build_export

    Learner.objects.select_for_update(of=("self",)).get(pk=learner_id)
    mine = PrivacyRequest.objects.filter(learner_id=learner_id, kind=Kind.EXPORT)
    mine.filter(state=State.MAKING, at__lt=at - _LOST_AFTER).update(state=State.FAILED)
    if mine.filter(state=State.MAKING).exists():
        raise DomainError("export_running", _("您的信息正在整理，请等它完成。"), status=409)
    for former in mine.filter(state=State.READY):
        _forget(former, State.EXPIRED)
    due = at + timedelta(days=1)
    row = PrivacyRequest.objects.create(learner_id=learner_id, kind=Kind.EXPORT, state=State.MAKING, at=at, due_at=due)
    who = f"learner:{learner_id}"
    audit.record("privacy.export_asked", actor=who, target=f"privacy:{row.uuid}", at=at, ip=ip or None)
    # Where no broker answers the order ends, so that nothing waits for ever.
    making = PrivacyRequest.objects.filter(pk=row.pk, state=State.MAKING)
    ring_later(build_export, str(row.uuid), otherwise=lambda: making.update(state=State.FAILED))
    return row


def build(uuid: UUID, *, at: datetime) -> PrivacyRequest:
    """Make the file. Repeating an ended order does nothing.

    :raises PrivacyRequest.DoesNotExist: there is no such order
    """
    row = PrivacyRequest.objects.select_related("learner").get(uuid=uuid)
    if row.state != State.MAKING:
        return row

    def progress(done: int, total: int) -> None:
        with suppress(RedisError):  # a lost progress bar is no reason to lose the file
            cache.set(f"privacy:{row.uuid}", {"done": done, "total": total}, _KEPT_S)

    try:
        _keep(row, exporting.package(row.learner, at=at, progress=progress), at)
    except Exception:
        PrivacyRequest.objects.filter(pk=row.pk, state=State.MAKING).update(state=State.FAILED)
        raise
    row.refresh_from_db()
    return row


def _keep(row: PrivacyRequest, zipped: bytes, at: datetime) -> None:
    key = default_storage.save(storage.key(f"privacy/{uuid4()}"), ContentFile(sealing.seal_bytes(zipped, PURPOSE)))
    until = at + timedelta(days=privacy.rule(clock.shanghai_date(at)).file_days)
    digest = hashlib.sha256(zipped).hexdigest()
    with transaction.atomic():
        kept = PrivacyRequest.objects.filter(pk=row.pk, state=State.MAKING)
        if not kept.update(state=State.READY, storage_key=key, size=len(zipped), sha256=digest, expires_at=until, decided_at=at):
            default_storage.delete(key)  # ordered anew meanwhile
            return
        row.refresh_from_db()
        entering.enter(row, {"sha256": digest}, at=at)
        telling.ready(row, at=at)


def progress_of(row: PrivacyRequest) -> dict[str, int]:
    """Return ``{"done", "total"}`` tables of a file that is being made."""
    known: dict[str, int] | None = cache.get(f"privacy:{row.uuid}")
    return known or {"done": 0, "total": 1}


def take(*, uuid: UUID, learner_id: int, at: datetime, ip: str = "") -> bytes:
    """Return the ZIP, this once: the file is gone afterwards.

    :raises DomainError: 404 ``not_found``; 410 ``file_gone``: fetched, expired or not made
    """
    with transaction.atomic():
        row = PrivacyRequest.objects.select_for_update().filter(uuid=uuid, learner_id=learner_id, kind=Kind.EXPORT).first()
        if row is None:
            raise DomainError("not_found", _("没有找到这份文件。"), status=404)
        if row.state != State.READY or row.expires_at is None or at >= row.expires_at:
            raise DomainError("file_gone", _("文件只能下载一次，已下载或已过期。需要时请重新导出。"), status=410)
        with default_storage.open(row.storage_key) as file:
            zipped = sealing.unseal_bytes(bytes(file.read()), PURPOSE)
        _forget(row, State.TAKEN)
        who = f"learner:{learner_id}"
        audit.record("privacy.export_taken", actor=who, target=f"privacy:{row.uuid}", at=at, ip=ip or None)
    return zipped


def end(learner_id: int) -> None:
    """End the exports of somebody who is being erased: one that is still made comes to nothing, a file that waits goes. Part of the
    caller's transaction.
    """
    mine = PrivacyRequest.objects.filter(learner_id=learner_id, kind=Kind.EXPORT)
    mine.filter(state=State.MAKING).update(state=State.FAILED)
    for row in mine.filter(state=State.READY):
        _forget(row, State.EXPIRED)


def forget_old(*, at: datetime) -> int:
    """Remove files that nobody fetched in time; returns how many."""
    old = PrivacyRequest.objects.select_for_update(skip_locked=True).filter(state=State.READY, expires_at__lte=at)
    with transaction.atomic():
        rows = list(old)
        for row in rows:
            _forget(row, State.EXPIRED)
    return len(rows)


def _forget(row: PrivacyRequest, state: str) -> None:
    key = row.storage_key
    row.state, row.storage_key = state, ""
    row.save(update_fields=["state", "storage_key"])
    transaction.on_commit(lambda: default_storage.delete(key), robust=True)  # whoever fetches it gets it, come what may
