"""Forms of the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public.rights.models import Kind, Licence, RightsAsset
from public.rights.services import Facts

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AssetForm(forms.Form):
    """One asset: what it is, whose, by what right, how far, how long, and what proves it."""

    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("请选择")), *Kind.choices])
    title = forms.CharField(label=_("素材名称"), max_length=120, help_text=_("例如：第 1 节旁白录音、思源黑体、现场照片 12 张"))
    courseware_id = forms.TypedChoiceField(label=_("用在哪里"), coerce=int, empty_value=None, required=False)
    holder = forms.CharField(label=_("权利人"), max_length=120, help_text=_("拥有著作权或肖像权的单位或个人"))
    licence = forms.ChoiceField(label=_("授权方式"), choices=[("", _("请选择")), *Licence.choices])
    licence_text = forms.CharField(
        label=_("合同编号或许可名称"),
        max_length=500,
        required=False,
        help_text=_("例如：授权书 2026-018、SIL OFL 1.1、CC BY 4.0"),
    )
    may_transmit = forms.BooleanField(label=_("信息网络传播（发布课程必须有）"), required=False)
    may_adapt = forms.BooleanField(label=_("改编、剪辑"), required=False)
    may_sublicense = forms.BooleanField(label=_("转授权给企业使用"), required=False)
    territory = forms.CharField(label=_("地域"), max_length=60, initial="中国大陆")
    valid_from = forms.DateField(label=_("授权开始"), widget=_DAY)
    valid_to = forms.DateField(label=_("授权截止"), widget=_DAY, required=False, help_text=_("含当日；长期有效请留空"))
    evidence = forms.UUIDField(required=False, widget=forms.HiddenInput())
    statement = forms.CharField(
        label=_("原创声明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("自己创作又没有证明文件时填写，保存即由您签署。例如：本素材由本人于 2026 年 5 月独立创作。"),
    )

    def __init__(self, *args: Any, lessons: list[Any], may_declare: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("整门课程")), *((row.id, f"{row.no}. {row.title}") for row in lessons)]
        where = self.fields["courseware_id"]
        assert isinstance(where, forms.TypedChoiceField)  # noqa: S101 - declared above
        where.choices = choices
        if not may_declare:
            del self.fields["statement"]

    def facts(self) -> Facts:
        """Return what was filled in."""
        return Facts(**{name: value for name, value in self.cleaned_data.items() if name in Facts.__dataclass_fields__})


def filled(row: RightsAsset) -> dict[str, Any]:
    """Return the form's values of a row."""
    return {name: getattr(row, name) for name in Facts.__dataclass_fields__}


class CopyForm(forms.Form):
    """Which version to copy from."""

    source = forms.TypedChoiceField(label=_("从哪门课程复制"), coerce=int)

    def __init__(self, *args: Any, sources: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = sources
