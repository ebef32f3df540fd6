"""The form of a partner."""

import base64
import binascii
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public.regulators.exchange.changing import Change, TheirKeys
from public.regulators.exchange.models import Partner
from public.regulators.exchange.wanted import Wanted
from public.regulators.models import FeedRecord
from tenants import divisions


def _areas() -> list[tuple[str, str]]:
    """Province, cities, counties: prefixes without their last zeros."""
    found = [("33", str(divisions.full_name("33")) or "浙江省")]
    for city in divisions.CITIES:
        found.append((city.code[:4], city.name))
        found += [(county.code, f"　{county.name}") for county in divisions.COUNTIES[city.code]]
    return found


def public_key(text: str) -> bytes:
    """Return the bytes of a key written in hex (with or without the leading 04) or base64; b"" for anything else."""
    text = "".join(text.split())
    try:
        found = bytes.fromhex(text)
    except ValueError:
        try:
            found = base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            return b""
    return found[1:] if len(found) == 65 and found[0] == 4 else found


_KEY_WORDS = _("64 字节，十六进制或 Base64。SM2 为 X、Y；国际套件为 Ed25519 和 X25519 相连。")


def _key_field(label: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
    return forms.CharField(label=label, required=False, max_length=400, widget=box, help_text=_KEY_WORDS)


def _secret_field(label: Any, words: Any) -> forms.CharField:
    box = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=200, widget=box, help_text=words)


class WayForm(forms.Form):
    """What of a partner may change later too: its name, what it gets, and the way there."""

    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如：浙江省应急管理厅监管平台。"))
    kinds = forms.MultipleChoiceField(
        label=_("报送数据"),
        choices=FeedRecord.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=FeedRecord.Kind.values,
    )
    channel = forms.ChoiceField(label=_("报送方式"), choices=Partner.Channel.choices)
    address = forms.CharField(
        label=_("对方地址"),
        max_length=300,
        required=False,
        help_text=_("以 https:// 开头；文件投递用 s3://主机/桶/目录。对方来取的留空。"),
    )
    parcel_size = forms.IntegerField(
        label=_("每批记录数"),
        min_value=1,
        max_value=1000,
        initial=200,
        help_text=_("一次请求最多带多少条，1–1000；对方处理慢时调小。"),
    )

    def change(self) -> Change:
        """Return what the form says."""
        return Change(**self.cleaned_data)


class PartnerForm(WayForm):
    """A new partner; what depends on channel and suite is checked by the service."""

    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("报文里的接收方代码，大写字母、数字和连字符。"))
    division_prefix = forms.ChoiceField(label=_("辖区"), choices=_areas)
    suite = forms.ChoiceField(label=_("加密签名"), choices=Partner.Suite.choices)
    their_public = _key_field(_("对方公钥"))
    secret = _secret_field(_("约定密钥"), _("共享密钥套件、浙江网关（标识:密钥）和对象存储（标识:密钥）使用。"))
    since = forms.DateField(
        label=_("从哪天起报送"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这一天以后的历史记录会自动补报。"),
    )
    field_order = ("name", "code", "division_prefix", "kinds", "channel", "address", "parcel_size", "suite", "their_public",
                   "secret", "since")  # fmt: skip

    def wanted(self) -> Wanted:
        """Return what the form says."""
        said: dict[str, Any] = {**self.cleaned_data}
        since: date = said["since"]
        return Wanted(**{**said, "since": since, "their_public": public_key(said["their_public"])})


class KeysForm(forms.Form):
    """New keys of the other side; only what this partner has is asked for."""

    their_public = _key_field(_("对方的新公钥"))
    secret = _secret_field(_("新的约定密钥"), _("至少 16 个字符；浙江网关和对象存储写“标识:密钥”。"))
    overlap = forms.TypedChoiceField(
        label=_("旧密钥"),
        coerce=int,
        choices=[(24, _("再用 24 小时，双方从容切换")), (168, _("再用 7 天")), (0, _("立即停用（已泄露时选这项）"))],
        initial=24,
    )

    def __init__(self, *args: Any, row: Partner, **more: Any) -> None:
        super().__init__(*args, **more)
        if row.suite == Partner.Suite.SHARED:
            del self.fields["their_public"]
        elif row.channel not in {Partner.Channel.ZHEJIANG, Partner.Channel.FILES}:
            del self.fields["secret"]

    def keys(self) -> TheirKeys:
        """Return what the form says; text that is no key stays, to be refused beside its field."""
        said = self.cleaned_data
        text = said.get("their_public", "")
        public = public_key(text) or text.encode()
        return TheirKeys(public, said.get("secret", ""), timedelta(hours=said["overlap"]))
