"""Public texts of the operator: which there are, what stands there until they are filled in, reading and writing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from public.audit import api as audit
from public.operators.api import Me
from public.site import footing
from public.site.models import SiteFact


@dataclass(frozen=True, slots=True)
class Known:
    """One kind of fact: its name for operators, what stands there at first, whether it has several lines."""

    key: str
    label: Any
    default: Any = ""
    long: bool = False


KNOWN: tuple[Known, ...] = (
    Known("operator_name", _("运营单位")),
    Known("operator_address", _("运营单位地址")),
    Known("service_phone", _("服务电话")),
    Known("complaint_phone", _("投诉电话")),
    Known("complaint_email", _("投诉邮箱")),
    # 12350 is the national hotline for work-safety reports (安全生产法 arts. 73, 74).
    Known("authority_phone", _("应急管理部门举报电话"), "12350"),
    Known(
        "complaint_rules",
        _("投诉处理规则"),
        _("您可以通过电话、邮箱或书面方式投诉。我们登记每一件投诉，告知受理结果和处理进度，并对投诉人信息保密。"),
        long=True,
    ),
    Known("qualifications", _("资质情况"), long=True),
    Known("icp", _("网站备案号")),
    Known("telecom_licence", _("增值电信业务经营许可证号")),
    Known("police_record", _("公安联网备案号")),
)


def facts() -> dict[str, str]:
    """Return key to text in the reader's language (Chinese where there is no English); empty where nothing is known."""
    rows = {row.key: row for row in SiteFact.objects.all()}
    english = (get_language() or "").startswith("en")
    return {known.key: _text(rows.get(known.key), known, english=english) for known in KNOWN}


def _text(row: SiteFact | None, known: Known, *, english: bool) -> str:
    if row is None:
        return str(known.default)
    return (row.text_en if english and row.text_en else row.text_zh) or str(known.default)


MUST = ("operator_name", "operator_address", "service_phone", "complaint_phone", "complaint_email", "icp")
"""What the public must find (互联网信息服务管理办法 art. 12, 个人信息保护法 art. 17, clause 六.(一).5)."""


def missing() -> list[str]:
    """Return the names of texts that the public must find and nobody has written yet."""
    written = set(SiteFact.objects.filter(key__in=MUST).exclude(text_zh="").values_list("key", flat=True))
    return [str(known.label) for known in KNOWN if known.key in MUST and known.key not in written]


@transaction.atomic
def save_facts(*, texts: dict[str, tuple[str, str]], me: Me, at: datetime, ip: str) -> None:
    """Write the texts (key to Chinese and English); unknown keys are refused.

    :raises KeyError: a key that is not in ``KNOWN``
    """
    known = {fact.key for fact in KNOWN}
    before = dict(SiteFact.objects.filter(key__in=texts).values_list("key", "text_zh"))
    for key, (zh, en) in texts.items():
        if key not in known:
            raise KeyError(key)
        SiteFact.objects.update_or_create(key=key, defaults={"text_zh": zh.strip(), "text_en": en.strip()})
    footing.changed()
    audit.record("site.facts_saved", actor=f"operator:{me.credential_id}", target="site:facts", at=at, ip=ip, keys=sorted(texts),
                 before=before, after={key: zh.strip() for key, (zh, _en) in texts.items()})  # fmt: skip
