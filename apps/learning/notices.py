"""What learners and managers are told of voided time and appeals (clauses 三.5, 四.5)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.learning.models import Appeal, Void
from apps.people import api as people
from infra.kit import clock

MINUTE_MS = 60_000


def register() -> None:
    """Make the kinds known; called once at start."""
    must = _("关系到您的学时和申诉期限。")
    people.register_notice(
        "void.made",
        title=_("有 %(minutes)s 分钟学习时间被作废"),
        body=_("您没有通过在场核验，从上一次核验通过到当时的学习时间不计学时。如有异议，请在 30 天内申诉。"),
        url="/learn/voids",
        channels=("sms", "mail"),
        label=_("学习时间被作废"),
        audience=("learner",),
        must=must,
    )
    titles = {
        "void.restored": (_("作废的 %(minutes)s 分钟学习时间已恢复"), _("作废学时：已恢复")),
        "void.upheld": (_("%(minutes)s 分钟学习时间维持作废"), _("作废学时：维持作废")),
        "appeal.restored": (_("您的学时申诉已有结果：学时已恢复"), _("学时申诉：已恢复")),
        "appeal.upheld": (_("您的学时申诉已有结果：维持作废"), _("学时申诉：维持作废")),
    }
    for kind, (title, label) in titles.items():
        people.register_notice(
            kind,
            title=title,
            body=_("点开可以看到理由和下一步。"),
            url="/learn/voids/%(void)s",
            channels=("sms", "mail"),
            label=label,
            audience=("learner",),
            must=must,
        )
    people.register_notice(
        "appeal.filed",
        title=_("有一件新的学时申诉待处理"),
        body=_("请在 %(due)s 前处理并写明理由，逾期后学员可以直接转到平台。"),
        url="/console/appeals/%(appeal)s",
        channels=("sms", "mail", "robot"),
        label=_("新的学时申诉"),
        audience=("manager",),
        must=_("申诉有规定的处理期限。"),
        group=_("请在 %(due)s 前处理并写明理由。"),
    )


def tell_voided(voids: Sequence[Void], *, at: datetime) -> None:
    """Tell a learner, once, what one missed check has taken back; less than half a minute is not worth a message."""
    minutes = round(sum(void.ms for void in voids) / MINUTE_MS)
    if minutes:
        first = voids[0]
        said: dict[str, str | int] = {"minutes": minutes}
        people.notify(kind="void.made", learner_id=first.learner_id, context=said, at=at, about=f"void:{first.uuid}")


def tell_decided(void: Void, *, at: datetime) -> None:
    """Tell a learner what was decided about a void without an appeal; an appeal's answer is told by :func:`tell_answered`."""
    if Appeal.objects.filter(void=void).exists():
        return
    said: dict[str, str | int] = {"minutes": round(void.ms / MINUTE_MS), "void": str(void.uuid)}
    kind = "void.restored" if void.state == Void.State.RESTORED else "void.upheld"
    people.notify(kind=kind, learner_id=void.learner_id, context=said, at=at, about=f"void:{void.uuid}")


def tell_answered(row: Appeal, *, restored: bool, at: datetime) -> None:
    """Tell a learner how an appeal ended, at the enterprise or on the platform."""
    kind, said = "appeal.restored" if restored else "appeal.upheld", {"void": str(row.void.uuid)}
    people.notify(kind=kind, learner_id=row.learner_id, context=said, at=at, about=f"appeal:{row.uuid}/{row.state}")


def tell_filed(row: Appeal, *, at: datetime) -> None:
    """Tell those who decide that an appeal waits."""
    due = f"{clock.shanghai_date(row.due_at):%m-%d}"
    said: dict[str, str | int] = {"due": due, "appeal": str(row.uuid)}
    deciders = people.deciding_managers()
    people.notify_all(kind="appeal.filed", manager_ids=deciders, context=said, at=at, about=f"appeal:{row.uuid}")
