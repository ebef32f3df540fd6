"""Forms of the review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public.review import checklists
from public.review.models import Decision, Finding, ReReview

_CHECK = "check-"


def _words(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class ChecksForm(forms.Form):
    """A checklist: one radio group per item, then a verdict and words. ``checks`` are the answers by item."""

    def __init__(self, *args: Any, angle: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklists.of(angle)
        for item in self.checklist.items:
            choices = [pair for pair in checklists.ANSWERS if not (item.always and pair[0] == checklists.NOT_APPLICABLE)]
            self.fields[f"{_CHECK}{item.key}"] = forms.ChoiceField(
                label=item.question, help_text=item.clause, choices=choices, widget=forms.RadioSelect(), required=False
            )
        self.order_fields([*(f"{_CHECK}{item.key}" for item in self.checklist.items), *self.base_fields])

    @classmethod
    def prefilled(cls, angle: str, answers: dict[str, str]) -> "ChecksForm":
        """Return an empty form that proposes answers."""
        return cls(angle=angle, initial={f"{_CHECK}{key}": value for key, value in answers.items()})

    @property
    def items(self) -> list[Any]:
        """The bound fields of the items."""
        return [self[f"{_CHECK}{item.key}"] for item in self.checklist.items]

    @property
    def checks(self) -> dict[str, str]:
        """The answers; an item without one is left out."""
        return {
            item.key: self.cleaned_data[f"{_CHECK}{item.key}"]
            for item in self.checklist.items
            if self.cleaned_data.get(f"{_CHECK}{item.key}")
        }

    def mark(self, keys: list[str], message: Any) -> None:
        """Put a refusal beside the items it is about."""
        for key in keys:
            self.add_error(f"{_CHECK}{key}", message)


class DecisionForm(ChecksForm):
    """A verdict on one angle."""

    verdict = forms.ChoiceField(label=_("结论"), choices=Decision.Verdict.choices, widget=forms.RadioSelect())
    note = _words(_("意见"), required=False, max_length=1000, help_text=_("退回时必须写明需要修改的内容。"))


class OutcomeForm(ChecksForm):
    """The outcome of a re-review."""

    outcome = forms.ChoiceField(label=_("结论"), choices=ReReview.Outcome.choices, widget=forms.RadioSelect())
    note = _words(_("意见"), required=False, max_length=1000, help_text=_("需要新版本或建议下架时必须写明原因。"))


class FindingForm(forms.Form):
    """A finding with its place."""

    place = forms.ChoiceField(label=_("位置"), choices=Finding.Place.choices, initial=Finding.Place.WHOLE)
    lesson = forms.TypedChoiceField(label=_("课件"), coerce=int, required=False, empty_value=None)
    at = forms.CharField(label=_("时间"), max_length=12, required=False, help_text=_("分:秒，例如 00:12"))
    page = forms.IntegerField(label=_("页码"), min_value=1, max_value=9999, required=False)
    question = forms.CharField(label=_("试题编号"), max_length=20, required=False)
    severity = forms.ChoiceField(
        label=_("程度"), choices=Finding.Severity.choices, initial=Finding.Severity.MUST, widget=forms.RadioSelect()
    )
    text = _words(_("问题和修改要求"), max_length=500)

    def __init__(self, *args: Any, lessons: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lesson"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *((row["no"], f"{row['no']}. {row['title']}") for row in lessons)]


class ReasonForm(forms.Form):
    """A reason that others will read."""

    reason = forms.CharField(
        label=_("原因"), max_length=180, min_length=4, help_text=_("会记入发布记录，并通知使用该课程的企业。")
    )


class PolicyForm(forms.Form):
    """The rules of the review."""

    sla_working_days = forms.IntegerField(label=_("每个方面的审核时限（工作日）"), min_value=1, max_value=60)
    law_working_days = forms.IntegerField(label=_("法规变化后的复审时限（工作日）"), min_value=1, max_value=60)
    rereview_lead_days = forms.IntegerField(label=_("到期前多少天开始复审"), min_value=1, max_value=180)
    one_angle_each = forms.BooleanField(label=_("同一审核员对一门课程只审核一个方面"), required=False)
    reason = forms.CharField(label=_("调整原因"), max_length=200, min_length=4)


class ArticleForm(forms.Form):
    """A law's article."""

    law = forms.CharField(label=_("法律、法规或标准"), max_length=80, min_length=4)
    article = forms.CharField(label=_("条款"), max_length=20, required=False, help_text=_("数字或“第二十八条”；空白表示整部"))
    title = forms.CharField(label=_("说明"), max_length=120, required=False)


class ChangeForm(forms.Form):
    """A change of an article."""

    changed_on = forms.DateField(label=_("生效日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    note = _words(_("改了什么"), max_length=300, help_text=_("会通知全部使用相关课程的企业。"))
