"""How each try at an exam was held, as a file tells it: fills `records.PAPERS`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.exams.models import Attempt, MarkTask, PaperRevision
from apps.plans import api as plans
from apps.records.api import PaperFields

_WATCHED: dict[str, Any] = {
    "none": gettext_lazy("不核验人脸"),
    "start": gettext_lazy("开考前核验身份"),
    "random": gettext_lazy("开考前和考试中随机核验身份"),
}


class PapersOfFiles:
    """Plug for `apps.records.ports.PAPERS`."""

    def papers(self, attempts: Sequence[str]) -> dict[str, PaperFields]:
        """Return how each try was held; three queries."""
        if not attempts:
            return {}
        rows = list(Attempt.objects.filter(uuid__in=list(attempts)).select_related("assignment__plan").defer("answers"))
        revisions = {paper for row in rows if (paper := row.assignment.plan.exam_paper)}
        named = {one.uuid: one for one in PaperRevision.objects.filter(uuid__in=revisions).only("uuid", "title", "number")}
        markers: dict[int, set[str]] = defaultdict(set)
        marked = MarkTask.objects.filter(attempt__in=rows, marked_by__isnull=False)
        for key, name in marked.values_list("attempt_id", "marked_by__name"):
            markers[key].add(str(name))
        return {str(row.uuid): PaperFields(_paper(row, named), _marker(markers[row.pk]), _watched(row)) for row in rows}


def _paper(row: Attempt, named: dict[Any, PaperRevision]) -> str:
    found = named.get(row.assignment.plan.exam_paper)
    if found is not None:
        return _("%(title)s 第 %(n)s 版") % {"title": found.title, "n": found.number}
    return _("按课程从题库抽 %(n)d 题") % {"n": len(row.paper)}


def _marker(names: set[str]) -> str:
    return _("系统判分，主观题：%(names)s") % {"names": "、".join(sorted(names))} if names else _("系统自动判分")


def _watched(row: Attempt) -> str:
    policy = plans.ExamPolicy.read(row.policy)
    told = [str(_WATCHED[policy.face]), _("离开页面 %(n)d 次") % {"n": row.leaves}]
    if row.submitted_by and row.submitted_by != Attempt.By.LEARNER:
        told.append(str(Attempt.By(row.submitted_by).label))
    return "，".join(told)
