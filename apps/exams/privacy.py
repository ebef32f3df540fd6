"""What exams hold about a person, said to `people.register_holdings`."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.exams.models import Attempt, MarkTask, ScoreAppeal
from apps.people import api as people

_NOBODY = _("只有作答和成绩，没有姓名；学员资料里的姓名和证件号删除后，不能再认出是谁。")
_KEYS = _("试题和标准答案属于考试秘密；您的作答、得分和结果都在。")


def register() -> None:
    """Make them known; called once at start."""
    people.register_holdings(
        people.Holding(
            model="exams.Attempt",
            title=_("考试"),
            why=_("证明您考了几次、答了什么、得了多少分。"),
            left_out={"paper": _KEYS},
            shown={
                "started_at": _("开始"),
                "submitted_at": _("交卷"),
                "number": _("第几次"),
                "score": _("成绩"),
                "passed": _("合格"),
            },
            erase=_quiet_attempts,
        ),
        people.Holding(
            model="exams.AttemptStep",
            title=_("考试过程"),
            path="attempt__learner",
            shown={"at": _("时间"), "kind": _("发生了什么"), "no": _("题号"), "response": _("作答")},
            fate=people.Fate.STAYS,
            why_kept=_NOBODY,
        ),
        people.Holding(
            model="exams.MarkTask",
            title=_("人工判卷"),
            shown={"no": _("题号"), "points": _("得分"), "reason": _("评语"), "marked_at": _("判卷时间")},
            erase=_quiet_marks,
        ),
        people.Holding(
            model="exams.ScoreAppeal",
            title=_("成绩申诉"),
            shown={"at": _("时间"), "words": _("您写的"), "state": _("状态"), "reason": _("答复")},
            erase=_quiet_appeals,
        ),
        people.Holding(
            model="exams.ScoreEntry",
            title=_("成绩更正"),
            path="attempt__learner",
            shown={"at": _("时间"), "before_score": _("原成绩"), "score": _("新成绩"), "reason": _("理由")},
            fate=people.Fate.STAYS,
            why_kept=_NOBODY,
        ),
        people.Holding(
            model="exams.Mistake",
            title=_("错题本"),
            left_out={"item": _KEYS},
            shown={"point": _("知识点"), "times": _("答错次数"), "last_wrong_at": _("最近答错"), "mastered_at": _("掌握时间")},
            fate=people.Fate.AT_ONCE,
        ),
        people.Holding(
            model="exams.Practice",
            title=_("练习"),
            left_out={"items": _KEYS},
            shown={"started_at": _("开始"), "finished_at": _("结束"), "point": _("知识点"), "answers": _("作答")},
            fate=people.Fate.AT_ONCE,
        ),
        people.Holding(
            model="exams.Collected",
            title=_("作答汇总"),
            shown={"at": _("时间"), "source": _("来自"), "topic": _("主题"), "point": _("知识点"), "right": _("答对")},
            fate=people.Fate.AT_ONCE,
        ),
        people.Holding(
            model="exams.AnswerFact",
            title=_("试题统计里的作答"),
            shown={"number": _("第几次"), "no": _("题号"), "points": _("得分"), "chosen": _("选择")},
        ),
    )
    people.exempt_from_export(
        {
            "exams.CountedAttempt": "that an Attempt was counted: its id and a number",
            "exams.ScoreProposal": "what somebody proposed about a question or a try; what came of it for the person is a ScoreEntry, which is exported",
            "exams.ScoreChange": "what a proposal would change of an Attempt; what came of it is a ScoreEntry, which is exported",
            "exams.SimilarPair": "likeness of two attempts for the managers; says nothing without the attempts, which are exported",
        }
    )


def _quiet_attempts(subject: people.Subject, at: datetime) -> None:
    Attempt.objects.filter(learner_id=subject.id).update(terminal="")


def _quiet_marks(subject: people.Subject, at: datetime) -> None:
    MarkTask.objects.filter(learner_id=subject.id).exclude(reason="").update(reason="—")


def _quiet_appeals(subject: people.Subject, at: datetime) -> None:
    rows = ScoreAppeal.objects.filter(learner_id=subject.id)
    rows.update(words="—")
    rows.exclude(reason="").update(reason="—")
