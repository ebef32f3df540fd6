"""What learners and managers are told of questions and answers. No words of persons go into a notice."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.community.threads.models import Report, Thread, Vote
from apps.people import api as people
from infra.kit import clock

TO_LEARNER = "/learn/questions/%(thread)s"
TO_MANAGER = "/console/questions/%(thread)s"


def register() -> None:
    """Make the kinds known; called once at start."""
    told = {
        "talk.answered": (_("您关注的提问有了解答"), _("《%(course)s》的提问有了新的解答，点开可以继续追问，或标为最佳解答。")),
        "talk.duplicate": (_("您的提问已有相同的问题"), _("《%(course)s》里有人问过相同的问题，点开可以直接看解答。")),
        "talk.hidden": (_("您在课程问答里的内容已被隐藏"), _("管理员隐藏了您在《%(course)s》里写的内容，点开可以看到原因。")),
        "talk.restored": (_("您在课程问答里的内容已恢复显示"), _("《%(course)s》里被隐藏的内容已经恢复。")),
    }
    for kind, (title, body) in told.items():
        people.register_notice(kind, title=title, body=body, url=TO_LEARNER, channels=("mail",), audience=("learner",))
    people.register_notice(
        "talk.report_hidden",
        title=_("您举报的内容已隐藏"),
        body=_("管理员核对了您在《%(course)s》问答里举报的内容，已经隐藏。谢谢提醒。"),
        url="/learn/questions",
        urgency="low",
        audience=("learner",),
    )
    people.register_notice(
        "talk.report_kept",
        title=_("您举报的内容已核对"),
        body=_("管理员核对了您在《%(course)s》问答里举报的内容，认为可以保留。仍有疑问，可以在这里提问。"),
        url=TO_LEARNER,
        urgency="low",
        audience=("learner",),
    )
    asked = {
        "talk.asked": (_("《%(course)s》有新的提问"), _("请在 %(due)s 前解答。"), "low"),
        "talk.followed": (_("《%(course)s》的提问有追问"), _("请在 %(due)s 前解答。"), "low"),
        "talk.reported": (_("课程问答里有内容被举报"), _("请尽快查看：属实就隐藏，不属实就保留。"), "normal"),
        "talk.decided": (_("平台处理了您提交的课程问答"), _("《%(course)s》的问答已有平台的处理结果。"), "low"),
    }
    labels = {"talk.asked": _("课程有新的提问"), "talk.followed": _("课程提问有追问")}
    for kind, (title, body, urgency) in asked.items():
        people.register_notice(
            kind, title=title, body=body, url=TO_MANAGER, channels=("mail", "robot"), urgency=urgency, label=labels.get(kind),
            audience=("manager",),
        )  # fmt: skip
    people.register_notice(
        "talk.overdue",
        title=_("有 %(n)s 个课程提问今天到期或已超期"),
        label=_("课程提问到期或超期"),
        body=_("其中 %(late)s 个已超过解答期限。学员在等解答，请今天处理。"),
        url="/console/questions?state=DUE",
        channels=("mail", "robot"),
        audience=("manager",),
        group=_("其中 %(late)s 个已超过解答期限。"),
    )


def tell_asked(row: Thread, *, at: datetime, kind: str = "talk.asked") -> None:
    """Tell who answers that a question or a follow-up waits: who has claimed it, or all."""
    told = [row.claimed_by_id] if row.claimed_by_id else people.managers_who(people.Permission.TALK_MODERATE)
    said = _said(row) | {"due": f"{clock.shanghai_date(row.due_at):%m-%d}"}
    people.notify_all(kind=kind, manager_ids=told, context=said, at=at, about=f"talk:{row.uuid}/{at:%m%d%H%M%S}")


def tell_answered(row: Thread, *, at: datetime) -> None:
    """Tell who asked, and who has the same question."""
    voters = Vote.objects.filter(thread=row).values_list("learner_id", flat=True)
    learners = {row.learner_id, *voters}
    about = f"talk:{row.uuid}/{at:%m%d%H%M%S}"
    people.notify_all(kind="talk.answered", learner_ids=sorted(learners), context=_said(row), at=at, about=about)


def tell_learner(kind: str, row: Thread, *, at: datetime) -> None:
    """Tell who asked."""
    about = f"talk:{row.uuid}/{at:%m%d%H%M%S}"
    people.notify(kind=kind, learner_id=row.learner_id, context=_said(row), at=at, about=about)


def tell_reported(row: Report, *, at: datetime) -> None:
    """Tell who moderates, once a thread and day."""
    about = f"talk:{row.thread.uuid}/report/{clock.shanghai_date(at):%m%d}"
    moderators = people.managers_who(people.Permission.TALK_MODERATE)
    people.notify_all(kind="talk.reported", manager_ids=moderators, context=_said(row.thread), at=at, about=about)


def tell_settled(row: Thread, *, learners: Iterable[int], is_hidden: bool, at: datetime) -> None:
    """Tell who has reported something what the moderators found."""
    kind = "talk.report_hidden" if is_hidden else "talk.report_kept"
    about = f"talk:{row.uuid}/settled/{at:%m%d%H%M%S}"
    people.notify_all(kind=kind, learner_ids=sorted(learners), context=_said(row), at=at, about=about)


def tell_decided(row: Thread, *, manager_id: int, state: str, at: datetime) -> None:
    """Tell the manager who sent it what the platform did."""
    about = f"talk:{row.uuid}/platform/{state}"
    people.notify(kind="talk.decided", manager_id=manager_id, context=_said(row), at=at, about=about)


def tell_overdue(*, n: int, late: int, managers: Iterable[int], at: datetime) -> None:
    """Remind once a day of what is due."""
    about = f"talk/due/{clock.shanghai_date(at).isoformat()}"
    people.notify_all(kind="talk.overdue", manager_ids=managers, context={"n": n, "late": late}, at=at, about=about)


def _said(row: Thread) -> dict[str, str | int]:
    return {"thread": str(row.uuid), "course": row.course_title}
