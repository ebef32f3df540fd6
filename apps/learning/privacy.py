"""What learning holds about a person, said to `people.register_holdings`."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.learning.models import Appeal, PresenceCheck, StudySession
from apps.people import api as people

_NOBODY = _("只有学习时间，没有姓名；学员资料里的姓名和证件号删除后，不能再认出是谁。")
_KEYS = _("学习过程的校验密钥，公开会让人伪造学时。")
_ANSWERS = _("题目的标准答案属于考试秘密；您的作答和结果都在。")


def register() -> None:
    """Make them known; called once at start."""
    people.register_holdings(
        people.Holding(
            model="learning.StudySession",
            title=_("学习会话"),
            why=_("证明您什么时候、用什么终端、学了多久。"),
            left_out=dict.fromkeys(("key", "nonce", "last_mac", "last_reply", "person_key"), _KEYS),
            shown={"opened_at": _("开始"), "closed_at": _("结束"), "course_title": _("课程"), "courseware_title": _("课件"),
                   "confirmed_ms": _("确认时长"), "ip": _("网络地址"), "close_reason": _("结束原因")},
            erase=_quiet_sessions,
        ),
        people.Holding(
            model="learning.ProofState",
            title=_("在场核验的进度"),
            shown={"kind": _("方式"), "proven_at": _("最近通过"), "misses": _("当天未通过"), "locked_at": _("锁定时间")},
        ),
        people.Holding(
            model="learning.Coverage",
            title=_("看过的片段"),
            shown={"courseware_id": _("课件"), "duration_ms": _("全长"), "position_ms": _("看到"), "updated_at": _("更新时间")},
            fate=people.Fate.STAYS,
            why_kept=_NOBODY,
        ),
        people.Holding(
            model="learning.PresenceCheck",
            title=_("在场核验"),
            left_out={"content": _ANSWERS},
            shown={"issued_at": _("发出"), "kind": _("方式"), "answered_at": _("应答"), "outcome": _("结果")},
            erase=_quiet_checks,
        ),
        people.Holding(
            model="learning.Void",
            title=_("作废的学时"),
            shown={"at": _("时间"), "code": _("原因"), "ms": _("时长"), "state": _("状态"), "decision": _("处理说明")},
            fate=people.Fate.STAYS,
            why_kept=_NOBODY,
        ),
        people.Holding(
            model="learning.Appeal",
            title=_("学时申诉"),
            shown={"at": _("时间"), "words": _("您写的"), "state": _("状态"), "first_reason": _("单位答复"), "second_reason": _("平台答复")},
            erase=_quiet_appeals,
        ),
        people.Holding(
            model="learning.QuizTry",
            title=_("课程测验"),
            left_out={"items": _ANSWERS},
            shown={"opened_at": _("开始"), "answered_at": _("作答"), "number": _("第几次"), "score": _("得分"), "passed": _("通过")},
            fate=people.Fate.STAYS,
            why_kept=_NOBODY,
        ),
        people.Holding(
            model="audit.Beat",
            title=_("学习心跳"),
            why=_("每十几秒一条，是学时的依据。"),
            path="session__in",
            by=_sessions,
            order="at",
            shown={"at": _("时间"), "state": _("状态"), "position_ms": _("位置"), "paid_ms": _("计入时长"), "verdict": _("判定")},
            fate=people.Fate.STAYS,
            why_kept=_("只有会话编号，没有姓名；按月归档，到期删除，期间不能改动。"),
        ),
    )  # fmt: skip


def _sessions(subject: people.Subject) -> list[object]:
    return list(StudySession.objects.filter(learner_id=subject.id).values_list("uuid", flat=True))


def _quiet_sessions(subject: people.Subject, at: datetime) -> None:
    """Hours stay; what leads to a person or a device goes."""
    StudySession.objects.filter(learner_id=subject.id).update(ip="0.0.0.0", terminal="", person_key="", signals={})  # noqa: S104


def _quiet_checks(subject: people.Subject, at: datetime) -> None:
    PresenceCheck.objects.filter(learner_id=subject.id).update(content={}, evidence={})


def _quiet_appeals(subject: people.Subject, at: datetime) -> None:
    rows = Appeal.objects.filter(learner_id=subject.id)
    rows.update(words="—")
    for name in ("first_reason", "second_words", "second_reason"):
        rows.exclude(**{name: ""}).update(**{name: "—"})
