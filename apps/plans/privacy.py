"""What plans hold about a person, said to `people.register_holdings`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.certificates import batches
from apps.plans.inspection import packages
from apps.plans.models import Exemption, Objection, SignOff
from apps.plans.signing import queries as signing
from infra.kit.errors import DomainError

_NOBODY = _("只有培训安排和学时，没有姓名；学员资料里的姓名和证件号删除后，不能再认出是谁。")


def register() -> None:
    """Make them known; called once at start."""
    people.add_files_to_withdraw(_withdraw)
    people.register_holdings(
        people.Holding(
            model="plans.Assignment",
            title=_("培训任务"),
            why=_("您参加了哪些培训、完成得怎样。"),
            shown={
                "plan": _("培训计划"),
                "state": _("状态"),
                "assigned_at": _("分配时间"),
                "completed_at": _("完成时间"),
                "exam_score": _("成绩"),
            },
            fate=people.Fate.STAYS,
            why_kept=_NOBODY,
        ),
        people.Holding(
            model="plans.Seat",
            title=_("线下课座位和学时"),
            shown={"klass": _("课程"), "added_at": _("排课时间"), "present_ms": _("在场时长"), "credit_ms": _("计入时长")},
            fate=people.Fate.STAYS,
            why_kept=_NOBODY,
        ),
        people.Holding(
            model="plans.Attendance",
            title=_("线下课签到"),
            path="seat__learner",
            shown={"at": _("时间"), "kind": _("方式"), "reason": _("说明")},
            fate=people.Fate.STAYS,
            why_kept=_("签到只增不改，没有姓名；终端和网络地址随培训档案按月归档，到期删除。"),
        ),
        people.Holding(
            model="plans.Exemption",
            title=_("免训"),
            shown={"plan": _("培训计划"), "reason": _("理由"), "state": _("状态"), "proposed_at": _("提出时间")},
            erase=_quiet_exemptions,
        ),
        people.Holding(
            model="plans.SignOff",
            title=_("核对签名"),
            path="assignment__learner",
            left_out={"picture": _("手写签名的存放位置；签名图片在 files 里。")},
            shown={"at": _("时间"), "method": _("方式"), "statement": _("声明")},
            files=_drawing,
            erase=_drop_drawings,
        ),
        people.Holding(
            model="plans.Objection",
            title=_("对记录的异议"),
            path="assignment__learner",
            shown={"at": _("时间"), "words": _("您写的"), "answer": _("答复"), "answered_at": _("答复时间")},
            erase=_quiet_objections,
        ),
    )
    people.exempt_from_export(
        {
            "plans.AssignmentRule": "ids of a list by which people were brought in; each has an Assignment, which is exported",
        }
    )


def _withdraw(subject: people.Subject, at: datetime) -> None:
    """End the files that plans made and that can hold somebody who is being erased."""
    packages.withdraw(at=at)
    batches.withdraw(subject=subject.uuid, at=at)


def _drawing(row: Any) -> Iterable[people.HeldFile]:
    if row.picture:
        try:
            yield f"signature-{row.uuid}.png", signing.picture(row)
        except (DomainError, FileNotFoundError):
            return


def _drop_drawings(subject: people.Subject, at: datetime) -> None:
    """The row only grows and keeps the drawing's fingerprint; the drawing itself goes."""
    rows = SignOff.objects.filter(assignment__learner=subject.id).exclude(picture="")
    people.drop_files(rows.values_list("picture", flat=True))


def _quiet_exemptions(subject: people.Subject, at: datetime) -> None:
    Exemption.objects.filter(learner=subject.id).update(reason="—")


def _quiet_objections(subject: people.Subject, at: datetime) -> None:
    rows = Objection.objects.filter(assignment__learner=subject.id)
    rows.exclude(answer="").update(answer="—")
    rows.update(words="—")
