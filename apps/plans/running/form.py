"""The form that changes a running plan."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.plans import rules
from apps.plans.exam_form import PaperFields, policy_answers
from apps.plans.fields import IdsField, NumbersField, WhoForm, day, number
from apps.plans.models import TrainingPlan
from apps.plans.running.changing import PlanEdit
from apps.plans.running.comparing import fingerprint
from apps.plans.shapes import ExamPolicy

FIELD_OF = {
    "title": "title",
    "due_not_after_start": "due_on",
    "already_started": "starts_on",
    "below_the_law": "hours",
    "too_many_hours": "hours",
    "courses_too_short": "hours",
    "paper_gone": "exam_paper",
    "score_too_small": "exam_paper",
    "no_refresher": "renew_yearly",
    "prerequisite_cycle": "prerequisite",
    "prerequisite_closed": "prerequisite",
}
"""Refusals that belong to one field; the others stand above the form."""


class ChangeForm(PaperFields, WhoForm):
    """A whole plan with what may be changed of it; ``seen`` is the plan as it was shown."""

    seen = forms.CharField(required=False)
    title = forms.CharField(
        label=_("计划名称"), max_length=80, error_messages={"required": _("请填写计划名称，不超过 80 个字。")}
    )
    starts_on = day(_("开始日期"))
    due_on = day(_("截止日期"))
    hours = number(_("应修学时"), min_value=0, max_value=rules.MAX_HOURS)
    version_ids = IdsField(label=_("增加的课程"), required=False)
    drop_rules = NumbersField(label=_("停用的规则"), required=False)
    newcomer_days = number(_("后加入的人至少有几天"), min_value=1, max_value=366)
    in_order = forms.BooleanField(label=_("按顺序学习：学完前一门课程才能学下一门"), required=False)
    prerequisite = forms.UUIDField(label=_("前置计划"), required=False, error_messages={"invalid": _("请从列表里选择前置计划。")})
    renew_yearly = forms.BooleanField(label=_("每年自动再培训：完成满一年前自动开启下一次"), required=False)
    exam_questions = number(_("题数"), min_value=1, max_value=100)
    exam_pass_score = number(_("及格线（分）"), min_value=60, max_value=100)
    exam_minutes = number(_("考试时长（分钟）"), min_value=5, max_value=240)
    exam_tries = number(_("可考次数"), min_value=1, max_value=10)

    def __init__(self, answers: QueryDict, *, plan: TrainingPlan) -> None:
        super().__init__(answers)
        self.plan = plan
        self.fields["due_on"].required = True
        self.fields["due_on"].error_messages["required"] = _("请选择截止日期。")
        kinds = [("none", _("不增加规则")), *self.fields["who_kind"].choices[:-1]]  # type: ignore[attr-defined]
        self.fields["who_kind"].choices = kinds  # type: ignore[attr-defined]

    @staticmethod
    def of(plan: TrainingPlan) -> QueryDict:
        """Return the answers that say the plan as it is."""
        data = QueryDict(mutable=True)
        known: dict[str, Any] = {name: getattr(plan, name) for name in _PLAIN}
        known |= {
            "seen": fingerprint(plan),
            "starts_on": plan.starts_on.isoformat() if plan.starts_on else "",
            "due_on": plan.due_on.isoformat(),
            "hours": plan.required_ms // rules.HOUR_MS if plan.hours_bound else "",
            "newcomer_days": plan.newcomer_days or "",
            "prerequisite": plan.prerequisite.uuid if plan.prerequisite else "",
            "who_kind": "none",
            "exam_paper": plan.exam_paper or "",
            "paper_seen": plan.exam_paper or "",
            **policy_answers(ExamPolicy.read(plan.exam_policy)),
        }
        data.update({key: str(value) for key, value in known.items()})
        data.update({name: "on" for name in ("in_order", "renew_yearly") if getattr(plan, name)})
        return data

    def edit(self) -> PlanEdit:
        """Return what the manager wants; only of a valid form."""
        said, plan = self.cleaned_data, self.plan
        exam = {name: said.get(name) or getattr(plan, name) for name in _PLAIN if name != "title"}
        return PlanEdit(
            title=said["title"],
            due_on=said["due_on"],
            starts_on=said["starts_on"],
            hours=said["hours"] or None,
            add_version_ids=said["version_ids"],
            newcomer_days=said["newcomer_days"],
            in_order=said["in_order"],
            prerequisite=said["prerequisite"],
            renew_yearly=said["renew_yearly"],
            exam_needed=plan.exam_needed,
            drop_rules=frozenset(said["drop_rules"]),
            add_rule=None if said["who_kind"] in {"", "none"} else self.who(),
            confirmed=said["everyone"],
            exam_paper=said["exam_paper"],
            exam_policy=self.policy(),
            **exam,
        )

    def everything(self) -> list[tuple[str, str]]:
        """Return all answers, to be carried along while the effect is shown."""
        return [
            (name, value) for name in self.fields if name != "everyone" for value in self.answers.getlist(name) if value != ""
        ]


_PLAIN = ("title", "exam_questions", "exam_pass_score", "exam_minutes", "exam_tries")
