"""What waits for each role on the desk's home."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.operators.api import Me, Queue, Role
from public.questions import api as questions
from public.review.models import ReReview
from public.review.queries import batches, work


def course_queues(me: Me) -> list[Queue]:
    """Return what waits for this role among the courses."""
    if me.role == Role.AUTHOR:
        return _author(me)
    if me.role == Role.REVIEWER:
        return _reviewer(me)
    return _operations(me)


def _author(me: Me) -> list[Queue]:
    found, url = work.drafts_of(me.credential_id), reverse("desk-authoring")
    return [
        Queue(_("退回修改"), found["returned"], f"{url}?state=DRAFT", _("按审核意见修改后再次提交")),
        Queue(_("待答复意见"), found["findings"], f"{url}?state=DRAFT", _("逐条说明如何修改")),
        Queue(_("需修订课程"), found["to_renew"], f"{url}?state=PUBLISHED", _("复审认为需要新版本")),
        Queue(_("草稿"), found["drafts"], f"{url}?state=DRAFT", _("完善后提交审核"), is_work=False),
        Queue(
            _("退回的试题"),
            questions.bank.returned_to(me.credential_id),
            reverse("desk-question-hand-in"),
            _("按意见修改后再次提交"),
        ),
    ]


def _reviewer(me: Me) -> list[Queue]:
    mine, url = work.open_work(at=clock.now(), person=me.credential_id), reverse("desk-my-reviews")
    late = sum(item.is_overdue for item in mine)
    waiting = batches.waiting(me, at=clock.now())
    first, again = (sum(item.is_rereview is kind for item in mine) for kind in (False, True))
    return [
        Queue(_("待审核课程"), first, url, _("逐项核对后签署结论")),
        Queue(_("待复审课程"), again, f"{url}?kind=again", _("到期或法规变化")),
        Queue(_("已逾期"), late, f"{url}?late=1", _("请优先处理"), is_work=False),
        Queue(_("待审核试题"), waiting.to_judge, f"{reverse('desk-question-batches')}?state=IN_REVIEW", _("成批签署结论")),
        Queue(_("法规变化试题"), questions.bank.to_check(), f"{reverse('desk-questions')}?check=1", _("核对是否仍然正确")),
    ]


def _operations(me: Me) -> list[Queue]:
    ready, courses, url = len(work.ready_version_ids()), reverse("desk-courses"), reverse("desk-reviews")
    found = work.open_work(at=clock.now())
    late, free = sum(item.is_overdue for item in found), sum(item.assignee_id is None for item in found)
    waiting = batches.waiting(me, at=clock.now())
    leaving = len(work.outcome_versions(ReReview.Outcome.RETIRE))
    return [
        Queue(_("待发布课程"), ready, f"{courses}?state=IN_REVIEW&ready=1", _("四个方面均已通过")),
        Queue(_("逾期审核"), late, f"{url}?late=1", _("催办或改派")),
        Queue(_("未分派审核"), free, f"{url}?free=1", _("没有合适的审核员，请分派")),
        Queue(_("待发布试题"), waiting.to_publish, f"{reverse('desk-question-batches')}?state=PASSED", _("四个方面均已通过")),
        Queue(_("建议下架课程"), leaving, f"{courses}?leaving=1", _("复审建议下架")),
    ]
