"""The form of a partner."""

import base64
import binascii
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public.regulators.exchange.models import Partner
from public.regulators.exchange.partners import Wanted
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


class PartnerForm(forms.Form):
    """A new partner; what depends on channel and suite is checked by the service."""

    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如：浙江省应急管理厅监管平台。"))
    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("报文里的接收方代码，大写字母、数字和连字符。"))
    division_prefix = forms.ChoiceField(label=_("辖区"), choices=_areas)
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
    suite = forms.ChoiceField(label=_("加密签名"), choices=Partner.Suite.choices)
    their_public = forms.CharField(
        label=_("对方公钥"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("64 字节，十六进制或 Base64。SM2 为 X、Y；国际套件为 Ed25519 和 X25519 相连。"),
    )
    secret = forms.CharField(
        label=_("约定密钥"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("共享密钥套件、浙江网关（标识:密钥）和对象存储（标识:密钥）使用。"),
    )
    since = forms.DateField(
        label=_("从哪天起报送"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这一天以后的历史记录会自动补报。"),
    )

    def wanted(self) -> Wanted:
        """Return what the form says."""
        said: dict[str, Any] = {**self.cleaned_data}
        since: date = said["since"]
        return Wanted(**{**said, "since": since, "their_public": public_key(said["their_public"])})
