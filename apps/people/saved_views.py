"""Filters of the list of people under a name, each manager's own."""

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.people.models import Manager, SavedView
from infra.kit import identity
from infra.kit.errors import DomainError

KEYS = ("q", "unit", "role", "employment", "position", "status", "sort", "size")
MOST = 20


def of(manager_id: int) -> list[SavedView]:
    """Return a manager's views by name."""
    return list(SavedView.objects.filter(manager_id=manager_id).order_by("name"))


def kept(get: QueryDict) -> str:
    """Return the part of an address that a view keeps: known keys with a value, never a mobile or ID number (clause 五.1)."""
    found = QueryDict(mutable=True)
    for key in KEYS:
        value = get.get(key, "")
        if value and not (key == "q" and _is_number(value)):
            found[key] = value[:60]
    return found.urlencode()


def save(*, manager_id: int, name: str, query: str) -> SavedView:
    """Keep filters under a name; an old view of that name is replaced.

    :raises DomainError: ``view_name``, ``view_empty``; 409 ``too_many``
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 30:
        raise DomainError("view_name", _("请填写视图名称，不超过 30 个字。"), field="name")
    query = kept(QueryDict(query[:500]))
    if not query:
        raise DomainError("view_empty", _("请先选择筛选条件，再保存为视图。"), field="name")
    with transaction.atomic():
        Manager.objects.select_for_update().get(pk=manager_id)
        rows = SavedView.objects.filter(manager_id=manager_id)
        if rows.exclude(name=name).count() >= MOST:
            raise DomainError("too_many", _("最多保存 %(n)d 个视图，请先删除不用的。") % {"n": MOST}, status=409)
        row, _made = rows.update_or_create(manager_id=manager_id, name=name, defaults={"query": query})
    return row


def forget(*, manager_id: int, view_id: int) -> None:
    """Remove one's own view; somebody else's stays."""
    SavedView.objects.filter(manager_id=manager_id, pk=view_id).delete()


def _is_number(text: str) -> bool:
    mobile = identity.normalise_mobile(text)
    return identity.is_mobile(mobile) or len(identity.normalise_resident_id(text)) == 18
