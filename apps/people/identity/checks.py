"""Handing in a burst of frames: kept sealed, judged by a face worker, answered within three seconds or later by a signal."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.people.identity import frames as pictures
from apps.people.identity import liveness, proofs, vault, waiting
from apps.people.identity.models import FaceCheck, Identity, Method, Purpose
from apps.people.identity.shapes import FaceCheckView, check_view
from infra.kit.errors import DomainError
from tenants import limits, ringing
from tenants.api import require

RATE = "40/10 minutes"
_ALIVE = {Purpose.ENROL, Purpose.OPEN, Purpose.EXAM}
"""What a plain snapshot is not enough for."""


def check_face(
    *,
    learner_id: int,
    purpose: str,
    frames: Sequence[bytes],
    challenge: UUID | None,
    about: str,
    at: datetime,
    terminal: str = "",
    id_photo: bytes | None = None,
) -> FaceCheckView:
    """Hand in a burst of JPEG frames, in the order they were taken, and wait at most 3 s for the verdict.

    ``pending`` where no worker has answered by then: never a pass. The outcome is told by `apps.people.events.face_checked`, also
    when it is returned here. Within a transaction nothing can be judged before its end, so the answer is then always ``pending``.

    :param challenge: from `start_liveness`; may be None for ``presence`` only
    :param about: the caller's own name for what is proved, at most 120 characters; two grey pictures for one name go to a person
    :param terminal: whose proof a passed ``open`` becomes
    :param id_photo: photo of the ID card, for ``enrol``
    :raises DomainError: 422 ``frames_invalid``; 409 ``challenge_spent``, ``not_enrolled``, ``face_rests`` (429)
    :raises TooMany: 40 bursts in ten minutes
    """
    purpose = Purpose(purpose)
    burst = pictures.checked(frames)
    if id_photo is not None:
        pictures.checked([id_photo])
    limits.spend(RATE, "face", require().schema, str(learner_id))
    row = FaceCheck(
        learner_id=learner_id,
        purpose=purpose,
        about=about[:120],
        terminal=terminal,
        flags=["id_photo"] if id_photo else [],
        digests=[pictures.digest(frame) for frame in burst],
        at=at,
    )
    with transaction.atomic():
        _keep(row, [*([id_photo] if id_photo else []), *burst], challenge)
        transaction.on_commit(lambda: ring(row.uuid))
    if not connection.in_atomic_block and waiting.is_worth_it():
        waiting.wait(row.uuid)
    row.refresh_from_db()
    return check_view(row)


def _keep(row: FaceCheck, burst: list[bytes], challenge: UUID | None) -> None:
    """Use the challenge up, seal the burst and save the row."""
    identity = _ready(row.learner_id, Purpose(row.purpose), row.at)
    if row.purpose == Purpose.ENROL and not proofs.has_shown_phone(learner_id=row.learner_id, terminal=row.terminal, at=row.at):
        raise DomainError("phone_first", _("登记人脸前，请先用短信验证码确认手机号。"), status=409)
    if challenge is None and row.purpose in _ALIVE:
        raise DomainError("challenge_missing", _("请按提示转头拍摄，不能直接上传照片。"), status=422)
    if challenge is not None:
        row.challenge = liveness.use(challenge, learner_id=row.learner_id, purpose=row.purpose, at=row.at)
    row.frames = vault.put(burst, identity, f"checks/{row.uuid}")
    identity.save(update_fields=["key_sealed"])
    row.save(force_insert=True)


def _ready(learner_id: int, purpose: Purpose, at: datetime) -> Identity:
    """Return the locked identity of somebody whose face may be looked at now."""
    row = Identity.objects.select_for_update().filter(learner_id=learner_id, method=Method.FACE).first()
    if row is None:
        raise DomainError("no_consent", _("您没有选择人脸识别。请在“身份与隐私”里选择后再试。"), status=409)
    if purpose != Purpose.ENROL and not row.is_enrolled:
        raise DomainError("not_enrolled", _("还没有登记人脸。请先登记，约 1 分钟。"), status=409)
    if row.locked_until and row.locked_until > at:
        raise DomainError(
            "face_rests",
            _("多次没有通过，人脸识别暂停 10 分钟。您可以改用短信验证码。"),
            status=429,
            retry_after_s=max(1, round((row.locked_until - at).total_seconds())),
        )
    return row


def ring(check: UUID) -> None:
    """Wake a face worker. A broker that does not answer leaves the check pending; the schedule takes it up."""
    from apps.people.tasks import judge_face

    ringing.ring(judge_face, str(check))


def check_of(check: UUID, *, learner_id: int) -> FaceCheckView:
    """Return a learner's check.

    :raises DomainError: 404 ``not_found``, also for somebody else's
    """
    row = FaceCheck.objects.filter(uuid=check, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有这次核验。请重新开始。"), status=404)
    return check_view(row)
