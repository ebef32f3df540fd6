"""Choosing how to prove who one is, and taking it back (PIPL art. 14-17, 29; clauses 二.1, 五.1)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.people.identity import judging, vault
from apps.people.identity.models import FaceCheck, Identity, Method, Outcome
from apps.people.models import Learner
from apps.records import api as records
from infra.kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of what people are told before they choose. A changed text is a new version."""

    version: str
    paragraphs: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the Chinese text in hex: what exactly was agreed to can be shown later."""
        return hashlib.sha256("\n".join(self.paragraphs).encode()).hexdigest()


NOTICE = Notice(
    "2026-11",
    (
        gettext_noop("处理目的：按照安全生产培训管理要求，确认参加学习和考试的是您本人。"),
        gettext_noop(
            "处理方式：拍摄您按提示转头的几张照片，在本平台的服务器上计算人脸特征并与您登记的人脸比对；登记的照片任何人都调不出来。"
        ),
        gettext_noop("信息种类：人脸照片、人脸特征、拍摄时间、所用设备。人脸信息属于敏感个人信息。"),
        gettext_noop("保存期限：保存到您撤回同意或培训档案期满；撤回后立即销毁密钥并删除照片和特征，只留下核验结果的文字记录。"),
        gettext_noop("谁能看到：只有需要人工复核时，本单位有权限的管理员可以查看核验时拍摄的照片，每次查看都有记录。"),
        gettext_noop("对您的影响：不同意人脸识别，不影响学习、考试和取得证明，您可以改用短信验证码，效力完全相同。"),
        gettext_noop("您的权利：可以随时在“身份与隐私”里查看、更换方式或撤回同意；撤回不影响此前已经取得的学时。"),
    ),
)


def choose_method(*, learner_id: int, method: str, at: datetime) -> None:
    """Record a learner's choice. Choosing the code after the face withdraws the consent; choosing the same again changes nothing.

    :raises ValueError: an unknown method
    """
    wanted = Method(method)
    with transaction.atomic():
        Identity.objects.get_or_create(learner_id=learner_id)
        row = Identity.objects.select_for_update().get(learner_id=learner_id)
        if row.method == wanted:
            return
        if row.method == Method.FACE:
            _forget(row, at)
        row.method, row.notice_version, row.chosen_at = wanted, NOTICE.version, at
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
        _forget(row, at)
        row.method, row.chosen_at = Method.CODE, at
        row.save()
        _enter(learner_id, {"event": "withdrawn", "method": str(Method.FACE)}, at)
        _enter(learner_id, {"event": "chosen", "method": str(Method.CODE)}, at)


def _forget(row: Identity, at: datetime) -> None:
    """Destroy the person's key, then every file and feature that was sealed with it."""
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
    body = {**facts, "notice": NOTICE.version, "notice_digest": NOTICE.digest}
    records.append_entry(
        kind="CONSENT", subject=Learner.objects.values_list("uuid", flat=True).get(pk=learner_id), body=body, at=at
    )
