"""Forms of askers and of the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.helpdesk import faq
from public.helpdesk.manual.chapters import CHAPTERS
from public.helpdesk.manual.reading import language, text_of
from public.helpdesk.models import Audience, Edition, Urgency
from public.helpdesk.shapes import Contact
from tenants import onboarding


def _area(label: Any, most: int, *, rows: int = 4, hint: Any = "", needed: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=needed, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


class TicketForm(forms.Form):
    """A question for a person, as short as it can be. Who is signed in is not asked for a name."""

    title = forms.CharField(label=_("要问什么"), max_length=80, help_text=_("用一句话写，例如：考试页面打不开。"))
    text = _area(_("经过"), 4000, rows=5, hint=_("做了什么、看到什么、什么时候。不用写证件号和密码。"))
    urgency = forms.ChoiceField(
        label=_("对您的影响"), choices=Urgency.choices, widget=forms.RadioSelect(), initial=Urgency.NORMAL
    )
    name = forms.CharField(label=_("称呼"), max_length=50, required=False)
    mobile = forms.CharField(
        label=_("手机号"), max_length=20, required=False, help_text=_("有答复时发短信告诉您。加密保存，结束半年后删除。")
    )
    page = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput())

    def __init__(self, *args: Any, is_known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["name"], self.fields["mobile"]
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写这一项。")

    def clean_mobile(self) -> str:
        """Return the 11 digits, or nothing."""
        typed = str(self.cleaned_data["mobile"]).strip()
        if not typed:
            return ""
        try:
            return str(onboarding.check_mobile(typed))
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error

    def contact(self) -> Contact:
        """Return what was said of how to reach the asker."""
        return Contact(self.cleaned_data.get("name", "").strip(), self.cleaned_data.get("mobile", ""))


class TrackForm(forms.Form):
    """Number and code."""

    number = forms.CharField(label=_("求助编号"), max_length=20, help_text=_("以 HD 开头，例如 HD261129K7M3Q。"))
    code = forms.CharField(label=_("查询码"), max_length=12, help_text=_("提问时显示的 8 位数字。"))


class ReplyForm(forms.Form):
    """More words of the asker."""

    text = _area(_("补充说明"), 4000, rows=3)


class ReopenForm(forms.Form):
    """What is not solved."""

    text = _area(_("哪里还没解决"), 2000, rows=3, hint=_("由值班客服接着处理，时限重新计算。"))


class RatingForm(forms.Form):
    """Satisfaction."""

    STARS = ((5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意")))
    stars = forms.TypedChoiceField(label=_("您对答复是否满意"), choices=STARS, coerce=int, widget=forms.RadioSelect())
    words = forms.CharField(label=_("还想说的"), max_length=300, required=False)


class AnswerForm(forms.Form):
    """An answer, and what comes after it."""

    canned = forms.TypedChoiceField(
        label=_("常用答复"), coerce=int, required=False, empty_value=None, help_text=_("选一条放进答复，再按实际情况修改。")
    )
    text = _area(_("答复（提问人可见）"), 4000, rows=6)
    then = forms.ChoiceField(
        label=_("之后"),
        choices=[("solve", _("已解决")), ("open", _("继续处理")), ("wait", _("等提问人补充，时限暂停"))],
        widget=forms.RadioSelect(),
        initial="solve",
    )

    def __init__(self, *args: Any, canned: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "canned", [("", _("不用")), *(canned or [])])


class MergeForm(forms.Form):
    """Into which."""

    into = forms.CharField(
        label=_("并入的求助编号"),
        max_length=20,
        help_text=_("两件是同一个问题时使用。两位提问人都收到答复，互相看不到对方的内容。"),
    )


class AssignForm(forms.Form):
    """To whom."""

    to = forms.TypedChoiceField(label=_("指派给"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "to", people or [])


class UrgencyForm(forms.Form):
    """How urgent, and why."""

    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices)
    why = forms.CharField(label=_("为什么改"), max_length=200)


class NoteForm(forms.Form):
    """Words for colleagues."""

    text = _area(_("内部备注"), 2000, rows=2, hint=_("只有同事能看到。"))


class CannedForm(forms.Form):
    """A ready answer."""

    title = forms.CharField(label=_("标题"), max_length=60)
    text = _area(_("答复"), 2000, rows=6)


class PromiseForm(forms.Form):
    """Hours of one urgency from a day on."""

    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices)
    valid_from = forms.DateField(label=_("生效日期"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("最早明天。"))
    answer_minutes = forms.IntegerField(label=_("首次答复（分钟）"), min_value=1, max_value=1440)
    settle_hours = forms.IntegerField(label=_("解决（小时）"), min_value=1, max_value=240)


class ShiftForm(forms.Form):
    """Who is on duty from when on, how long, on how many days."""

    person = forms.TypedChoiceField(label=_("值班人"), coerce=int)
    day = forms.DateField(label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label=_("上班时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="08:00")
    hours = forms.IntegerField(label=_("每班几小时"), min_value=1, max_value=24, initial=8)
    days = forms.IntegerField(label=_("连排几天"), min_value=1, max_value=31, initial=1)

    def __init__(self, *args: Any, people: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "person", people or [])


class HandoverForm(forms.Form):
    """To whom, and what to look after."""

    to = forms.TypedChoiceField(label=_("接班人"), coerce=int)
    note = _area(_("交班说明"), 2000, rows=3, hint=_("还有什么要盯；没有就写“无”。您手上没解决的求助在对方接班后归对方。"))

    def __init__(self, *args: Any, people: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "to", people or [])


class ArticleForm(forms.Form):
    """A common question with its answer, in both languages."""

    audiences = forms.MultipleChoiceField(
        label=_("写给谁看"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )
    question = forms.CharField(label=_("问题"), max_length=120)
    answer = _area(_("答案"), 4000, rows=8, hint=_("可用 Markdown：空行分段，“- ”列表，**加粗**，[文字](链接)。"))
    other_words = _area(_("其他问法"), 1000, rows=3, needed=False, hint=_("一行一个，只用来搜索，不显示。"))
    chapter = forms.ChoiceField(label=_("手册章节"), required=False)
    question_en = forms.CharField(label=_("问题（英文）"), max_length=200, required=False)
    answer_en = _area(_("答案（英文）"), 6000, rows=6, needed=False)
    why = forms.CharField(label=_("改了什么"), max_length=200, required=False, help_text=_("给同事看。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = language()
        chapters = [(one.key, f"{Audience(one.audience).label} · {text_of(one.key, lang).title}") for one in CHAPTERS]
        _choices(self, "chapter", [("", _("不关联")), *chapters])

    def said(self) -> faq.Words:
        """Return the words for a new edition."""
        got = self.cleaned_data
        return faq.Words(
            got["audiences"],
            got["question"],
            got["answer"],
            got["question_en"],
            got["answer_en"],
            got["other_words"],
            got["chapter"],
        )


def initial_of(edition: Edition) -> dict[str, Any]:
    """Return what the form shows of an edition."""
    names = ("audiences", "question", "answer", "other_words", "chapter", "question_en", "answer_en")
    return {name: getattr(edition, name) for name in names}


def _choices(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
    field.choices = choices
