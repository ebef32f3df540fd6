"""Choosing how to prove who one is, and taking it back (PIPL art. 14-17, 29; clauses 二.1, 五.1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people.identity import judging, vault
from apps.people.identity.models import FaceCheck, Identity, Method, Outcome
from apps.people.identity.noticing import face_notice
from apps.people.models import Learner
from apps.records import api as records
from infra.kit.errors import DomainError


def choose_method(*, learner_id: int, method: str, at: datetime) -> None:
    """Record a learner's choice. Choosing the code after the face withdraws the consent; choosing the same again changes nothing, but for the
    face under a newer notice: that is another consent.

    :raises ValueError: an unknown method
    """
    wanted, notice = Method(method), face_notice(at)
    with transaction.atomic():
        Identity.objects.get_or_create(learner_id=learner_id)
        row = Identity.objects.select_for_update().get(learner_id=learner_id)
        if row.method == wanted and (wanted == Method.CODE or row.notice_version == notice.version):
            return
        if row.method == Method.FACE and wanted != Method.FACE:
            forget(row, at)
        row.method, row.notice_version, row.chosen_at = wanted, notice.version, at
        row.save()
        _enter(learner_id, {"event": "chosen", "method": str(wanted)}, at)


def withdraw(*, learner_id: int, at: datetime) -> None:
    """Take the consent to the face back: template and photos are destroyed for good, the code takes its place.

    :raises DomainError: 409 ``nothing_to_withdraw``
    """
    with transaction.atomic():
        row = Identity.objects.select_for_update().filter(learner_id=learner_id, method=Method.FACE).first()
        if row is None:
            raise DomainError("nothing_to_withdraw", _("您没有使用人脸识别，不需要撤回。"), status=409)
        forget(row, at)
        row.method, row.chosen_at = Method.CODE, at
        row.save()
        _enter(learner_id, {"event": "withdrawn", "method": str(Method.FACE)}, at)
        _enter(learner_id, {"event": "chosen", "method": str(Method.CODE)}, at)


def forget(row: Identity, at: datetime) -> None:
    """Destroy the person's key, then every file and feature that was sealed with it; the caller saves the row."""
    checks = FaceCheck.objects.filter(learner_id=row.learner_id)
    names = [row.photo, *checks.exclude(frames="").values_list("frames", flat=True)]
    vault.shred(row)
    for check in checks.filter(outcome__in=[Outcome.PENDING, Outcome.REVIEW]):
        check.outcome, check.flags, check.judged_at = Outcome.FAIL, ["withdrawn"], at
        check.save(update_fields=["outcome", "flags", "judged_at"])
        judging.announce(check, at)
    checks.update(frames="", features_sealed=b"")
    transaction.on_commit(lambda: vault.drop(*names))


def _enter(learner_id: int, facts: dict[str, str], at: datetime) -> None:
    notice = face_notice(at)
    body = {**facts, "notice": notice.version, "notice_digest": notice.digest}
    records.append_entry(
        kind="CONSENT", subject=Learner.objects.values_list("uuid", flat=True).get(pk=learner_id), body=body, at=at
    )
