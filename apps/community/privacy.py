"""What the community holds about a person, said to `people.register_holdings`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.community.models import Post, Thread
from apps.community.threads import pictures
from apps.people import api as people
from infra.kit.errors import DomainError

_GONE = "（提问人已申请删除）"
_PLACE = _("图片在服务器上的存放位置；图片在 files 里。")
_WORDS = _("检索用的分词，内容与正文相同。")


def register() -> None:
    """Make them known; called once at start."""
    people.register_holdings(
        people.Holding(
            model="community.Thread",
            title=_("提问"),
            left_out={"picture": _PLACE, "tokens": _WORDS, "said": _WORDS},
            shown={"asked_at": _("时间"), "course_title": _("课程"), "words": _("内容"), "state": _("状态")},
            files=_picture,
            fate=people.Fate.AT_ONCE,
            erase=_quiet_threads,
        ),
        people.Holding(
            model="community.Post",
            title=_("追问"),
            left_out={"picture": _PLACE},
            shown={"at": _("时间"), "words": _("内容")},
            files=_picture,
            fate=people.Fate.AT_ONCE,
            erase=_quiet_posts,
        ),
        people.Holding(model="community.Vote", title=_("也想知道"), shown={"at": _("时间")}, fate=people.Fate.AT_ONCE),
        people.Holding(
            model="community.Report", title=_("举报"), shown={"at": _("时间"), "reason": _("理由")}, fate=people.Fate.AT_ONCE
        ),
        people.Holding(
            model="community.CourseRating",
            title=_("课程评分"),
            shown={"at": _("时间"), "stars": _("星级")},
            fate=people.Fate.STAYS,
            why_kept=_("只有星级，没有姓名；学员资料里的姓名删除后，不能再认出是谁。"),
        ),
        people.Holding(
            model="community.RatingComment",
            title=_("课程评语"),
            path="rating__learner",
            shown={"written_at": _("时间"), "text": _("内容"), "state": _("状态")},
            fate=people.Fate.AT_ONCE,
        ),
    )
    people.exempt_from_export(
        {
            "community.Sent": "what a manager sent on of a Thread, written anew without names; the thread is exported",
        }
    )


def _picture(row: Any) -> Iterable[people.HeldFile]:
    if row.picture:
        try:
            yield f"{row.uuid}.jpg", pictures.content(row.picture)
        except DomainError:
            return


def _quiet_threads(subject: people.Subject, at: datetime) -> None:
    """Answers of others stay, and a question they hang on; what was asked and shown goes."""
    rows = Thread.objects.filter(learner_id=subject.id)
    people.drop_files(rows.exclude(picture="").values_list("picture", flat=True))
    rows.update(words=_GONE, picture="", tokens=[], said=[])


def _quiet_posts(subject: people.Subject, at: datetime) -> None:
    rows = Post.objects.filter(learner_id=subject.id)
    people.drop_files(rows.exclude(picture="").values_list("picture", flat=True))
    rows.update(words=_GONE, picture="")
