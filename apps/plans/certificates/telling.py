"""News of certificates: they end soon or have ended, somebody proposes to revoke one, one was revoked."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.certificates import queries
from apps.records import api as records
from infra.kit import clock

STAGES = (60, 30, 7, 0)
"""Days before the end on which the holder is told; 0: it has ended."""
_LATE = 3
"""Days within which a run that was missed is made up for."""
ENDS, ENDED, LISTED, PROPOSED, REVOKED, REISSUED = (
    "certificate.expiring",
    "certificate.expired",
    "certificate.list",
    "certificate.proposed",
    "certificate.revoked",
    "certificate.reissued",
)


def register() -> None:
    """Make the kinds of notice known."""
    people.register_notice(
        ENDS,
        label=_("培训证明即将到期"),
        title=_("培训证明将于 %(day)s 到期"),
        body=_("“%(training)s”的证明还有 %(left)s 天到期。完成年度再培训后自动续期；还没有安排的，请联系本单位安全管理员。"),
        url="/learn/archive",
        channels=["sms"],
        audience=["learner"],
    )
    people.register_notice(
        ENDED,
        label=_("培训证明已到期"),
        title=_("培训证明已于 %(day)s 到期"),
        body=_("“%(training)s”的证明已到期。请尽快完成再培训，完成后自动续期。"),
        url="/learn/archive",
        channels=["sms"],
        audience=["learner"],
    )
    people.register_notice(
        LISTED,
        label=_("培训证明到期汇总"),
        title=_("培训证明：%(soon)s 份 60 天内到期，%(ended)s 份已过期"),
        body=_("请安排再培训。完成后系统自动发放新证明并注明续期。"),
        url="/console/certificates?state=SOON",
        channels=["mail", "robot"],
        audience=["manager"],
    )
    people.register_notice(
        PROPOSED,
        label=_("有证明撤销申请待审批"),
        title=_("有一个证明撤销申请等您审批"),
        body=_("%(by)s申请撤销证明 %(number)s。请核对理由后决定。"),
        url="/console/certificates/revocations",
        channels=["mail"],
        audience=["manager"],
    )
    people.register_notice(
        REVOKED,
        label=_("培训证明被撤销"),
        title=_("您的一份培训证明已撤销"),
        body=_("“%(training)s”的证明 %(number)s 经两名管理员审批撤销，原因：%(reason)s。有异议请联系本单位培训管理员。"),
        url="/learn/archive",
        channels=["sms"],
        audience=["learner"],
        must=_("涉及本人的培训资格，不能关闭。"),
    )
    people.register_notice(
        REISSUED,
        label=_("培训证明已换发"),
        title=_("您的一份培训证明已换发"),
        body=_(
            "“%(training)s”的证明 %(old)s 内容有误，已换发为 %(number)s。请核对姓名、学时和成绩；有异议请联系本单位培训管理员。"
        ),
        url="/learn/archive",
        channels=["sms"],
        audience=["learner"],
        must=_("涉及本人的培训资格，不能关闭。"),
    )


def stage(until: date, today: date) -> int | None:
    """Return which notice is due: 60, 30, 7, or 0 for one that has ended; None for nothing today."""
    left = (until - today).days
    if left < 0:
        return 0 if left >= -_LATE else None
    due = next((days for days in sorted(STAGES[:-1]) if left <= days), None)
    return due if due is not None and due - left < _LATE else None


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Tell holders on the books whose certificate comes to 60, 30 or 7 days before its end, or has ended; managers once a week how many.

    Renewed and revoked ones are nobody's concern. Returns of how many certificates there was something to tell; repeating tells nobody twice.
    """
    today = clock.shanghai_date(at)
    span = ((today - timedelta(days=_LATE)).isoformat(), (today + timedelta(days=max(STAGES))).isoformat())
    rows = queries.certified().filter(is_revoked=False, is_renewed=False, learner__status="ACTIVE")
    told = [_tell(row, today, at) for row in rows.filter(valid_until__range=span).order_by("id").iterator(chunk_size=500)]
    _tell_managers(today, at)
    return sum(told)


def _tell(row: Any, today: date, at: datetime) -> bool:
    until = date.fromisoformat(row.valid_until)
    due = stage(until, today)
    if due is None:
        return False
    people.notify(
        kind=ENDS if due else ENDED,
        learner_id=row.learner_id,
        context={"training": row.plan.title, "day": until.isoformat(), "left": max(0, (until - today).days)},
        at=at,
        about=f"certificate:{row.certificate.uuid}/{due}",
    )
    return True


def _tell_managers(today: date, at: datetime) -> None:
    counted = records.certificate_counts(queries.certified().filter(learner__status="ACTIVE"), on=today)
    if not counted["SOON"] and not counted["EXPIRED"]:
        return
    year, week, _day = today.isocalendar()
    people.notify_all(
        kind=LISTED,
        manager_ids=people.deciding_managers(),
        context={"soon": counted["SOON"], "ended": counted["EXPIRED"]},
        at=at,
        about=f"certificates/{year}-{week}",
    )


def proposed(row: records.Revocation, *, at: datetime) -> None:
    """Ask the other managers who may decide."""
    others = [one for one in people.managers_who(people.Permission.PLANS_CHANGE) if one != row.proposed_by]
    context = {"by": row.proposed_name, "number": row.certificate.number}
    people.notify_all(kind=PROPOSED, manager_ids=others, context=context, at=at, about=f"revocation:{row.uuid}")


def revoked(row: records.Revocation, *, at: datetime) -> None:
    """Tell the holder, if still on the books."""
    paper, reason = row.certificate, records.revocation_reason(row.reason)
    context = {"training": paper.body["training"], "number": paper.number, "reason": reason}
    for learner_id in people.active_ids([paper.subject]):
        people.notify(kind=REVOKED, learner_id=learner_id, context=context, at=at, about=f"revocation:{row.uuid}")


def reissued(old: records.CertificateView, new: records.CertificateView, *, at: datetime) -> None:
    """Tell the holder, if still on the books, which one counts from now on."""
    context = {"training": new.body["training"], "old": old.number, "number": new.number}
    for learner_id in people.active_ids([new.subject]):
        people.notify(kind=REISSUED, learner_id=learner_id, context=context, at=at, about=f"certificate:{new.uuid}")
