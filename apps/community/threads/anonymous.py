"""Taking persons and the enterprise out of a text before it leaves."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from infra.kit.errors import DomainError
from tenants.api import current_site

_LEGAL = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团|公司)$")
_PLACE = re.compile(r"^(浙江省?|[\u4e00-\u9fff]{2,3}[市县区]|杭州|宁波|温州|嘉兴|湖州|绍兴|金华|衢州|舟山|台州|丽水)")


def enterprise_names() -> list[str]:
    """Return how people call this enterprise: the whole name, without its legal form, and without its town too."""
    whole = current_site().name
    short = _LEGAL.sub("", whole)
    core = _PLACE.sub("", short)
    return [name for name in dict.fromkeys((whole, short, core)) if len(name) >= 3]


def names_in(text: str) -> list[str]:
    """Return the names of this enterprise's people that stand in a text, longest first."""
    return sorted(people.names_within(text), key=len, reverse=True)


def without_names(text: str) -> str:
    """Return a text with people's names and the enterprise's replaced; a manager reads it over before it is sent."""
    for name in names_in(text):
        text = text.replace(name, str(_("某员工")))
    for name in enterprise_names():
        text = text.replace(name, str(_("某企业")))
    return text


def refuse_names(text: str, *, field: str, always: Iterable[str] = (), sure: bool = False) -> None:
    """Refuse a text that still names somebody of this enterprise, or the enterprise.

    :param always: who took part in the question: never let through
    :param sure: a manager says that the others' names are words here (张力 is a name and a force)
    :raises DomainError: 422 ``names_person``, ``names_enterprise``
    """
    taking_part = [name for name in always if len(name) >= 2 and name in text]
    if found := taking_part or ([] if sure else names_in(text)):
        words = _("文字里有本企业人员的姓名“%(name)s”，请删去后再提交。") % {"name": found[0]}
        raise DomainError("names_person", words, status=422, field=field)
    if named := next((name for name in enterprise_names() if name in text), ""):
        words = _("文字里有本企业的名称“%(name)s”，请删去后再提交。") % {"name": named}
        raise DomainError("names_enterprise", words, status=422, field=field)
