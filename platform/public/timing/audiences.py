"""Whose pages are whose, told by the name of the page alone: so nobody has to be known."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who uses a page."""

    LEARNER = "LEARNER", _("学员")
    MANAGER = "MANAGER", _("企业管理人员")
    OPERATOR = "OPERATOR", _("平台人员")
    AUTHORITY = "AUTHORITY", _("监管人员")
    ANYBODY = "ANYBODY", _("公开页面")


_BEGINNINGS: dict[str, tuple[str, ...]] = {
    Audience.LEARNER: ("learn",),
    Audience.MANAGER: ("console",),
    Audience.OPERATOR: ("desk",),
    Audience.AUTHORITY: ("regulator", "inspect"),
}


def audience_of(route: str) -> str:
    """Return whose page this is, by how its name begins."""
    return next((audience for audience, begin in _BEGINNINGS.items() if route.startswith(begin)), Audience.ANYBODY)


def pages_of(audience: str) -> Q:
    """Return the condition that a row is about a page of this audience; of no audience: any page."""
    if audience in _BEGINNINGS:
        return _any(_BEGINNINGS[audience])
    if audience == Audience.ANYBODY:
        return ~_any(tuple(one for begin in _BEGINNINGS.values() for one in begin))
    return Q()


def _any(beginnings: tuple[str, ...]) -> Q:
    found = Q()
    for begin in beginnings:
        found |= Q(route__startswith=begin)
    return found
