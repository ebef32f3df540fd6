"""What people are told of marking, appeals and corrections."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.exams.marking.models import ScoreAppeal
from apps.exams.models import Attempt
from apps.people import api as people
from infra.kit import clock


def register() -> None:
    """Make the kinds known; called once at start."""
    _tell_learners()
    _tell_managers()


def _tell_learners() -> None:
    must = _("关系到您的考试成绩和申诉期限。")
    people.register_notice(
        "exam.marked",
        title=_("您的考试出成绩了"),
        body=_("“%(plan)s”的简答题已经判完。点开看得分、评语和下一步。"),
        url="/learn/exams/%(attempt)s",
        channels=("sms", "mail"),
        label=_("考试出成绩"),
        audience=("learner",),
    )
    people.register_notice(
        "exam.score_corrected",
        title=_("您的考试成绩有更正：%(before)s 分改为 %(after)s 分"),
        body=_("“%(plan)s”的成绩由两位管理人员复核后更正。点开可以看到原因和以前的成绩。"),
        url="/learn/exams/%(attempt)s/appeals",
        channels=("sms", "mail"),
        label=_("考试成绩更正"),
        audience=("learner",),
        must=must,
    )
    people.register_notice(
        "exam.appeal_answered",
        title=_("您的成绩申诉有新进展"),
        body=_("点开可以看到处理结果和理由。"),
        url="/learn/exams/%(attempt)s/appeals",
        channels=("sms", "mail"),
        label=_("成绩申诉：处理结果"),
        audience=("learner",),
        must=must,
    )


def _tell_managers() -> None:
    people.register_notice(
        "exam.appeal_filed",
        title=_("有一件新的成绩申诉待处理"),
        body=_("请在 %(due)s 前答复并写明理由。"),
        url="/console/exams/appeals/%(appeal)s",
        channels=("sms", "mail", "robot"),
        label=_("新的成绩申诉"),
        audience=("manager",),
        must=_("申诉有规定的处理期限。"),
        group=_("请在 %(due)s 前答复并写明理由。"),
    )
    people.register_notice(
        "exam.score_proposed",
        title=_("有一条改分等您复核"),
        body=_("%(by)s提出改分，涉及 %(tries)s 份试卷。复核后才会生效，提出人不能自己批准。"),
        url="/console/exams/corrections/%(proposal)s",
        channels=("mail",),
        label=_("改分待复核"),
        audience=("manager",),
    )


def tell_marked(row: Attempt, plan: str, *, at: datetime) -> None:
    """Tell a learner that the last written answer was marked."""
    said: dict[str, str | int] = {"plan": plan, "attempt": str(row.uuid)}
    people.notify(kind="exam.marked", learner_id=row.learner_id, context=said, at=at, about=f"marked:{row.uuid}")


def tell_filed(row: ScoreAppeal, *, at: datetime) -> None:
    """Tell those who may decide that an appeal waits."""
    said: dict[str, str | int] = {"due": f"{clock.shanghai_date(row.due_at):%m-%d}", "appeal": str(row.uuid)}
    deciders = people.managers_who(people.Permission.EXAMS_MARK)
    people.notify_all(kind="exam.appeal_filed", manager_ids=deciders, context=said, at=at, about=f"score-appeal:{row.uuid}")


def tell_answered(row: ScoreAppeal, *, at: datetime) -> None:
    """Tell a learner that the appeal was answered."""
    said: dict[str, str | int] = {"attempt": str(row.attempt.uuid)}
    people.notify(
        kind="exam.appeal_answered",
        learner_id=row.learner_id,
        context=said,
        at=at,
        about=f"score-appeal:{row.uuid}/{row.state}",
    )
