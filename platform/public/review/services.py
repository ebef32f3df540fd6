"""From draft to published: submission, four signed verdicts, publication. Nobody judges their own work (clause 三.1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.catalogue import api as catalogue
from public.operators.api import Me
from public.review.models import Decision
from public.review.queries import Board, board, locked


@transaction.atomic
def submit(*, version_id: int, me: Me, at: datetime) -> None:
    """Put one's own draft before the reviewers.

    :raises DomainError: ``not_author``; ``incomplete``, ``wrong_state``, ``not_found`` from the catalogue
    """
    found = locked(version_id)
    if found.author_id != me.credential_id:
        raise DomainError("not_author", _("只能提交自己编写的课程。"), status=403)
    catalogue.submit(version_id=version_id, by_id=me.credential_id, at=at)
    _audit("course.submitted", version_id, me, at)


@transaction.atomic
def decide(*, version_id: int, angle: str, verdict: str, note: str, me: Me, at: datetime) -> None:
    """Sign one verdict on one angle; ``RETURN`` gives the version back to its author at once.

    :param angle: a value of `Decision.Angle`
    :param verdict: a value of `Decision.Verdict`
    :raises DomainError: ``own_work``; ``wrong_state``; ``note_missing`` (a return says what to mend); ``not_found``
    """
    found = locked(version_id)
    if found.author_id == me.credential_id:
        raise DomainError("own_work", _("不能审核自己编写的课程，请由其他审核员处理。"), status=403)
    if not found.in_review:
        raise DomainError("wrong_state", _("课程当前不在审核中，请刷新页面查看最新状态。"), status=409)
    words = note.strip()
    if verdict == Decision.Verdict.RETURN and len(words) < 4:
        raise DomainError("note_missing", _("退回时请写明需要修改的内容，至少 4 个字。"), field="note")
    Decision.objects.create(
        version_id=version_id,
        angle=Decision.Angle(angle),
        verdict=Decision.Verdict(verdict),
        note=words,
        reviewer_id=me.credential_id,
        reviewer_name=me.name,
        at=at,
    )
    if verdict == Decision.Verdict.RETURN:
        catalogue.return_to_draft(version_id=version_id)
    _audit("course.judged", version_id, me, at, angle=angle, verdict=verdict)


@transaction.atomic
def publish(*, version_id: int, me: Me, at: datetime) -> None:
    """Make a version current whose four angles have passed since it was submitted.

    :raises DomainError: ``not_passed`` with the angles still open; ``wrong_state``; ``not_found``
    """
    locked(version_id)
    found: Board = board(version_id)
    if not found.may_publish:
        open_angles = [line.angle for line in found.lines if not line.passed]
        raise DomainError("not_passed", _("四个方面全部通过后才能发布。"), status=409, angles=open_angles)
    catalogue.publish(version_id=version_id, by_id=me.credential_id, at=at)
    _audit("course.published", version_id, me, at)


def _audit(action: str, version_id: int, me: Me, at: datetime, **details: str) -> None:
    audit.record(
        action, actor=f"operator:{me.credential_id}", target=f"course-version:{version_id}", at=at, name=me.name, **details
    )
