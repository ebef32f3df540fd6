"""What the page of a plan tells of how it runs: rules, order, changes, refreshers, exemptions that wait. A constant number of queries."""

from typing import Any

from apps.plans.exam_wording import exam_source, policy_words
from apps.plans.models import Exemption, PlanChange, Renewal, TrainingPlan
from apps.plans.ports import PAPERS
from apps.plans.running.comparing import FIELDS
from apps.plans.running.wording import rules_in_words
from apps.plans.shapes import ExamPolicy

_CHANGES = 20


def about(plan: TrainingPlan) -> dict[str, Any]:
    """Return the values for the page of a plan."""
    siblings = TrainingPlan.objects.filter(induction=plan.induction).order_by("pk") if plan.induction else ()
    renewals = Renewal.objects.filter(source=plan).select_related("plan").order_by("-month")
    return {
        "rules": [words for _pk, words in rules_in_words(plan.rules.order_by("pk"))],
        "levels": list(siblings),
        "renewals": list(renewals),
        "changes": [_told(row) for row in plan.changes.order_by("-pk")[:_CHANGES]],
        "exemptions_waiting": Exemption.objects.filter(plan=plan, state=Exemption.State.PROPOSED).count(),
        "exam_source": exam_source(PAPERS.get().offer(plan.exam_paper) if plan.exam_paper else None),
        "exam_policy": policy_words(ExamPolicy.read(plan.exam_policy)),
        "exemptions_any": Exemption.objects.filter(plan=plan).exists(),
    }


def _told(row: PlanChange) -> tuple[PlanChange, list[tuple[str, str, str]]]:
    return row, [(str(FIELDS.get(key, key)), pair[0] or "—", pair[1] or "—") for key, pair in row.changes.items()]
