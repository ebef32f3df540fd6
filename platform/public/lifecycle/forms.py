"""Forms about enterprises, on the desk and in an enterprise's own console."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.lifecycle.models import Paper, Turn, Verification
from public.lifecycle.rules import LOOKS
from tenants import onboarding

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LOOK_WORDS = {
    "legible": _("扫描件清晰、完整，为原件的彩色扫描或照片"),
    "name": _("企业名称与营业执照一致"),
    "code": _("统一社会信用代码与营业执照一致"),
    "registry": _("国家企业信用信息公示系统：存续（在营），未列入严重违法失信名单"),
    "authority": _("办理人是法定代表人，或有盖公章的授权书"),
}
MINUTES = ((30, _("30 分钟")), (60, _("1 小时")), (120, _("2 小时")), (240, _("4 小时")), (480, _("8 小时")))


class HandInForm(forms.Form):
    """What a company says of itself; its papers come as ``paper`` = ``LICENCE:<upload>``, as often as there are papers."""

    name = forms.CharField(label=_("企业全称"), max_length=100, help_text=_("与营业执照一致。"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=24, help_text=_("营业执照上的 18 位代码。"))
    licence_until = forms.DateField(label=_("营业期限至"), required=False, widget=_DAY, help_text=_("长期的不填。"))
    words = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：名称变更的原因。"),
    )

    def clean_name(self) -> str:
        """Return the company's name."""
        return _checked(onboarding.check_company, self.cleaned_data["name"])

    def clean_uscc(self) -> str:
        """Return the code when its check digit is right."""
        return _checked(onboarding.check_uscc, self.cleaned_data["uscc"])

    @staticmethod
    def papers(values: list[str]) -> list[tuple[str, UUID]]:
        """Return what was sent as (kind, upload); nonsense is left out."""
        found = []
        for value in values[:50]:
            kind, _colon, upload = value.partition(":")
            try:
                found.append((Paper.Kind(kind).value, UUID(upload)))
            except ValueError:
                continue
        return found


def _checked(check: Any, value: str) -> str:
    try:
        return str(check(value))
    except DomainError as error:
        raise forms.ValidationError(error.message) from error


class PassForm(forms.Form):
    """What one looker ticks before papers pass."""

    looks = forms.MultipleChoiceField(
        label=_("逐项核对"),
        choices=[(name, _LOOK_WORDS[name]) for name in LOOKS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("还有核对项没有勾选。不一致的，请选择“不通过”并写明原因。")},
    )
    note = forms.CharField(label=_("给复核人的备注"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RefuseForm(forms.Form):
    """Why papers are refused."""

    reasons = forms.MultipleChoiceField(
        label=_("未通过原因"),
        choices=Verification.Reason.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一个原因，企业会看到。")},
    )
    words = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("企业会看到。")
    )


class WordsForm(forms.Form):
    """A reason that the enterprise's people read."""

    words = forms.CharField(
        label=_("说明"),
        max_length=200,
        min_length=4,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会显示给该企业的人员，并写入审计记录。"),
    )


class SuspendForm(WordsForm):
    """Why an enterprise is suspended; its people read both."""

    cause = forms.ChoiceField(label=_("原因"), choices=[one for one in Turn.Cause.choices if one[0] != "SETTLED"])
    field_order = ("cause", "words")


class VisitForm(forms.Form):
    """Why an operator wants to look around, and how long."""

    reason = forms.CharField(
        label=_("为什么需要查看"),
        max_length=300,
        min_length=6,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("企业负责人会看到。"),
    )
    minutes = forms.TypedChoiceField(label=_("时长"), choices=MINUTES, coerce=int, initial=60, help_text=_("从企业同意时起算。"))


class _Named(forms.Form):
    """A form that stands beside others on a page: its fields carry its own name in their ids."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", **kwargs})


def _words(label: Any, help_text: Any = "", *, most: int = 300, least: int | None = 4, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        min_length=least,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReopenForm(_Named):
    """On whose word a closed enterprise is opened again."""

    reason = _words(_("谁提出、怎样核实身份"), _("企业人员会看到，并写入审计记录。"), least=6)


class DestroyForm(_Named):
    """Why everything of a closed enterprise is destroyed; its name is typed, so that nobody asks for the wrong one."""

    reason = _words(_("依据"), _("会写进销毁证明。"))
    name = forms.CharField(label=_("企业全称"), max_length=120, help_text=_("请完整输入，避免选错企业。"))


class DecideForm(_Named):
    """The second operator's word; a refusal needs one."""

    reason = _words(_("意见"), _("不批准时必须填写，申请人会看到。"), least=None, required=False)


class HoldForm(_Named):
    """What a court or an authority asks to be kept."""

    reason = _words(_("依据"), _("案号、文号或调查名称；不要写个人姓名。"), most=200)
    until = forms.DateField(label=_("保留到"), required=False, widget=_DAY, help_text=_("不填为直到解除。"))


class ReasonForm(_Named):
    """Why something is lifted or stopped."""

    reason = _words(_("原因"))
