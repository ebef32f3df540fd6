"""What stands between sign-up and the first completion, as the enterprise is now; each step with its one next action."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.people import api as people
from apps.plans.first_steps import samples
from apps.plans.models import Assignment, CourseSelection, FirstSteps, TrainingPlan


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``url`` and ``action`` are "" where there is nothing to press; ``optional`` ones do not keep the list open."""

    key: str
    title: str
    text: str
    is_done: bool
    url: str = ""
    action: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """The list as it is shown. ``next_key``: the first undone step; ``hidden``: a manager put it away."""

    steps: list[Step]
    hidden: bool
    has_samples: bool
    can_sample: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next_key(self) -> str:
        """Key of the first undone step."""
        return next((step.key for step in self.steps if not step.is_done and not step.optional), "")


def shown(request: HttpRequest) -> Checklist | None:
    """Return the checklist for those who run everything, until all is done; None for others. At most ten queries."""
    if people.Permission.PLANS_CHANGE not in people.permissions(request) or people.within(request) is not None:
        return None
    has_samples = samples.are_there()
    steps = _steps(request)
    if all(step.is_done or step.optional for step in steps) and not has_samples:
        return None
    hidden = FirstSteps.objects.filter(hidden_at__isnull=False).exists()
    return Checklist(steps, hidden, has_samples, not has_samples and not steps[0].is_done)


def _steps(request: HttpRequest) -> list[Step]:
    units = sum(not (node.is_archived or node.is_sample) for node in people.unit_tree().values())
    learners = people.count_learners()
    chosen = CourseSelection.objects.count()
    plans = TrainingPlan.objects.filter(sample=False).count()
    seen = people.count_signed_in()
    done = Assignment.objects.filter(people.real("learner"), state=Assignment.State.COMPLETED).exists()
    return [
        Step(
            "people", _("导入学员名单"),
            ngettext("现在有 %(n)d 名在册学员", "现在有 %(n)d 名在册学员", learners) % {"n": learners} if learners
            else _("一份 Excel 就行，列的顺序不限，系统逐行检查"),
            learners > 0, reverse("console-people-import"), _("继续导入") if learners else _("导入"),
        ),
        Step(
            "units", _("理好部门"),
            ngettext("现在有 %(n)d 个部门", "现在有 %(n)d 个部门", units) % {"n": units} if units
            else _("名单里写了部门会自动建立；部门主管只看自己的部门"),
            units > 0, reverse("console-units"), _("调整部门") if units else _("新建部门"), True,
        ),
        Step(
            "courses", _("挑选课程"),
            ngettext("已选 %(n)d 门课程", "已选 %(n)d 门课程", chosen) % {"n": chosen} if chosen
            else _("先试看再选；也可以在开计划时直接选"),
            chosen > 0, reverse("console-courses"), _("再看看") if chosen else _("看课程"), True,
        ),
        Step(
            "plan", _("从法规模板开一个培训计划"), _("学时、依据已填好，只需选课程和人员"),
            plans > 0, reverse("console-plan-new"), _("再开一个") if plans else _("新建计划"),
        ),
        Step(
            "invite", _("告诉学员登录地址"),
            ngettext("已有 %(n)d 名学员登录过", "已有 %(n)d 名学员登录过", seen) % {"n": seen} if seen
            else _("学员打开 %(host)s，用手机号和短信验证码登录") % {"host": request.get_host()},
            seen > 0, _first_of("console-joining", "console-invites"), _("生成邀请"),
        ),
        Step(
            "first", _("等第一个人学完"),
            _("已有人完成培训，拿到证明") if done else _("学满学时、考试合格后自动发证明，这里会打勾"),
            done, reverse("console-live"), _("看谁在学"),
        ),
    ]  # fmt: skip


def _first_of(*names: str) -> str:
    """Return the address of the first of these pages that there is, or ""."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


@transaction.atomic
def set_hidden(*, hidden: bool, by: int, at: datetime) -> None:
    """Put the checklist away for everybody of the enterprise, or bring it back."""
    values = {"hidden_at": at if hidden else None, "hidden_by_id": by if hidden else None}
    FirstSteps.objects.update_or_create(only=True, defaults=values)
