"""The tries of a plan as a workbook. Every cell is text or number, never a formula, whatever people are called."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.exams.sitting import board, queries
from apps.exams.sitting.models import Attempt
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock

_SLICE = 500


def workbook(rows: list[Attempt]) -> bytes:
    """Return the workbook of the rows of `board.attempts`, a line each; times in Zhejiang."""
    heads = [_("姓名"), _("证件号"), _("部门"), _("第几次"), _("状态"), _("成绩"), _("及格线"), _("开始"), _("交卷"),
             _("用时（分钟）"), _("交卷方式"), _("离开次数"), _("打开次数"), _("更换终端"), _("需关注")]  # fmt: skip
    return plans.workbook([(_("考试记录"), heads, _lines(rows))])


def _lines(rows: list[Attempt]) -> Iterable[list[str | int | float]]:
    for start in range(0, len(rows), _SLICE):
        part = rows[start : start + _SLICE]
        known = people.learners([row.learner_id for row in part])
        for row in part:
            yield _line(row, known[row.learner_id])


def _line(row: Attempt, who: people.LearnerView) -> list[str | int | float]:
    took = board.took(row)
    by = str(Attempt.By(row.submitted_by).label) if row.submitted_by else ""
    return [
        who.name,
        who.masked_id,
        who.unit,
        row.number,
        str(Attempt.State(queries.state_of(row)).label),
        "" if row.result_score is None else row.result_score,  # type: ignore[attr-defined]
        row.pass_score,
        _time(row.started_at),
        _time(row.submitted_at),
        "" if took is None else int(took.total_seconds()) // 60,
        by,
        row.leaves,
        row.pages,
        _("是") if row.is_moved else "",  # type: ignore[attr-defined]
        _("是") if board.is_doubtful(row) else "",
    ]


def _time(at: object) -> str:
    return "" if at is None else f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"  # type: ignore[attr-defined]
