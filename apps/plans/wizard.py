"""The steps of opening a plan as one form; a step is checked when it is left, everything again when the plan is opened."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import assigning, checking, law, rules
from apps.plans.classes import blending
from apps.plans.exam_form import PaperFields, policy_answers
from apps.plans.fields import IdsField, NumbersField, PlacesField, WhoForm, day, number
from apps.plans.opening import Level, PlanOrder
from apps.plans.shapes import ExamPolicy
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants import divisions
from tenants.api import current_site

STEPS = {"law": _("模板"), "courses": _("课程"), "who": _("人员"), "when": _("考试"), "review": _("核对")}
"""Two characters each: five of them stand in one row on a phone."""
_FIELD_OF = {
    "title": "title",
    "below_the_law": "hours",
    "too_many_hours": "hours",
    "offline_hours": "offline_hours",
    "due_not_after_start": "due_on",
    "paper_gone": "exam_paper",
    "score_too_small": "exam_paper",
    "takes_everyone": "everyone",
    "no_refresher": "renew_yearly",
    "prerequisite_closed": "prerequisite",
    "level_hours": "level_hours",
}
"""Refusals that belong to one field; the others stand above the form."""


class PlanForm(PaperFields, WhoForm):
    """All steps in one form; ``step`` says which one is being left."""

    trainee = forms.ChoiceField(label=_("培训谁"), required=False, choices=[("", _("全部人员类别")), *people.ROLES])
    stage = forms.ChoiceField(label=_("什么培训"), required=False, choices=[("", _("全部培训")), *law.STAGES.items()])
    industry = forms.ChoiceField(label=_("行业"), required=False, choices=[("", _("通用")), *divisions.INDUSTRIES])
    hazard = forms.ChoiceField(label=_("风险类别"), required=False, choices=[*law.HAZARDS.items()])
    requirement_id = number(_("培训模板"))
    title = forms.CharField(label=_("计划名称"), max_length=80, required=False)
    hours = number(_("应修学时"), min_value=0, max_value=rules.MAX_HOURS)
    offline_hours = number(_("其中线下学时"), min_value=0, max_value=rules.MAX_HOURS)
    version_ids = IdsField(label=_("课程"), required=False)
    split = forms.BooleanField(label=_("分级开展：每一级一个计划、一份记录，学完前一级才能学后一级"), required=False)
    level_hours = NumbersField(label=_("各级学时"), required=False)
    places = PlacesField(label=_("课程属于哪一级"), required=False)
    starts_on = day(_("开始日期"))
    due_on = day(_("截止日期"))
    newcomer_days = number(_("后加入的人至少有几天"), min_value=1, max_value=366)
    in_order = forms.BooleanField(label=_("按顺序学习：学完前一门课程才能学下一门"), required=False)
    prerequisite = forms.UUIDField(label=_("前置计划"), required=False, error_messages={"invalid": _("请从列表里选择前置计划。")})
    renew_yearly = forms.BooleanField(label=_("每年自动再培训：完成满一年前自动开启下一次"), required=False)
    exam_needed = forms.BooleanField(label=_("学完后要考试"), required=False)
    exam_questions = number(_("题数"), min_value=1, max_value=100)
    exam_pass_score = number(_("及格线（分）"), min_value=60, max_value=100)
    exam_minutes = number(_("考试时长（分钟）"), min_value=5, max_value=240)
    exam_tries = number(_("可考次数"), min_value=1, max_value=10)

    def __init__(self, answers: QueryDict, *, step: str) -> None:
        super().__init__(answers)
        self.step = step

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
        site = current_site()
        data.update({"hazard": site.hazard, "industry": site.industry_code[:1], "who_kind": "all", "exam_needed": "on", "exam_questions": "10", "exam_pass_score": "80",
                     "exam_minutes": "30", "exam_tries": "3"} | policy_answers(ExamPolicy()))  # fmt: skip
        return data

    def clean(self) -> dict[str, Any]:
        """Check the step that is being left; for ``review`` all of them."""
        self.fields["title"].required = self.fields["due_on"].required = (
            True  # as the page shows them; each is asked for in its step
        )
        leaving = list(STEPS)[:-1] if self.step == "review" else [step for step in STEPS if step == self.step]
        for step in leaving:
            if self.errors:
                break
            try:
                getattr(self, f"_check_{step}")()
            except DomainError as error:
                shown = None if self.step == "review" else self._field_of(error.code)  # that page has no fields
                self.add_error(shown, str(error.message))
        return self.cleaned_data

    def _field_of(self, code: str) -> str | None:
        if code == "bank_too_small":
            return "exam_paper" if self.cleaned_data.get("exam_paper") else "exam_questions"
        return _FIELD_OF.get(code)

    def requirement(self) -> catalogue.RequirementView | None:
        """Return the chosen row of the law; None when nothing, or nothing that exists, was chosen."""
        chosen = self.cleaned_data.get("requirement_id")
        try:
            return catalogue.requirement(chosen) if chosen else None
        except DomainError:
            return None

    def levels(self) -> list[Level]:
        """Return the levels of the induction with their hours and courses; none where the plan is one."""
        row, said = self.requirement(), self.cleaned_data
        if row is None or not said.get("split") or len(row.levels) < 2:
            return []
        hours, places = said.get("level_hours") or list(row.levels.values()), said.get("places") or {}
        if len(hours) != len(row.levels):
            hours = list(row.levels.values())
        chosen = said.get("version_ids") or []
        return [
            Level(name, hour, [key for key in chosen if places.get(key, 0) == place])
            for place, (name, hour) in enumerate(zip(row.levels, hours, strict=True))
        ]

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
            exam_paper=said.get("exam_paper"),
            exam_policy=self.policy(),
            offline_hours=said.get("offline_hours") or 0,
            starts_on=said.get("starts_on"),
            newcomer_days=said.get("newcomer_days"),
            in_order=bool(said.get("in_order")),
            prerequisite=said.get("prerequisite"),
            renew_yearly=bool(said.get("renew_yearly")),
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

    def _check_law(self) -> None:
        row = self.requirement()
        if row is None:
            raise DomainError("no_requirement", _("请先选择一个培训模板。"))
        checking.check_hazard(row, current_site().hazard)
        checking.check_title(self.cleaned_data.get("title") or "")

    def _check_courses(self) -> None:
        row = self.requirement()
        if row is None:
            raise DomainError("no_requirement", _("请先选择一个培训模板。"))
        levels = self.levels()
        if levels:
            self._check_levels(levels, row)
            return
        hours = checking.check_hours(self.cleaned_data.get("hours"), row)
        offline_ms = blending.check(self.cleaned_data.get("offline_hours") or 0, hours)
        required_ms = (hours or 0) * rules.HOUR_MS - offline_ms
        checking.check_courses(self.cleaned_data.get("version_ids") or [], required_ms=required_ms, may_blend=True)

    def _check_levels(self, levels: list[Level], row: catalogue.RequirementView) -> None:
        checking.check_levels([level.hours for level in levels], row)
        for level in levels:
            try:
                checking.check_courses(level.version_ids, required_ms=level.hours * rules.HOUR_MS)
            except DomainError as refusal:
                raise DomainError(refusal.code, f"{level.name}：{refusal.message}", **refusal.details) from refusal

    def _check_who(self) -> None:
        who = self.who()
        if not self.headcount():
            raise DomainError("nobody", _("没有选中任何在册学员，请先选择人员或导入学员。"))
        if who.keep:
            assigning.refuse_everybody([who.choice], confirmed=who.confirmed)

    def _check_when(self) -> None:
        if self.cleaned_data.get("due_on") is None:
            self.add_error("due_on", _("请选择截止日期。"))
            return
        today, said, row = clock.shanghai_date(clock.now()), self.cleaned_data, self.requirement()
        checking.check_due(said["due_on"], today=today, starts_on=said.get("starts_on"))
        checking.check_prerequisite(said.get("prerequisite"))
        if row is not None and said.get("renew_yearly"):
            checking.check_renewal(row.code, on=today, hazard=current_site().hazard)
        chosen = [catalogue.course(key) for key in self.cleaned_data.get("version_ids") or []]
        checking.check_exam(self.order(), sorted({topic for course in chosen for topic in course.question_topics}))


FIELDS = {
    "law": ("trainee", "stage", "industry", "hazard", "requirement_id", "title"),
    "courses": ("hours", "offline_hours", "version_ids", "split", "level_hours", "places"),
    "who": ("who_kind", "who_seen", "unit_id", "position", "hazard_tag", "role", "learner_ids", "follow", "everyone"),
    "when": (
        "starts_on", "due_on", "newcomer_days", "in_order", "prerequisite", "renew_yearly",
        "exam_needed", "exam_paper", "paper_seen", "exam_questions", "exam_pass_score", "exam_minutes", "exam_tries",
        "exam_face", "exam_leave_limit", "exam_leave_action", "exam_cool_hours", "exam_restudy_minutes", "exam_reveal",
    ),
}  # fmt: skip
"""Which fields each step shows."""
