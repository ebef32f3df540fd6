"""Forms of marking."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.exams.marking.periods import BOUNDS
from apps.exams.marking.rules import Mode


def _area(label: Any, *, most: int, hint: Any = "", rows: int = 3, missing: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
        error_messages={"required": missing or _("请写明理由，5 到 500 个字。")},
    )


class AppealForm(forms.Form):
    """What a learner doubts, and why. ``no`` 0: the whole result, which becomes None."""

    no = forms.TypedChoiceField(label=_("对哪里有疑问"), coerce=lambda value: int(value) or None)
    words = _area(
        _("申诉理由"),
        most=1000,
        rows=5,
        hint=_("写明您认为哪里不对、依据是什么。请不要填写身份证号等个人信息。"),
        missing=_("请写明理由，例如哪个法条或操作规程说的不同。"),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["no"].choices = choices  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The answer to an appeal; the button says which."""

    decision = forms.ChoiceField(choices=[("uphold", ""), ("grant", "")], error_messages={"required": _("请选择处理结果。")})
    reason = _area(_("理由"), most=500, rows=4, hint=_("学员会看到。"), missing=_("请写明理由，学员会看到。"))


class ReasonForm(forms.Form):
    """Why points shall be different."""

    reason = _area(_("改分理由"), most=500, hint=_("写明事实和依据，学员和检查人员会看到。"))


class RegradeForm(forms.Form):
    """How a question that was found wrong is marked anew."""

    mode = forms.ChoiceField(
        label=_("怎样处理"),
        choices=[
            (Mode.KEY, _("改正答案：只有所选的算对")),
            (Mode.ALSO, _("增加答案：原来的答案和所选的都算对")),
            (Mode.ALL, _("全部给分：每个人都得这道题的满分")),
            (Mode.NONE, _("不计分：从试卷总分里去掉这道题")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择处理方式。")},
    )
    only_up = forms.BooleanField(label=_("分数只升不降（因题目出错，不让学员吃亏）"), required=False, initial=True)
    reason = _area(_("题目错在哪里"), most=500, hint=_("写明错在哪里和依据的条款，学员和检查人员会看到。"))


class PeriodsForm(forms.Form):
    """How long things may take, from a day on."""

    appeal_days = forms.IntegerField(label=_("学员可在出成绩后几天内申诉"))
    decide_days = forms.IntegerField(label=_("申诉在几个工作日内答复"))
    mark_days = forms.IntegerField(label=_("简答题在几个工作日内判完"))
    valid_from = forms.DateField(label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (low, high) in BOUNDS.items():
            self.fields[name].widget.attrs |= {"min": low, "max": high}
