"""Publication and the ways back: undo, retirement, recall. Operations only; who judged does not publish."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me
from public.review import signing
from public.review.models import ReReview
from public.review.queries.board import board
from public.review.services import log


@transaction.atomic
def publish(*, version_id: int, me: Me, at: datetime) -> None:
    """Make a version current whose four angles have passed, each with a whole signature.

    :raises DomainError: ``not_passed`` with the angles still open; ``broken_signature``; ``wrong_state``, ``incomplete``; ``not_found``
    """
    catalogue.standing(version_id, hold=True)
    found = board(version_id)
    if not found.may_publish:
        open_angles = [line.angle for line in found.lines if not line.passed]
        raise DomainError("not_passed", _("四个方面全部通过后才能发布。"), status=409, angles=open_angles)
    broken = [line.angle for line in found.lines if line.latest is None or not signing.verify(line.latest)]
    if broken:
        message = _("审核结论的签名校验没有通过，不能发布。请联系系统管理员。")
        raise DomainError("broken_signature", message, status=409, angles=broken)
    former = catalogue.current_of(version_id)
    catalogue.publish(version_id=version_id, by_id=me.credential_id, at=at)
    _drop_rereviews(former)
    log.write("course.published", version_id, me, at)


@transaction.atomic
def undo(*, version_id: int, reason: str, me: Me, at: datetime) -> int:
    """Publish the version again that this one replaced; return it.

    :raises DomainError: ``reason_missing``, ``no_former``, ``incomplete``, ``wrong_state``, ``not_found``
    """
    former = catalogue.undo(version_id=version_id, by_id=me.credential_id, reason=reason, at=at)
    _drop_rereviews(version_id)
    log.write("course.undone", version_id, me, at, reason=reason.strip(), to=former)
    return former


@transaction.atomic
def retire(*, version_id: int, reason: str, me: Me, at: datetime) -> None:
    """Take a version away from new plans and tell its enterprises.

    :raises DomainError: ``reason_missing``, ``wrong_state``, ``not_found``
    """
    catalogue.retire(version_id=version_id, by_id=me.credential_id, reason=reason, at=at)
    _drop_rereviews(version_id)
    log.write("course.retired", version_id, me, at, reason=reason.strip())


@transaction.atomic
def recall(*, version_id: int, reason: str, me: Me, at: datetime) -> None:
    """Take a version down at once, also from those who are learning it, and tell its enterprises.

    :raises DomainError: ``reason_missing``, ``wrong_state``, ``not_found``
    """
    catalogue.recall(version_id=version_id, by_id=me.credential_id, reason=reason, at=at)
    _drop_rereviews(version_id)
    log.write("course.recalled", version_id, me, at, reason=reason.strip())


def _drop_rereviews(version_id: int | None) -> None:
    ReReview.objects.filter(version_id=version_id, state=ReReview.State.OPEN).update(state=ReReview.State.OBSOLETE)
