"""Whom a manager means, and bringing them into a plan."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import Assignment, AssignmentRule, TrainingPlan
from infra.kit import clock
from infra.kit.errors import DomainError

_SLICE = 1000


@dataclass(frozen=True, slots=True)
class Who:
    """Which learners: everybody on the books, one unit (with all below it), one post, a hazard of posts, one role, or picked ids.

    :param word: name of the post, or code of the hazard
    :param keep: a rule stays with the plan: whoever comes to fit later is brought in too
    :param confirmed: how many people the manager has confirmed where a rule takes in everybody
    """

    kind: Literal["all", "unit", "position", "hazard", "role", "picked"] = "all"
    unit_id: int | None = None
    role: str = ""
    learner_ids: list[int] = field(default_factory=list)
    word: str = ""
    keep: bool = False
    confirmed: int | None = None

    @property
    def choice(self) -> people.Choice:
        """The same for `people.chosen`."""
        word = self.role if self.kind == "role" else self.word
        return people.Choice(KINDS[self.kind], self.unit_id, word, tuple(self.learner_ids))

    @property
    def says_whom(self) -> bool:
        """Whether the unit, post, hazard or role that the kind needs was named."""
        return {"unit": self.unit_id is not None, "role": bool(self.role)}.get(
            self.kind, bool(self.word) if self.kind in {"position", "hazard"} else True
        )


KINDS: dict[str, people.ChoiceKind] = {
    "all": "ALL", "unit": "UNIT", "position": "POSITION", "hazard": "HAZARD", "role": "ROLE", "picked": "LIST",
}  # fmt: skip


def meant_ids(who: Who) -> list[int]:
    """Return the ids of the learners on the books that are meant now.

    :raises DomainError: ``unknown_learner`` when a picked one is not on the books of this enterprise; ``nobody`` when nothing was named
    """
    if not who.says_whom:
        raise DomainError("nobody", _("请先选择部门、岗位、危险因素或人员类别。"))
    ids = list(people.chosen([who.choice]).order_by("pk").values_list("pk", flat=True))
    if who.kind == "picked" and len(ids) != len(set(who.learner_ids)):
        raise DomainError("unknown_learner", _("所选人员中有人已归档或不属于本单位，请重新选择。"))
    return ids


def count(who: Who) -> int:
    """Return how many learners are meant now; 0 while nothing is named."""
    return people.chosen([who.choice]).count() if who.says_whom else 0


def everybody(choices: Iterable[people.Choice]) -> int:
    """Return how many people rules take in where that is everybody on the books, else 0.

    One person alone is everybody only to a rule that says so.
    """
    wanted = list(choices)
    if not wanted:
        return 0
    total = people.count_learners()
    is_all = any(one.kind == "ALL" for one in wanted) or (total > 1 and people.chosen(wanted).count() == total)
    return total if is_all else 0


def refuse_everybody(choices: Iterable[people.Choice], *, confirmed: int | None) -> None:
    """Refuse rules that would take in everybody until the manager has said so with the number.

    :raises DomainError: 409 ``takes_everyone`` with ``count``
    """
    total = everybody(choices)
    if total and confirmed != total:
        words = _(
            "这条规则会把全部 %(n)d 名在册学员和以后加入的人都纳入计划。确实如此，请勾选“确认全部 %(n)d 人”；否则请换一个范围。"
        )
        raise DomainError("takes_everyone", words % {"n": total}, status=409, count=total)


def keep_rule(plan: TrainingPlan, who: Who, *, by: str, at: datetime) -> AssignmentRule:
    """Keep what a manager means as a rule of the plan; the same one twice stays one."""
    one = who.choice
    row, _made = AssignmentRule.objects.update_or_create(
        plan=plan,
        kind=one.kind,
        unit_id=one.unit_id if one.kind == "UNIT" else None,  # type: ignore[misc] # its types know no look-up by NULL
        word=one.word if one.kind in {"POSITION", "HAZARD", "ROLE"} else "",
        defaults={"learner_ids": list(one.ids)},
        create_defaults={"learner_ids": list(one.ids), "added_by": by, "at": at},
    )
    return row


def own_deadline(plan: TrainingPlan, *, at: datetime) -> date | None:
    """Return the deadline of somebody who comes in at ``at`` where the plan's own would leave too few days, else None."""
    if plan.newcomer_days is None:
        return None
    due = clock.shanghai_date(at) + timedelta(days=plan.newcomer_days)
    return due if due > plan.due_on else None


def assign(plan: TrainingPlan, ids: Iterable[int], *, at: datetime) -> int:
    """Give learners the plan; those who have it stay as they are. Returns how many are new."""
    before, wanted, due = plan.assignments.count(), list(ids), own_deadline(plan, at=at)
    for start in range(0, len(wanted), _SLICE):
        rows = [Assignment(plan=plan, learner_id=key, assigned_at=at, due_on=due) for key in wanted[start : start + _SLICE]]
        Assignment.objects.bulk_create(rows, ignore_conflicts=True)
    return plan.assignments.count() - before
