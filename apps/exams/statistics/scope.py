"""What statistics are asked about: tries, people, one plan or all."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.statistics.models import AnswerFact
from apps.people import api as people
from apps.plans import api as plans
from infra.kit.errors import DomainError

SQL = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """``within``: units whose people count; ``plan_id`` None for all plans; ``firsts``: only first tries, which know the questions least."""

    within: people.Units = None
    plan_id: int | None = None
    plan: UUID | None = None
    plan_title: str = ""
    firsts: bool = True

    @property
    def plan_text(self) -> str:
        """The plan as it stands in an address."""
        return str(self.plan or "")

    def facts(self) -> QuerySet[AnswerFact]:
        """Return the answers that count, not those left out; of samples there are none (`facts.behind`). One table where all is seen."""
        rows = AnswerFact.objects.filter(people.belongs(self.within, "learner"), counts=True)
        if self.plan_id is not None:
            rows = rows.filter(plan=self.plan_id)
        return rows.filter(number=1) if self.firsts else rows

    def sql(self) -> SQL:
        """Return the same as SQL with its parameters, to stand in a ``WITH``."""
        columns = ("attempt_id", "plan_id", "bank", "question", "version", "part", "kind", "worth", "points", "blank")
        sql, params = self.facts().order_by().values_list(*columns).query.sql_with_params()
        return sql, tuple(params)

    def key(self) -> str:
        """Return what tells this scope apart in a cache."""
        return hashlib.sha256(
            repr((sorted(self.within or ()), self.within is None, self.plan_id, self.firsts)).encode()
        ).hexdigest()


def read(get: Mapping[str, str], *, within: people.Units) -> Scope:
    """Read what an address asks: ``plan`` (uuid), ``tries=all``.

    :raises DomainError: 404 ``not_found``: a plan that the asker does not see
    """
    firsts, asked = get.get("tries") != "all", get.get("plan", "")
    if not asked:
        return Scope(within, firsts=firsts)
    return of_plan(asked, within=within, firsts=firsts)


def of_plan(plan: str | UUID, *, within: people.Units, firsts: bool = True) -> Scope:
    """Return the scope of one plan.

    :raises DomainError: 404 ``not_found``
    """
    try:
        asked = UUID(str(plan))
    except ValueError:
        raise DomainError("not_found", _("没有找到这个培训计划，请从考试分析重新进入。"), status=404) from None
    found = plans.plan_named(asked, within=within)
    return Scope(within, found.id, found.uuid, found.title, firsts)
