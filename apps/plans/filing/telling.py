"""News of corrections and packages: those who may decide are asked, the learner and who proposed hear what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.records import api as records

PROPOSED, DECIDED, CORRECTED = "records.correction_proposed", "records.correction_decided", "records.corrected"
PACKED = "records.packed"


def register() -> None:
    """Make the kinds of notices known, and listen to the record."""
    people.register_notice(
        PROPOSED,
        label=_("档案更正等待批准"),
        title=_("有一条档案更正等待批准"),
        body=_("%(by)s 提出更正 %(name)s 的第 %(n)d 条记录，请核对后处理。"),
        url="/console/archives/corrections/%(correction)s",
        channels=["mail"],
        audience=["manager"],
    )
    people.register_notice(
        DECIDED,
        label=_("提出的更正有结果了"),
        title=_("您提出的档案更正：%(state)s"),
        body=_("%(name)s 的第 %(n)d 条记录。打开可以看到处理意见。"),
        url="/console/archives/corrections/%(correction)s",
        audience=["manager"],
    )
    people.register_notice(
        CORRECTED,
        label=_("您的档案有更正"),
        title=_("您的培训档案有一条更正"),
        body=_("第 %(n)d 条记录已更正，原记录保留。原因：%(reason)s"),
        url="/learn/archive/file",
        audience=["learner"],
        must=_("涉及本人档案，不能关闭。"),
    )
    people.register_notice(
        PACKED,
        label=_("档案包已生成"),
        title=_("档案包已生成"),
        body=_("共 %(n)d 份，保存 7 天，请尽快下载。"),
        url="/console/archives/packages/%(package)s",
        audience=["manager"],
    )
    records.correction_proposed.connect(_proposed, dispatch_uid="plans: a correction waits")
    records.correction_decided.connect(_decided, dispatch_uid="plans: a correction was decided")
    records.package_made.connect(_packed, dispatch_uid="plans: a package was made")


def _manager(ref: str) -> int | None:
    kind, _colon, number = ref.partition(":")
    return int(number) if kind == "manager" and number.isdigit() else None


def _proposed(*, correction: UUID, subject: UUID, by: str, at: datetime, **news: Any) -> None:
    row, who = records.correction(correction), people.learner_by_uuid(subject)
    others = [one for one in people.managers_who(people.Permission.ARCHIVE_CORRECT) if one != _manager(by)]
    context: dict[str, str | int] = {"by": row.proposed_name, "name": who.name, "n": row.entry.n, "correction": str(correction)}
    people.notify_all(kind=PROPOSED, manager_ids=others, context=context, at=at, about=f"correction:{correction}")


def _decided(*, correction: UUID, subject: UUID, state: str, at: datetime, **news: Any) -> None:
    row, who = records.correction(correction), people.learner_by_uuid(subject)
    context: dict[str, str | int] = {"state": str(row.get_state_display()), "name": who.name, "n": row.entry.n}
    context |= {"correction": str(correction), "reason": row.reason}
    about, proposer = f"correction:{correction}/decided", _manager(row.proposed_by)
    if proposer is not None:
        people.notify(kind=DECIDED, manager_id=proposer, context=context, at=at, about=about)
    if row.state == records.Correction.State.APPROVED:
        people.notify(kind=CORRECTED, learner_id=who.id, context=context, at=at, about=about)


def _packed(*, package: UUID, by: str, files: int, at: datetime, **news: Any) -> None:
    orderer = _manager(by)
    if orderer is not None:
        context: dict[str, str | int] = {"n": files, "package": str(package)}
        people.notify(kind=PACKED, manager_id=orderer, context=context, at=at, about=f"archives:{package}")
