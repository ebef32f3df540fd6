"""What managers do with comments: show them in the enterprise or not, and recommend good ones to the platform."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.community.ratings import rules
from apps.community.ratings.models import RatingComment
from apps.community.threads import anonymous, checking
from apps.people import api as people
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.remarks import api as remarks


@transaction.atomic
def decide(
    *, comment: UUID, show: bool, reason: str = "", by: people.ManagerView, within: people.Units, at: datetime
) -> RatingComment:
    """Show a comment in the enterprise, or do not, with a reason that its writer reads. May be decided again.

    :raises DomainError: 404 ``not_found``; 409 ``offered`` when a comment that was recommended shall be hidden; 422 ``reason_missing``
    """
    row = _held(comment, within)
    if not show and row.offer is not None:
        raise DomainError("offered", _("这条评语已推荐给平台，不能再隐藏。如需撤下请联系平台客服。"), status=409)
    if not show and not reason.strip():
        raise DomainError("reason_missing", _("请写明不展示的理由，写评语的人会看到。"), status=422, field="reason")
    row.state = RatingComment.State.SHOWN if show else RatingComment.State.HIDDEN
    row.reason, row.decided_by, row.decided_at = "" if show else reason.strip()[:200], f"manager:{by.id}", at
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    audit.record(f"rating.{row.state.lower()}", actor=row.decided_by, target=f"rating:{row.uuid}", at=at, reason=row.reason)
    return row


@transaction.atomic
def recommend(*, comment: UUID, text: str, by: people.ManagerView, within: people.Units, at: datetime) -> UUID:
    """Offer a comment to the platform for everybody; nothing of person and enterprise goes along. Done twice, it was offered once.

    :param text: as the manager sends it; by default the learner's own words
    :raises DomainError: 404 ``not_found``; 409 ``not_shown``, ``not_shared`` without the learner's consent, ``not_standing`` while the
        learner may still change it; 422 of `checking.checked` and `anonymous.refuse_names`
    """
    row = _held(comment, within)
    if row.offer is not None:
        return row.offer
    if row.state != RatingComment.State.SHOWN:
        raise DomainError("not_shown", _("先同意在本企业展示，再推荐给平台。"), status=409)
    if not row.may_share:
        raise DomainError("not_shared", _("学员没有同意公开这条评语，不能推荐给平台。"), status=409)
    if at < row.rating.stands_at:
        raise DomainError("not_standing", _("学员还可以修改这条评语，满 7 天后才能推荐。"), status=409)
    fit = checking.checked(text, field="text", longest=rules.LONGEST)
    anonymous.refuse_names(fit, field="text")
    row.offer = remarks.offer(version_id=row.rating.version_id, stars=row.rating.stars, text=fit, at=at)
    row.offered_at = at
    row.save(update_fields=["offer", "offered_at"])
    audit.record("rating.recommended", actor=f"manager:{by.id}", target=f"rating:{row.uuid}", at=at, offer=str(row.offer))
    return row.offer


def _held(comment: UUID, within: people.Units) -> RatingComment:
    rows = RatingComment.objects.select_for_update(of=("self",)).select_related("rating")
    row = rows.filter(people.belongs(within, "rating__learner"), uuid=comment).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条评语，请从列表重新进入。"), status=404)
    return row
