"""The steps of opening a plan as one form; a step is checked when it is left, everything again when the plan is opened."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import opening, rules
from apps.plans.classes import blending
from apps.plans.opening import PlanOrder, Who
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants.api import current_site

STEPS = {"law": _("模板"), "courses": _("课程"), "who": _("人员"), "when": _("考试"), "review": _("核对")}
"""Two characters each: five of them stand in one row on a phone."""
ROLES = {
    "FZ": _("主要负责人"),
    "GL": _("安全生产管理人员"),
    "BZ": _("班组长"),
    "CY": _("从业人员"),
    "TZ": _("特种作业人员"),
    "XF": _("相关方人员"),
}
_FIELD_OF = {
    "title": "title",
    "below_the_law": "hours",
    "too_many_hours": "hours",
    "offline_hours": "offline_hours",
    "due_not_after_start": "due_on",
    "bank_too_small": "exam_questions",
}
"""Refusals that belong to one field; the others stand above the form."""


class IdsField(forms.Field):
    """Several whole numbers from check boxes, in the order in which they came, each once."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[int]:
        """Return the numbers; what is not a number is an error."""
        try:
            return list(dict.fromkeys(int(item) for item in value or [] if item != ""))
        except ValueError as error:
            raise forms.ValidationError(_("所选内容有误，请重新选择。")) from error


def number(label: Any, **more: Any) -> forms.IntegerField:
    """Return an optional whole number."""
    return forms.IntegerField(label=label, required=False, error_messages={"invalid": _("请填写整数。")}, **more)


class PlanForm(forms.Form):
    """All steps in one form; ``step`` says which one is being left."""

    requirement_id = number(_("培训模板"))
    title = forms.CharField(label=_("计划名称"), max_length=80, required=False)
    hours = number(_("应修学时"), min_value=0, max_value=rules.MAX_HOURS)
    offline_hours = number(_("其中线下学时"), min_value=0, max_value=rules.MAX_HOURS)
    version_ids = IdsField(label=_("课程"), required=False)
    who_kind = forms.ChoiceField(
        label=_("人员范围"),
        required=False,
        choices=[("all", _("全部在册学员")), ("unit", _("一个部门")), ("role", _("一类人员")), ("picked", _("逐个挑选"))],
    )
    unit_id = number(_("部门"))
    role = forms.ChoiceField(label=_("人员类别"), required=False, choices=[("", ""), *ROLES.items()])
    learner_ids = IdsField(label=_("学员"), required=False)
    due_on = forms.DateField(
        label=_("截止日期"),
        required=False,
        error_messages={"invalid": _("请填写有效日期，例如 2026-12-31。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    exam_needed = forms.BooleanField(label=_("学完后要考试"), required=False)
    exam_questions = number(_("题数"), min_value=1, max_value=100)
    exam_pass_score = number(_("及格线（分）"), min_value=60, max_value=100)
    exam_minutes = number(_("考试时长（分钟）"), min_value=5, max_value=240)
    exam_tries = number(_("可考次数"), min_value=1, max_value=10)

    def __init__(self, answers: QueryDict, *, step: str) -> None:
        super().__init__(answers)
        self.answers, self.step = answers, step

    @classmethod
    def seen(cls, answers: QueryDict, *, step: str) -> "PlanForm":
        """Return the form as a step shows it that was not left yet: answers read, nothing complained about."""
        form = cls(answers, step="")
        form.full_clean()
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        form.step = step
        return form

    @staticmethod
    def fresh() -> QueryDict:
        """Return the answers of a new plan."""
        data = QueryDict(mutable=True)
        data.update({"who_kind": "all", "exam_needed": "on", "exam_questions": "10", "exam_pass_score": "80",
                     "exam_minutes": "30", "exam_tries": "3"})  # fmt: skip
        return data

    def clean(self) -> dict[str, Any]:
        """Check the step that is being left; for ``review`` all of them."""
        leaving = list(STEPS)[:-1] if self.step == "review" else [step for step in STEPS if step == self.step]
        for step in leaving:
            if self.errors:
                break
            try:
                getattr(self, f"_check_{step}")()
            except DomainError as error:
                self.add_error(_FIELD_OF.get(error.code), str(error.message))
        return self.cleaned_data

    def requirement(self) -> catalogue.RequirementView | None:
        """Return the chosen row of the law; None when nothing, or nothing that exists, was chosen."""
        chosen = self.cleaned_data.get("requirement_id")
        try:
            return catalogue.requirement(chosen) if chosen else None
        except DomainError:
            return None

    def who(self) -> Who:
        """Return the chosen learners."""
        said = self.cleaned_data
        return Who(said.get("who_kind") or "all", said.get("unit_id"), said.get("role") or "", said.get("learner_ids") or [])

    def order(self) -> PlanOrder:
        """Return what the manager asks for."""
        said = self.cleaned_data
        return PlanOrder(
            title=said["title"],
            requirement_id=said["requirement_id"],
            version_ids=said["version_ids"],
            due_on=said["due_on"],
            hours=said["hours"],
            exam_needed=said["exam_needed"],
            exam_questions=said["exam_questions"] or 10,
            exam_pass_score=said["exam_pass_score"] or 80,
            exam_minutes=said["exam_minutes"] or 30,
            exam_tries=said["exam_tries"] or 3,
            offline_hours=said["offline_hours"] or 0,
        )

    def hidden(self) -> list[tuple[str, str]]:
        """Return the answers of the other steps, to be carried along."""
        return [
            (name, value)
            for name in self.fields
            if name not in FIELDS.get(self.step, ())
            for value in self.answers.getlist(name)
            if value != ""
        ]

    def who_choices(self) -> dict[str, Any]:
        """Return what the people step shows: units, roles, found people with the picked ones first, how many that makes."""
        picked = people.learners(self.cleaned_data.get("learner_ids") or [])
        text = self.answers.get("learner_q", "")
        found = [view for view in people.search_learners(text=text, limit=50) if view.id not in picked]
        return {
            "units": people.units(),
            "roles": ROLES.items(),
            "picked": list(picked.values()),
            "found": found,
            "learner_q": text,
            "headcount": self.headcount(),
        }

    def headcount(self) -> int:
        """Return how many learners the choice reaches now."""
        who = self.who()
        if who.kind == "picked":
            return len(who.learner_ids)
        if (who.kind == "unit" and who.unit_id is None) or (who.kind == "role" and not who.role):
            return 0
        return people.count_learners(
            unit_id=who.unit_id if who.kind == "unit" else None, role=who.role if who.kind == "role" else ""
        )

    def _check_law(self) -> None:
        row = self.requirement()
        if row is None:
            raise DomainError("no_requirement", _("请先选择一个培训模板。"))
        opening.check_hazard(row, current_site().hazard)
        opening.check_title(self.cleaned_data.get("title") or "")

    def _check_courses(self) -> None:
        row = self.requirement()
        if row is None:
            raise DomainError("no_requirement", _("请先选择一个培训模板。"))
        hours = opening.check_hours(self.cleaned_data.get("hours"), row)
        offline_ms = blending.check(self.cleaned_data.get("offline_hours") or 0, hours)
        opening.check_courses(self.cleaned_data.get("version_ids") or [], required_ms=(hours or 0) * rules.HOUR_MS - offline_ms)

    def _check_who(self) -> None:
        if not self.headcount():
            raise DomainError("nobody", _("没有选中任何在册学员，请先选择人员或导入学员。"))

    def _check_when(self) -> None:
        if self.cleaned_data.get("due_on") is None:
            self.add_error("due_on", _("请选择截止日期。"))
            return
        opening.check_due(self.cleaned_data["due_on"], today=clock.shanghai_date(clock.now()))
        chosen = [catalogue.course(key) for key in self.cleaned_data.get("version_ids") or []]
        opening.check_exam(self.order(), sorted({topic for course in chosen for topic in course.question_topics}))


FIELDS = {
    "law": ("requirement_id", "title"),
    "courses": ("hours", "offline_hours", "version_ids"),
    "who": ("who_kind", "unit_id", "role", "learner_ids"),
    "when": ("due_on", "exam_needed", "exam_questions", "exam_pass_score", "exam_minutes", "exam_tries"),
}
"""Which fields each step shows."""
