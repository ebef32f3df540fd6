"""What people are told about classes."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.classes.models import OfflineClass
from infra.kit import clock


def register() -> None:
    """Make the kinds of notices known; called once at start-up."""
    mine, learner = "/learn/classes/%(class)s", ("learner",)
    people.register_notice(
        "class.seated", title=_("您有一节线下课：%(topic)s"), label=_("线下课安排"), audience=learner, url=mine, channels=("app", "sms"),
        body=_("%(time)s，%(room)s。请带自己的手机，到课签到、下课签退，两次都签才计学时。"),
    )  # fmt: skip
    people.register_notice(
        "class.changed", title=_("线下课有变化：%(topic)s"), label=_("线下课改时间或地点"), audience=learner, url=mine,
        channels=("app", "sms"), urgency="urgent", body=_("现在是 %(time)s，%(room)s。"),
    )  # fmt: skip
    people.register_notice(
        "class.cancelled", title=_("线下课取消：%(topic)s"), label=_("线下课取消"), audience=learner, url=mine, channels=("app", "sms"),
        urgency="urgent", body=_("原定 %(time)s 的课不上了。原因：%(reason)s"),
    )  # fmt: skip
    people.register_notice(
        "class.confirmed", title=_("线下课学时已确认：%(topic)s"), label=_("线下课学时确认"), audience=learner, url=mine, urgency="low",
        body=_("打开可以看到计入您档案的学时；有疑问请联系教师或培训管理员。"),
    )  # fmt: skip
    people.register_notice(
        "class.submitted", title=_("线下课等待确认：%(topic)s"), label=_("线下课等待确认"), audience=("manager",),
        url="/console/classes/%(class)s", body=_("%(time)s 的课已结课。请核对到课情况并确认，学时才会计入。"),
    )  # fmt: skip
    trainer = "/console/classes/trainers/%(uuid)s"
    people.register_notice(
        "trainer.expiring", title=_("教师资格快到期：%(name)s"), label=_("教师资格到期"), audience=("manager",), url=trainer,
        body=_("%(qualification)s 有效期到 %(last)s。到期后不能再安排其授课，请及时换证并更新有效期。"),
    )  # fmt: skip
    people.register_notice(
        "trainer.expired", title=_("教师资格已到期：%(name)s"), label=_("教师资格已到期"), audience=("manager",), url=trainer,
        body=_("%(qualification)s 有效期到 %(last)s，已不能安排其授课。换证后请更新有效期。"),
    )  # fmt: skip


def tell_learners(kind: str, row: OfflineClass, learner_ids: Iterable[int], *, at: datetime, turn: str = "") -> None:
    """Tell learners of a class one thing, in the caller's transaction.

    :param turn: tells apart what may happen several times to one class
    """
    about = f"class:{row.uuid}/{turn}" if turn else f"class:{row.uuid}"
    people.notify_all(kind=kind, learner_ids=learner_ids, context=_context(row), at=at, about=about)


def ask_for_confirmation(row: OfflineClass, *, at: datetime) -> None:
    """Tell those who may confirm, but not who submitted or taught it."""
    own = {row.submitted_by_id, row.trainer.manager_id}
    others = [one.pk for one in people.managers() if one.role in {"OWNER", "TRAINING"} and one.pk not in own]
    about = f"class:{row.uuid}/{at:%Y%m%d%H%M%S}"
    people.notify_all(kind="class.submitted", manager_ids=others, context=_context(row), at=at, about=about)


def _context(row: OfflineClass) -> dict[str, str | int]:
    start, end = row.starts_at.astimezone(clock.SHANGHAI), row.ends_at.astimezone(clock.SHANGHAI)
    return {
        "class": str(row.uuid),
        "topic": row.topic,
        "room": row.room.name,
        "time": f"{start:%m-%d %H:%M}–{end:%H:%M}",
        "reason": row.cancel_reason,
    }
