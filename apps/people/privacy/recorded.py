"""What the rooms below people hold about a person: the ledger, certificates, the logs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.people.privacy.holdings import Fate, File, Holding, Subject, by_the_way, drop_files
from apps.people.roster import jobs
from apps.records import api as records
from apps.records.retention import api as retention

_NO_PLACE = _("文件在服务器上的存放位置。")
_LEDGER = _("档案只增不改，里面只有打码的号码；姓名和证件号删除后，不能再认出是谁。")


def withdraw(subject: Subject, at: datetime) -> None:
    """End the files that the record made and that can hold somebody who is being erased, and lists of people that were imported."""
    drop_files(jobs.withdraw())
    records.withdraw_packages(subject=subject.uuid, at=at)
    retention.withdraw_orders(subject=subject.uuid, at=at)


def record() -> list[Holding]:
    """Return what the record holds about a person."""
    return [
        Holding(
            model="records.LedgerEntry",
            title=_("学习档案"),
            why=_("每一步培训的法定记录，前后相扣，谁也改不了。"),
            path="subject",
            by="uuid",
            order="n",
            opened={"prev": bytes.hex, "hash": bytes.hex},
            shown={"n": _("序号"), "at": _("时间"), "kind": _("种类")},
            fate=Fate.STAYS,
            why_kept=_LEDGER,
        ),
        Holding(
            model="records.Certificate",
            title=_("培训证明"),
            path="subject",
            by="uuid",
            shown={"number": _("编号"), "issued_at": _("发证时间")},
            files=_certificates,
            erase=by_the_way,
        ),
        Holding(
            model="records.Correction",
            title=_("档案的更正"),
            path="entry__subject",
            by="uuid",
            left_out={"evidence_key": _NO_PLACE},
            shown={"proposed_at": _("提出时间"), "reason": _("理由"), "state": _("结果"), "decided_at": _("处理时间")},
            erase=_quiet_corrections,
        ),
        Holding(
            model="records.Revocation",
            title=_("培训证明的撤销"),
            path="certificate__subject",
            by="uuid",
            shown={"proposed_at": _("提出时间"), "words": _("理由"), "state": _("结果"), "decided_at": _("处理时间")},
            fate=Fate.STAYS,
            why_kept=_LEDGER,
        ),
        Holding(
            model="retention.Hold",
            title=_("法律保留"),
            path="subject",
            by="uuid",
            shown={"at": _("时间"), "reason": _("理由"), "until": _("截止日期")},
            fate=Fate.STAYS,
            why_kept=_("说明为什么当时不能删除，只有内部编号，没有姓名。"),
        ),
    ]


def logs() -> list[Holding]:
    """Return what the logs and the feed hold about a person."""
    return [
        Holding(
            model="regulators.FeedRecord",
            title=_("报送监管部门的记录"),
            why=_("依法报送应急管理部门，姓名和号码是打码的。"),
            path="subject",
            by="uuid",
            opened={"body": lambda body: {key: value for key, value in body.items() if key != "person_key"}},
            shown={"at": _("时间"), "kind": _("种类")},
            fate=Fate.STAYS,
            why_kept=_LEDGER,
        ),
        Holding(
            model="audit.AuditEvent",
            title=_("您的操作日志"),
            why=_("网络安全法要求留存不少于六个月，按月清理。"),
            path="actor__in",
            by=lambda who: [f"learner:{who.id}", f"credential:{who.credential_id}"],
            order="at",
            shown={"at": _("时间"), "action": _("操作"), "target": _("对象"), "ip": _("网络地址")},
            fate=Fate.STAYS,
            why_kept=_("日志只有内部编号，没有姓名；按月到期清理，期间不能改动。"),
        ),
    ]


def _certificates(row: Any) -> Iterable[File]:
    yield f"{row.number}.pdf", records.certificate_pdf(row.uuid)


def _quiet_corrections(subject: Subject, at: datetime) -> None:
    """What lies beside a correction may be a sheet with names or an ID card; the ledger keeps its fingerprint."""
    records.forget_evidence(subject.uuid)
