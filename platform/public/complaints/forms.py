"""Forms of complainants and of the desk."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.complaints import filing
from public.complaints.models import Category, Complaint
from public.complaints.shapes import Contact
from tenants import onboarding


def _area(label: Any, most: int, *, rows: int = 4, hint: Any = "", needed: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=needed, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


class ContactFields(forms.Form):
    """How to reach whoever complains; nothing of it is needed."""

    name = forms.CharField(label=_("称呼"), max_length=50, required=False)
    mobile = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        help_text=_("受理和办结时发短信告诉您。加密保存，不告诉被投诉方。"),
    )
    mail = forms.EmailField(label=_("邮箱"), max_length=120, required=False, help_text=_("没有留手机号时，发邮件告诉您。"))

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
        """Return what was said."""
        got = self.cleaned_data
        return Contact(got["name"].strip(), got["mobile"], got["mail"])


class FilingForm(ContactFields):
    """A complaint, as short as it can be."""

    category = forms.ChoiceField(label=_("投诉类别"), choices=Category.choices, widget=forms.RadioSelect())
    title = forms.CharField(label=_("什么事"), max_length=80, help_text=_("用一句话说明，例如：学完一课没有记学时。"))
    text = _area(
        _("经过和诉求"), 4000, rows=6, hint=_("写清时间、课程或页面，以及希望怎么解决。照片、截图、录音在提交后的下一页上传。")
    )
    field_order = ("category", "title", "text", "company", "name", "mobile", "mail")

    def __init__(self, *args: Any, with_company: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_company:
            hint = _("企业全称；不涉及企业的不用填。")
            self.fields["company"] = forms.CharField(label=_("涉及的企业"), max_length=100, required=False, help_text=hint)
            self.order_fields(self.field_order)
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写这一项。")

    def clean_text(self) -> str:
        """Return the text; said here too, so that all that is wrong is told at once."""
        text = str(self.cleaned_data["text"]).strip()
        if len(text) < filing.LEAST_TEXT:
            raise forms.ValidationError(str(filing.too_short().message))
        return text

    def whole_text(self) -> str:
        """Return the text, with the company that was named above it."""
        company, text = str(self.cleaned_data.get("company", "")).strip(), str(self.cleaned_data["text"])
        return str(_("涉及企业：%(name)s")) % {"name": company} + "\n" + text if company else text


class TrackForm(forms.Form):
    """Number and code."""

    number = forms.CharField(label=_("投诉编号"), max_length=20, help_text=_("以 TS 开头，例如 TS261129K7M3Q。"))
    code = forms.CharField(label=_("查询码"), max_length=12, help_text=_("提交时显示的 8 位数字。"))


class ReplyForm(forms.Form):
    """More words of the complainant."""

    text = _area(_("补充说明"), 2000)


class ReopenForm(forms.Form):
    """Why the decision should be looked at again."""

    reason = _area(_("哪里不满意"), 2000, hint=_("由另一位工作人员重新办理，时限重新计算。"))


class RatingForm(forms.Form):
    """Satisfaction."""

    STARS = ((5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意")))
    stars = forms.TypedChoiceField(label=_("您对处理是否满意"), choices=STARS, coerce=int, widget=forms.RadioSelect())
    words = forms.CharField(label=_("还想说的"), max_length=300, required=False)


class AcceptForm(forms.Form):
    """First answer."""

    category = forms.ChoiceField(label=_("类别"), choices=Category.choices, help_text=_("改类别后按新类别的时限计算。"))
    reply = _area(_("受理答复（投诉人可见）"), 2000)
    kept_because = _area(
        _("不先行隐藏的理由"), 500, rows=2, needed=False, hint=_("举报违法有害或侵权内容时，隐藏课程或写明理由。")
    )

    def __init__(self, *args: Any, hiding: Collection[str] = (), was_to_hide: bool = False, **kwargs: Any) -> None:
        """Ask why nothing is hidden only where something is to be: by the category that was promised, or by the one that is chosen.

        :param hiding: categories whose content is hidden first
        """
        super().__init__(*args, **kwargs)
        if not was_to_hide and self["category"].value() not in hiding:
            del self.fields["kept_because"]


class AskForm(forms.Form):
    """What the complainant shall add."""

    question = _area(_("请投诉人补充什么（投诉人可见）"), 2000, hint=_("等待期间时限暂停。"))


class GoOnForm(forms.Form):
    """Why nobody waits any more."""

    why = _area(_("说明（投诉人可见）"), 500, rows=2)


class DecideForm(forms.Form):
    """Outcome and reason."""

    outcome = forms.ChoiceField(label=_("结果"), choices=Complaint.Outcome.choices, widget=forms.RadioSelect())
    reason = _area(_("处理经过和依据（投诉人可见）"), 2000, rows=5)
    content = forms.ChoiceField(
        label=_("隐藏中的课程"),
        choices=[("release", _("恢复使用")), ("recall", _("撤下（召回）"))],
        required=False,
        widget=forms.RadioSelect(),
    )

    def __init__(self, *args: Any, is_held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_held:
            del self.fields["content"]


class ExtendForm(forms.Form):
    """Why more time is needed."""

    reason = _area(_("延期理由（批准后投诉人可见）"), 300, rows=2)


class ConsentForm(forms.Form):
    """Yes or no of a second person."""

    decision = forms.ChoiceField(
        label=_("决定"), choices=[("grant", _("批准")), ("refuse", _("不批准"))], widget=forms.RadioSelect()
    )


class AssignForm(forms.Form):
    """To whom."""

    to = forms.TypedChoiceField(label=_("承办人"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared so above
        field.choices = people or []


class NoteForm(forms.Form):
    """Words for colleagues."""

    text = _area(_("内部备注"), 2000, rows=2, hint=_("只有同事能看到。"))


class CourseForm(forms.Form):
    """Which course."""

    course = forms.CharField(label=_("课程编号"), max_length=40)


class CompanyForm(forms.Form):
    """Which enterprise."""

    company = forms.CharField(label=_("企业名称或统一社会信用代码"), max_length=100)


class AppealForm(forms.Form):
    """Which appeal."""

    case = forms.ChoiceField(label=_("学时申诉"), help_text=_("申诉裁定后，这件投诉按裁定结果自动办结。"))

    def __init__(self, *args: Any, cases: list[tuple[Any, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["case"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = cases or []


class AccessForm(forms.Form):
    """Why, and how long."""

    reason = _area(_("调阅理由"), 300, rows=2, hint=_("由另一位同事批准；企业的审计记录里会看到每次调阅。"))
    hours = forms.IntegerField(label=_("时长（小时）"), min_value=1, max_value=72, initial=24)


class EmptyForm(forms.Form):
    """A button alone."""


class PromiseForm(forms.Form):
    """Times of one category from a day on."""

    category = forms.ChoiceField(label=_("类别"), choices=Category.choices)
    valid_from = forms.DateField(label=_("生效日期"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("最早明天。"))
    answer_minutes = forms.IntegerField(label=_("首次答复（分钟）"), min_value=1, max_value=7200)
    office_only = forms.BooleanField(label=_("首次答复只算工作时间（9:00–18:00）"), required=False)
    settle_hours = forms.IntegerField(label=_("办结（小时）"), min_value=1, max_value=240, required=False)
    settle_days = forms.IntegerField(
        label=_("办结（工作日）"), min_value=1, max_value=60, required=False, help_text=_("与小时二选一。")
    )
    extend_days = forms.IntegerField(
        label=_("可延长（工作日）"), min_value=0, max_value=30, initial=0, help_text=_("0 表示不能延期。")
    )
    hides_first = forms.BooleanField(label=_("被举报的内容先隐藏再核实"), required=False)
