"""A learner rates a course (clause 三.6: 支持学员评价课程质量). Only sums of a day leave the enterprise (`feedback`)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.community.ratings import rules
from apps.community.ratings.models import CourseRating, RatingComment
from apps.community.threads import anonymous, checking
from apps.plans import api as plans
from infra.kit.errors import DomainError
from public.search import api as search


@transaction.atomic
def rate(
    *,
    learner_id: int,
    assignment: UUID,
    version_id: int,
    stars: Mapping[str, int],
    comment: str = "",
    may_share: bool = False,
    at: datetime,
) -> None:
    """Keep a learner's rating of a course, or change it within seven days of the first one. A changed comment is looked at anew.

    :param stars: aspect (``search.ASPECTS``) -> 1-5
    :param comment: "" for none; also takes one back that was written before
    :raises DomainError: ``not_found`` (404) for a duty or course that is not theirs; ``not_finished``, ``stands`` (409);
        422 ``bad_stars``, and what `checking.checked` and `anonymous.refuse_names` refuse, with ``field`` ``comment``
    """
    if not rules.is_whole(stars):
        raise DomainError("bad_stars", _("请给每一项打 1 到 5 分。"), status=422, field="stars")
    text = _fit(comment)
    plans.hold(_finished(learner_id, assignment, version_id).id)  # two presses take turns
    values = {**{name: stars[name] for name in search.ASPECTS}, "stars": rules.overall(stars)}
    row, made = CourseRating.objects.get_or_create(
        learner_id=learner_id, version_id=version_id, defaults={**values, "at": at, "stands_at": at + rules.CHANGEABLE}
    )
    if not made:
        if at >= row.stands_at:
            raise DomainError("stands", _("这门课程您已经评价过，满 7 天后不能再改，谢谢。"), status=409)
        CourseRating.objects.filter(pk=row.pk).update(**values, changed_at=at)
    _keep_comment(row, text, may_share=may_share, at=at)


def _finished(learner_id: int, assignment: UUID, version_id: int) -> plans.AssignmentView:
    view = plans.assignment(assignment, learner_id=learner_id)
    course = next((one for one in view.courses if one.version_id == version_id), None)
    if course is None:
        raise DomainError("not_found", _("没有找到这门课程，请从首页重新进入。"), status=404)
    earned = plans.CREDIT.get().earned_ms(learner_id=learner_id, courseware_ids=[lesson.id for lesson in course.lessons])
    if not plans.is_course_finished(course, earned):
        raise DomainError("not_finished", _("学完这门课程后才能评价。"), status=409)
    return view


def _fit(comment: str) -> str:
    if not comment.strip():
        return ""
    text = checking.checked(comment, field="comment", longest=rules.LONGEST)
    anonymous.refuse_names(text, field="comment")
    return text


def _keep_comment(row: CourseRating, text: str, *, may_share: bool, at: datetime) -> None:
    held = RatingComment.objects.filter(rating=row).first()
    if not text:
        if held is not None:
            held.delete()
    elif held is None:
        RatingComment.objects.create(rating=row, text=text, may_share=may_share, written_at=at)
    elif held.text != text:
        held.text, held.may_share, held.written_at = text, may_share, at
        held.state, held.reason, held.decided_by, held.decided_at = RatingComment.State.WAITING, "", "", None
        held.save()
    elif held.may_share != may_share:
        held.may_share = may_share
        held.save(update_fields=["may_share"])
