"""The questions of an open paper as the page draws them: everything that can be said beforehand is, for two thousand may open it at once."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.exams.sitting import queries
from apps.exams.sitting.shapes import AttemptView


def drawn(attempt: AttemptView) -> list[dict[str, Any]]:
    """Return the questions with ``told`` (which one, of what kind, its points), ``input``, ``name``, ``gap_words``, ``shown_media``."""
    kinds, size = _kinds(), len(attempt.questions)
    return [_drawn(attempt.uuid, one, kinds, size) for one in attempt.questions]


def _kinds() -> dict[str, str]:
    return {
        "single": _("单选题"),
        "multiple": _("多选题，选全才得分"),
        "judge": _("判断题"),
        "blank": _("填空题，每空分别给分"),
        "order": _("排序题，按先后依次点选"),
        "text": _("问答题，由教师阅卷"),
    }


def _drawn(attempt: UUID, one: dict[str, Any], kinds: dict[str, str], size: int) -> dict[str, Any]:
    where = _("第 %(no)s 题，共 %(all)s 题") % {"no": one["no"], "all": size}
    points = ngettext("%(n)s 分", "%(n)s 分", one["score"]) % {"n": one["score"]}
    return {
        **one,
        "told": f"{where} · {kinds.get(one['kind'], '')} · {points}",
        "input": "checkbox" if one["kind"] == "multiple" else "radio",
        "name": f"q{one['no']}",
        "gap_words": [_("第 %(n)s 空") % {"n": n} for n in range(1, one.get("gaps", 0) + 1)],
        "shown_media": [
            {**medium, "url": reverse("learn-exam-media", args=[attempt, one["no"], n])}
            for n, medium in enumerate(queries.media_of(one))
        ],
    }
