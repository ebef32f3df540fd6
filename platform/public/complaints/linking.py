"""Links a complaint about voided hours to its appeal in second instance, which then decides both. Runs on the platform."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.appeals import api as appeals
from public.complaints import diary, reporting
from public.complaints.diary import Desk, Kind, require_desk
from public.complaints.locking import State, held
from tenants.models import Enterprise

_NAMED = 5
"""Enterprises of one name that a refusal tells."""


@transaction.atomic
def link_appeal(*, complaint: UUID, case: UUID, desk: Desk) -> None:
    """Say that a complaint is about an appeal of the same enterprise that still waits.

    :raises DomainError: 403; 404; 409 ``wrong_state``, ``linked``; 422 ``unknown_appeal``
    """
    require_desk(desk)
    row = held(complaint, State.FILED, State.OPEN, State.WAITING)
    if row.about:
        raise DomainError("linked", _("这件投诉已有关联，不能再关联申诉。"), status=409)
    if case not in {uuid for uuid, _label in appeals.open_cases(row.schema_name)}:
        words = _("没有找到这家企业待裁定的申诉，请从列表中选择。")
        raise DomainError("unknown_appeal", words, status=422, field="case")
    row.about = f"appeal:{case}"
    try:
        with transaction.atomic():
            row.save(update_fields=["about"])
    except IntegrityError as error:
        raise DomainError("linked", _("这件申诉已关联另一件投诉。"), status=409) from error
    diary.by_desk(row, Kind.LINKED, desk, text=_("学时申诉"))


@transaction.atomic
def link_enterprise(*, complaint: UUID, company: str, desk: Desk) -> None:
    """Say which enterprise is concerned where the complaint came by the platform's site or by phone, once.

    :param company: its credit code, or enough of its name to mean it alone
    :raises DomainError: 403; 404; 409 ``wrong_state``, ``linked``; 422 ``unknown_enterprise``, ``several_enterprises``
    """
    require_desk(desk)
    row = held(complaint, State.FILED, State.OPEN, State.WAITING)
    if row.schema_name:
        raise DomainError("linked", _("这件投诉已有涉及的企业。"), status=409)
    found = _enterprise(company.strip())
    row.schema_name = found.schema_name
    row.save(update_fields=["schema_name"])
    diary.by_desk(row, Kind.LINKED, desk, text=found.name)
    reporting.report(row, at=desk.at)


def _named(rows: QuerySet[Enterprise]) -> list[Enterprise]:
    """As many as a refusal tells, and one that says that there are more."""
    return list(rows[: _NAMED + 1])


def _enterprise(said: str) -> Enterprise:
    rows = Enterprise.objects.order_by("name", "-pk")
    coded = list(
        rows.filter(uscc=said.upper()).order_by("-pk")[:1]
    )  # of those that had it the newest: an older one was destroyed
    found = coded or _named(rows.filter(name=said)) or (_named(rows.filter(name__icontains=said)) if said else [])
    if len(found) == 1:
        return found[0]
    if not found:
        words = _("没有找到这家企业。请核对企业名称，或填 18 位统一社会信用代码。")
        raise DomainError("unknown_enterprise", words, status=422, field="company")
    shown = "；".join(f"{one.name} {one.uscc}" for one in found[:_NAMED])
    words = _("有几家企业叫这个名字，请填其中一家的统一社会信用代码：%(found)s") % {
        "found": shown + ("…" if len(found) > _NAMED else "")
    }
    raise DomainError("several_enterprises", words, status=422, field="company")
