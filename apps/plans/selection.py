"""The enterprise's own shelf: which courses it has chosen, and how each of them stands in the catalogue now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.plans.models import CourseSelection
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue

MOST = 500
"""Courses that one enterprise may choose; more are not a choice."""
BADGES: dict[str, tuple[str, Any, Any]] = {
    "current": ("proven", _("可选用"), ""),
    "new": ("info", _("有新版本"), _("更新后，新计划使用新版；进行中的计划不受影响。")),
    "retired": ("attention", _("已下架"), _("新计划不能再选用，请另选课程；进行中的计划可以学完。")),
    "held": ("attention", _("暂停使用"), _("正在核实，暂时不能学习；核实后会通知您，急用时请另选课程。")),
    "recalled": ("stop", _("已召回"), _("课程已停止学习，请为受影响的计划另选课程。")),
}
"""How a chosen course may stand: tone, word, what to do."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen course. ``offered`` is the version that the catalogue offers now, None when none; ``standing`` a key of BADGES."""

    course_id: int
    card: catalogue.CourseCard
    standing: str
    offered: int | None
    added_by: str
    at: datetime

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return BADGES[self.standing][0]

    @property
    def word(self) -> Any:
        """The badge's word."""
        return BADGES[self.standing][1]

    @property
    def advice(self) -> Any:
        """What to do, "" when nothing."""
        return BADGES[self.standing][2]


@transaction.atomic
def choose(*, version_id: int, by: str, at: datetime) -> None:
    """Put a course on the shelf, or take its newer version. Choosing twice changes nothing.

    :param by: name of the manager
    :raises DomainError: ``not_found`` where the enterprise may not see it; ``course_gone`` (409) when it is not offered;
        ``too_many_courses``
    """
    card = catalogue.course(version_id).card
    if card.state != "PUBLISHED":
        raise DomainError("course_gone", _("这门课程已下架或有了新版本，请返回课程列表重新选择。"), status=409)
    if CourseSelection.objects.exclude(course_id=card.course_id).count() >= MOST:
        raise DomainError("too_many_courses", _("最多选用 %(most)s 门课程，请先移出不再使用的课程。") % {"most": MOST})
    CourseSelection.objects.update_or_create(
        course_id=card.course_id,
        defaults={"version_id": version_id},
        create_defaults={"version_id": version_id, "added_by": by, "at": at},
    )


def unchoose(*, course_id: int) -> bool:
    """Take a course off the shelf; plans are not touched. Returns whether it was on it."""
    return bool(CourseSelection.objects.filter(course_id=course_id).delete()[0])


def chosen_courses() -> dict[int, int]:
    """Return course -> chosen version."""
    return dict(CourseSelection.objects.values_list("course_id", "version_id"))


def shelf() -> list[Chosen]:
    """Return the chosen courses, those that need something first, then the latest; three queries.

    A course that the enterprise may no longer see at all (its private owner took it back) is left out.
    """
    rows = list(CourseSelection.objects.order_by("-at", "-pk"))
    cards = {card.version_id: card for card in catalogue.published(version_ids=[row.version_id for row in rows])}
    offered = catalogue.current_versions(row.course_id for row in rows)
    found = [_chosen(row, cards[row.version_id], offered.get(row.course_id)) for row in rows if row.version_id in cards]
    order = ("recalled", "held", "retired", "new", "current")
    return sorted(found, key=lambda one: order.index(one.standing))


def _chosen(row: CourseSelection, card: catalogue.CourseCard, offered: int | None) -> Chosen:
    return Chosen(row.course_id, card, _standing(card.state, row.version_id, offered), offered, row.added_by, row.at)


def _standing(state: str, version_id: int, offered: int | None) -> str:
    if state == "RECALLED":
        return "recalled"
    if state == "HELD":
        return "held"
    if offered is None:
        return "retired"
    return "current" if offered == version_id else "new"


def offered_versions() -> Sequence[int]:
    """Return the versions that a new plan may take from the shelf: of each chosen course the one offered now."""
    return list(catalogue.current_versions(chosen_courses()).values())
