"""Fields of the forms of plans."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import assigning
from apps.plans.assigning import Who
from apps.plans.models import TrainingPlan


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


def day(label: Any) -> forms.DateField:
    """Return an optional day, picked in the browser's calendar."""
    return forms.DateField(
        label=label,
        required=False,
        error_messages={"invalid": _("请填写有效日期，例如 2026-12-31。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class NumbersField(IdsField):
    """Several whole numbers in their order, repeats kept."""

    def to_python(self, value: Any) -> list[int]:
        """Return the numbers; what is not a number is an error."""
        try:
            return [int(item) for item in value or [] if item != ""]
        except ValueError as error:
            raise forms.ValidationError(_("请填写整数。")) from error


class PlacesField(forms.Field):
    """Which level each course belongs to, as ``version:level`` from selects."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> dict[int, int]:
        """Return version -> place of the level; what reads otherwise is an error."""
        try:
            return {int(version): int(place) for version, place in (item.split(":") for item in value or [] if item)}
        except ValueError as error:
            raise forms.ValidationError(_("所选内容有误，请重新选择。")) from error


class WhoForm(forms.Form):
    """The part of a form that says which learners."""

    who_kind = forms.ChoiceField(
        label=_("人员范围"),
        required=False,
        choices=[
            ("all", _("全部在册学员")),
            ("unit", _("一个部门（含下级）")),
            ("position", _("一个岗位")),
            ("hazard", _("接触某种危险因素的岗位")),
            ("role", _("一类人员")),
            ("picked", _("逐个挑选")),
        ],
    )
    who_seen = forms.CharField(required=False, max_length=10)
    unit_id = number(_("部门"))
    role = forms.ChoiceField(label=_("人员类别"), required=False, choices=[("", ""), *people.ROLES])
    position = forms.CharField(label=_("岗位"), required=False, max_length=60)
    hazard_tag = forms.CharField(label=_("危险因素"), required=False, max_length=10)
    learner_ids = IdsField(label=_("学员"), required=False)
    follow = forms.BooleanField(label=_("以后符合条件的人自动加入"), required=False)
    everyone = number(_("确认人数"), min_value=1)

    def __init__(self, answers: QueryDict, **more: Any) -> None:
        super().__init__(answers, **more)
        self.answers = answers

    def who(self) -> Who:
        """Return the chosen learners."""
        said = self.cleaned_data
        kind: Any = said.get("who_kind") or "all"
        return Who(
            kind,
            said.get("unit_id"),
            said.get("role") or "",
            said.get("learner_ids") or [],
            word=said.get({"position": "position", "hazard": "hazard_tag"}.get(kind, ""), ""),
            keep=bool(said.get("follow")),
            confirmed=said.get("everyone"),
        )

    def who_choices(self) -> dict[str, Any]:
        """Return what the people step shows: units, roles, found people with the picked ones first, how many that makes."""
        picked = people.learners(self.cleaned_data.get("learner_ids") or [])
        text, who = self.answers.get("learner_q", ""), self.who()
        found = [view for view in people.search_learners(text=text, limit=50) if view.id not in picked]
        return {
            "units": people.units(),
            "roles": people.ROLES,
            "posts": [post.name for post in people.posts()] if who.kind == "position" else [],
            "hazard_tags": people.hazards() if who.kind == "hazard" else [],
            "picked": list(picked.values()),
            "found": found,
            "learner_q": text,
            "headcount": self.headcount(),
            "everybody": assigning.everybody([who.choice]) if who.keep and who.says_whom else 0,
        }

    def headcount(self) -> int:
        """Return how many learners the choice reaches now."""
        who = self.who()
        return len(who.learner_ids) if who.kind == "picked" else assigning.count(who)

    def running_plans(self) -> list[tuple[str, str]]:
        """Return (uuid, title) of the plans that may come first."""
        rows = TrainingPlan.objects.filter(state=TrainingPlan.State.RUNNING).order_by("-opened_at")[:200]
        return [(str(row.uuid), row.title) for row in rows]
