"""News of signing: the learner is asked and reminded, managers hear of objections, the learner of the answer."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.people import api as people

REMIND_AFTER, REMIND_EVERY, MOST_REMINDERS = timedelta(days=3), timedelta(days=7), 8
"""First reminder three days after the training was completed, then weekly; whoever waits two months is for the manager."""
DUE, REMINDED, OBJECTED, ANSWERED = "sign.due", "sign.reminded", "sign.objected", "sign.answered"
_LAW = _("法规要求本人核对并签名，不能关闭。")


def register() -> None:
    """Make the kinds of notices known."""
    people.register_notice(
        DUE,
        label=_("培训完成，请签名"),
        title=_("“%(training)s”已完成，请核对并签名"),
        body=_("请打开记录，核对学时、起止日期和成绩，由您本人签名。大约需要 1 分钟。"),
        url="/learn/sign/%(assignment)s",
        audience=["learner"],
        must=_LAW,
    )
    people.register_notice(
        REMINDED,
        label=_("提醒签名"),
        title=_("“%(training)s”的记录还没有签名"),
        body=_("培训已完成 %(days)d 天，请核对记录并由您本人签名。记录不对，可以在同一页说明。"),
        url="/learn/sign/%(assignment)s",
        channels=["sms"],
        audience=["learner"],
        must=_LAW,
    )
    people.register_notice(
        OBJECTED,
        label=_("学员对培训记录有异议"),
        title=_("有学员没有签名，对“%(training)s”的记录有异议"),
        body=_("%(name)s 说明了原因，请核对后答复。"),
        url="/console/signing/%(objection)s",
        channels=["mail", "robot"],
        audience=["manager"],
    )
    people.register_notice(
        ANSWERED,
        label=_("您说明的问题有答复了"),
        title=_("您对“%(training)s”的说明有答复了"),
        body=_("请看答复；没有疑问后，请核对并签名。"),
        url="/learn/sign/%(assignment)s",
        channels=["sms"],
        audience=["learner"],
    )


def ask(duty: Any, *, at: datetime) -> None:
    """Ask the learner of an assignment that was completed now to sign."""
    words = {"training": duty.plan.title, "assignment": str(duty.uuid)}
    people.notify(kind=DUE, learner_id=duty.learner_id, context=words, at=at, about=f"sign:{duty.uuid}")


def remind(duty: Any, *, at: datetime) -> bool:
    """Remind the learner of an unsigned record if a reminder is due; saying so again in the same week tells nobody twice.

    :returns: whether one was due
    """
    waited = at - duty.completed_at
    if waited < REMIND_AFTER:
        return False
    turn = (waited - REMIND_AFTER) // REMIND_EVERY
    if turn >= MOST_REMINDERS:
        return False
    press(duty, turn=str(turn), at=at)
    return True


def press(duty: Any, *, turn: str, at: datetime) -> None:
    """Tell a learner that a record waits for the signature; of one ``turn`` once."""
    words = {"training": duty.plan.title, "assignment": str(duty.uuid), "days": (at - duty.completed_at).days}
    people.notify(kind=REMINDED, learner_id=duty.learner_id, context=words, at=at, about=f"sign:{duty.uuid}/{turn}")


def objected(row: Any, *, at: datetime) -> None:
    """Tell those who may answer that somebody holds something against a record; not the person, who may be one of them."""
    duty = row.assignment
    words = {"training": duty.plan.title, "objection": str(row.uuid), "name": duty.learner.name}
    managers = people.deciding_managers()
    people.notify_all(kind=OBJECTED, manager_ids=managers, context=words, at=at, about=f"sign:{row.uuid}")


def answered(row: Any, *, at: datetime) -> None:
    """Tell the learner that there is an answer."""
    duty = row.assignment
    words = {"training": duty.plan.title, "assignment": str(duty.uuid)}
    people.notify(kind=ANSWERED, learner_id=duty.learner_id, context=words, at=at, about=f"sign:{row.uuid}")
