"""Writes of sign-off: sign by hand or by name, hold something against the record, answer that."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import Assignment
from apps.plans.signing import drawing, rules, telling
from apps.plans.signing.models import Objection, SignOff
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import storage

PICTURE = "signature"
"""Purpose of the seal: a drawing put into another enterprise's row, or another field, does not open."""


@transaction.atomic
def sign_by_hand(*, assignment: UUID, learner: people.LearnerView, record: str, strokes: str, ip: str, at: datetime) -> SignOff:
    """Sign with the strokes of a finger; asked again, returns what was signed first.

    :param record: fingerprint of the record that the learner has read, from the page
    :param strokes: ``[[[x, y], …], …]``, see `rules.strokes`
    :raises DomainError: ``not_found``; 409 ``not_finished``, ``record_changed``; 422 ``no_signature``
    """
    duty, known = _held(assignment, learner.id)
    if known is not None:
        return known
    drawn = rules.strokes(strokes)
    if not rules.is_signature(drawn):
        raise DomainError("no_signature", _("没有看到签名。请在框里用手指写下您的姓名。"), status=422, field="strokes")
    _same(duty, record)
    return _sign(duty, learner, SignOff.Method.DRAWN, drawing.picture(drawn), ip=ip, at=at)


@transaction.atomic
def sign_by_name(
    *, assignment: UUID, learner: people.LearnerView, record: str, name: str, code: str, ip: str, at: datetime
) -> SignOff:
    """Sign with the own name typed and a code sent to the own phone; for whoever cannot draw.

    :raises DomainError: as :func:`sign_by_hand`; 422 ``wrong_name``; and `WrongCode`, `TooMany` of the code
    """
    duty, known = _held(assignment, learner.id)
    if known is not None:
        return known
    if not rules.is_own_name(name, learner.name):
        raise DomainError("wrong_name", _("与登记的姓名不一致。请输入您本人的姓名。"), status=422, field="name")
    _same(duty, record)
    people.use_signing_code(learner_id=learner.id, code=code)
    return _sign(duty, learner, SignOff.Method.TYPED, b"", ip=ip, at=at)


@transaction.atomic
def object_to(*, assignment: UUID, learner_id: int, words: str, at: datetime) -> Objection:
    """Refuse to sign, saying why; a manager sees it. While one is open, its words stand.

    :raises DomainError: ``not_found``; 409 ``not_finished``, ``already_signed``, ``already_objected``, ``too_many_objections``;
        422 ``no_words``
    """
    duty, known = _held(assignment, learner_id)
    if known is not None:
        raise DomainError("already_signed", _("这份记录您已签名。如有疑问，请联系本单位培训管理员。"), status=409)
    words = words.strip()
    if not 1 <= len(words) <= 1000:
        raise DomainError("no_words", _("请写明哪里不对，1 到 1000 个字。"), status=422, field="words")
    told = list(Objection.objects.filter(assignment=duty))
    if any(one.is_open for one in told):
        raise DomainError("already_objected", _("您已说明过，请等待本单位培训管理员答复。"), status=409)
    if len(told) >= rules.MOST_OBJECTIONS:
        raise DomainError("too_many_objections", _("已多次说明，请直接联系本单位培训管理员。"), status=409)
    row = Objection.objects.create(assignment=duty, words=words, at=at)
    telling.objected(row, at=at)
    return row


@transaction.atomic
def answer(*, objection: UUID, words: str, by: str, own_learner_id: int | None, within: people.Units, at: datetime) -> Objection:
    """Answer what a learner holds against a record; once, and it stands.

    :param by: the manager's name
    :param own_learner_id: the manager as a learner, who may not answer the own objection
    :raises DomainError: ``not_found`` (404), also outside the units ``within``; 409 ``own_objection``, ``already_answered``;
        422 ``no_words``
    """
    rows = Objection.objects.select_for_update(of=("self",)).select_related("assignment__plan")
    row = rows.filter(people.belongs(within, "assignment__learner"), uuid=objection).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条说明，请从列表重新进入。"), status=404)
    if row.assignment.learner_id == own_learner_id:
        raise DomainError("own_objection", _("这是您本人的说明，请由其他管理员答复。"), status=409)
    if not row.is_open:
        raise DomainError("already_answered", _("这条说明已处理过，请刷新页面。"), status=409)
    words = words.strip()
    if not 1 <= len(words) <= 1000:
        raise DomainError("no_words", _("请写明答复，学员会看到。"), status=422, field="answer")
    row.answer, row.answered_by, row.answered_at = words, by, at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    telling.answered(row, at=at)
    return row


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Remind everybody whose finished training waits for a signature, and who has not said why it does; returns how many."""
    waiting = _waiting(None).filter(completed_at__lte=at - telling.REMIND_AFTER)
    return sum(telling.remind(duty, at=at) for duty in waiting.iterator())


@transaction.atomic
def remind_now(*, within: people.Units, at: datetime) -> int:
    """Remind them all because a manager wants it now; each at most once a day. Returns how many records wait."""
    rows = list(_waiting(within))
    for duty in rows:
        telling.press(duty, turn=f"{clock.shanghai_date(at):%Y%m%d}", at=at)
    return len(rows)


def _waiting(within: people.Units) -> QuerySet[Assignment]:
    """Return finished trainings of learners on the books without signature and without an open objection, plan loaded."""
    unanswered = Objection.objects.filter(answered_at__isnull=True, withdrawn_at__isnull=True)
    rows = Assignment.objects.filter(
        people.belongs(within, "learner"), state=Assignment.State.COMPLETED, learner__status="ACTIVE"
    )
    return rows.filter(sign_off__isnull=True).exclude(objections__in=unanswered).select_related("plan").order_by("id")


def _held(assignment: UUID, learner_id: int) -> tuple[Assignment, SignOff | None]:
    """Lock a completed training of this learner, so that two tabs take turns."""
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("certificate", "plan")
    duty = rows.filter(uuid=assignment, learner_id=learner_id).first()
    if duty is None:
        raise DomainError("not_found", _("没有找到这项培训任务，请从首页重新进入。"), status=404)
    if duty.certificate is None:
        raise DomainError("not_finished", _("这项培训还没有完成，完成后再核对签名。"), status=409)
    return duty, SignOff.objects.filter(assignment=duty).first()


def _same(duty: Assignment, record: str) -> None:
    """Refuse a signature under something else than the record as it stands."""
    assert duty.certificate is not None  # noqa: S101 - `_held` lets nothing else through
    if record != duty.certificate.listing["fingerprint"]:
        raise DomainError("record_changed", _("页面上的记录已过期，请刷新后重新核对。"), status=409)


def _sign(duty: Assignment, learner: people.LearnerView, method: str, png: bytes, *, ip: str, at: datetime) -> SignOff:
    assert duty.certificate is not None  # noqa: S101 - `_held` lets nothing else through
    row = SignOff(uuid=uuid4(), assignment=duty, method=method, statement=rules.STATEMENT, at=at)
    row.record = duty.certificate.listing["fingerprint"]
    row.picture_digest = hashlib.sha256(png).hexdigest() if png else ""
    body = {
        "event": "signed",
        "sign_off": str(row.uuid),
        "assignment": str(duty.uuid),
        "training": duty.plan.title,
        "certificate": duty.certificate.number,
        "record": row.record,
        "statement": row.statement,
        "method": method,
        "picture": row.picture_digest,
        "ip": ip,
    }
    row.entry_n = records.append_entry(kind="SIGN_OFF", subject=learner.uuid, body=body, at=at).n
    if png:
        name = storage.key(f"signatures/{row.uuid}")
        row.picture = default_storage.save(name, ContentFile(people.seal_bytes(png, PICTURE)))
    row.save(force_insert=True)
    Objection.objects.filter(assignment=duty, answered_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)
    return row
