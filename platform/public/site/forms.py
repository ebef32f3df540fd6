"""Forms of the public pages."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.site.facts import KNOWN, Known
from tenants import divisions, onboarding
from tenants.models import Enterprise

_CHOOSE = [("", _("请选择"))]


class SignUpForm(forms.Form):
    """Everything a company says of itself, on one page."""

    mobile = forms.CharField(label=_("手机号"), max_length=20)
    code = forms.CharField(label=_("短信验证码"), max_length=6)
    name = forms.CharField(label=_("您的姓名"), max_length=50, help_text=_("您将成为本企业的第一位管理员。"))
    password = forms.CharField(
        label=_("登录密码"),
        max_length=128,
        widget=forms.PasswordInput(render_value=True),
        help_text=_("至少 8 位，不要全是数字。"),
    )
    company = forms.CharField(label=_("企业全称"), max_length=100, help_text=_("与营业执照一致。"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=24, help_text=_("营业执照上的 18 位代码。"))
    industry_code = forms.ChoiceField(label=_("所属行业"))
    hazard = forms.ChoiceField(label=_("企业类别"), choices=Enterprise.Hazard.choices, widget=forms.RadioSelect())
    city = forms.ChoiceField(label=_("所在市"))
    division_code = forms.CharField(label=_("所在县（市、区）"), widget=forms.Select())
    subdomain = forms.CharField(label=_("专属网址"), max_length=40, help_text=_("学员从这个网址登录，开通后不能更改。"))
    agree = forms.BooleanField(
        label=_("我有权代表本企业开通，并同意《隐私政策》和《使用手册》中的约定"),
        error_messages={"required": _("请先阅读并勾选同意。")},
    )

    def __init__(self, data: QueryDict | None = None, *, proven: bool = False) -> None:
        super().__init__(_with_city(data))
        for name, field in self.fields.items():
            if name != "agree":
                field.error_messages["required"] = _("请填写这一项。")
        self.fields["code"].required = not proven
        self.fields["code"].error_messages["required"] = _("请先获取并填写短信验证码。")
        self._choices("industry_code", [*_CHOOSE, *divisions.INDUSTRIES])
        self._choices("city", [*_CHOOSE, *((city.code, city.name) for city in divisions.CITIES)])
        chosen = str(self.data.get("city", "")) if self.is_bound else ""
        self.fields["division_code"].widget.choices = [*_CHOOSE, *counties_of(chosen)]

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = choices

    def clean_mobile(self) -> str:
        """Return the 11 digits."""
        return _checked(onboarding.check_mobile, self.cleaned_data["mobile"])

    def clean_name(self) -> str:
        """Return the name with one kind of middle dot."""
        return _checked(onboarding.check_name, self.cleaned_data["name"])

    def clean_password(self) -> str:
        """Return the password when it is strong enough."""
        password = str(self.cleaned_data["password"])
        return _checked(onboarding.check_password, password)

    def clean_company(self) -> str:
        """Return the company's name."""
        return _checked(onboarding.check_company, self.cleaned_data["company"])

    def clean_uscc(self) -> str:
        """Return the credit code."""
        return _checked(onboarding.check_uscc, self.cleaned_data["uscc"])

    def clean_division_code(self) -> str:
        """Return the county's code."""
        code = str(self.cleaned_data["division_code"])
        if divisions.county(code) is None:
            raise forms.ValidationError(_("请选择企业所在的县（市、区）。"))
        return code


def _with_city(data: QueryDict | None) -> QueryDict | None:
    """Fill in the city that a county names, for callers who send only the county."""
    if data is None or data.get("city") or divisions.county(data.get("division_code", "")) is None:
        return data
    filled = data.copy()
    filled["city"] = f"{data['division_code'][:4]}00"
    return filled


def counties_of(city: str) -> list[tuple[str, str]]:
    """Return the counties of a city as choices."""
    return [(county.code, county.name) for county in divisions.COUNTIES.get(city, ())]


def _checked(check: Any, value: str) -> str:
    try:
        return str(check(value))
    except DomainError as error:
        raise forms.ValidationError(error.message) from error


class VerifyForm(forms.Form):
    """The code printed on a certificate."""

    code = forms.CharField(label=_("查验码"), max_length=64, help_text=_("印在证书二维码下方；也可以直接用手机扫码。"))


def _fact_field(known: Known, label: str) -> forms.CharField:
    """Return the input of one text; what stands there while nothing is written shines through."""
    attrs: dict[str, Any] = {"placeholder": known.default} if known.default else {}
    if known.key.endswith("_email"):
        return forms.EmailField(label=label, required=False, max_length=200, widget=forms.EmailInput(attrs=attrs))
    if known.long:
        return forms.CharField(label=label, required=False, max_length=2000, widget=forms.Textarea(attrs=attrs | {"rows": 3}))
    if known.key.endswith("_phone"):
        attrs |= {"inputmode": "tel"}
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput(attrs=attrs))


class FactsForm(forms.Form):
    """Every public text in both languages."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for known in KNOWN:
            for language, word in (("zh", _("中文")), ("en", _("英文"))):
                self.fields[f"{known.key}_{language}"] = _fact_field(known, f"{known.label}（{word}）")

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the two fields of each text, Chinese and English."""
        return [(self[f"{known.key}_zh"], self[f"{known.key}_en"]) for known in KNOWN]

    def texts(self) -> dict[str, tuple[str, str]]:
        """Return key to (Chinese, English)."""
        got = self.cleaned_data
        return {known.key: (got[f"{known.key}_zh"], got[f"{known.key}_en"]) for known in KNOWN}
