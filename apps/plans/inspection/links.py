"""Links for inspectors: made, used, revoked. Who holds the secret sees what its scope says, until it ends; each opening is written down."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.inspection import packages, rules
from apps.plans.models import InspectionLink, InspectionVisit
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit


@dataclass(frozen=True, slots=True)
class Order:
    """What an inspector may see: a unit with all below (None: everybody), plans that ran between two days, for how long."""

    since: date
    until: date
    days: int
    unit_id: int | None = None
    purpose: str = ""


@transaction.atomic
def make(*, order: Order, by: int, at: datetime, with_package: bool) -> tuple[InspectionLink, str]:
    """Make a link, and queue the package of the same scope; returns the link and its secret, which is shown this once.

    :param by: id of the manager
    :raises DomainError: ``period``, ``days``, ``not_found`` (404: the unit); 409 ``package_running``
    """
    check(order, today=clock.shanghai_date(at))
    made = packages.order(unit_id=order.unit_id, since=order.since, until=order.until, by=by, at=at) if with_package else None
    token = rules.new_token()
    link = InspectionLink.objects.create(
        token_digest=rules.digest(token),
        purpose=" ".join(order.purpose.split())[:60],
        package=made,
        unit_id=order.unit_id,
        since=order.since,
        until=order.until,
        by_id=by,
        at=at,
        expires_at=at + timedelta(days=order.days),
    )
    until = link.expires_at.isoformat()
    audit.record("inspection.link_made", actor=f"manager:{by}", target=f"inspection:{link.uuid}", at=at, until=until)
    return link, token


def check(order: Order, *, today: date) -> None:
    """Refuse an order that cannot be.

    :raises DomainError: ``period``, ``days``, ``not_found`` (404: the unit)
    """
    if not rules.period_allowed(order.since, order.until, today=today):
        raise DomainError("period", _("请检查起止日期：开始不晚于结束，结束不晚于今天，最长 3 年。"), field="since")
    if not 1 <= order.days <= rules.MOST_DAYS:
        raise DomainError("days", _("链接最长 7 天有效，请选择 1 到 7 天。"), field="days")
    if order.unit_id is not None and order.unit_id not in people.unit_tree():
        raise DomainError("not_found", _("没有找到这个部门，请重新选择。"), status=404)


@transaction.atomic
def enter(*, token: str, at: datetime, ip: str, agent: str) -> InspectionLink:
    """Open a link by its secret and write that down.

    :raises DomainError: 404 ``link_unknown`` (also a neighbour's); 410 ``link_over``
    """
    link = InspectionLink.objects.filter(token_digest=rules.digest(token)).first()
    if link is None:
        raise DomainError("link_unknown", _("这个链接无效。请向企业核对，或请企业重新生成一个。"), status=404)
    _require_open(link, at)
    note(link, InspectionVisit.What.OPENED, at=at, ip=ip, agent=agent)
    return link


def of_uuid(uuid: UUID, *, at: datetime) -> InspectionLink:
    """Return a link that is open now, for somebody who has come in by it.

    :raises DomainError: 404 ``link_unknown``; 410 ``link_over``
    """
    link = InspectionLink.objects.select_related("package", "unit").filter(uuid=uuid).first()
    if link is None:
        raise DomainError("link_unknown", _("这个链接无效。请向企业核对，或请企业重新生成一个。"), status=404)
    _require_open(link, at)
    return link


def is_open(link: InspectionLink, at: datetime) -> bool:
    """Say whether a link lets anybody in now."""
    return link.revoked_at is None and at < link.expires_at


def _require_open(link: InspectionLink, at: datetime) -> None:
    if not is_open(link, at):
        raise DomainError("link_over", _("这个链接已到期或被企业收回。如需继续查看，请联系企业重新生成。"), status=410)


def note(link: InspectionLink, what: InspectionVisit.What, *, at: datetime, ip: str, agent: str) -> None:
    """Write an opening down."""
    InspectionVisit.objects.create(link=link, what=what, at=at, ip=ip, agent=agent[:200])


@transaction.atomic
def revoke(*, link: UUID, by: int, at: datetime) -> InspectionLink:
    """End a link at once. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = one(link, lock=True)
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        audit.record("inspection.link_revoked", actor=f"manager:{by}", target=f"inspection:{row.uuid}", at=at)
    return row


def one(link: UUID, *, lock: bool = False) -> InspectionLink:
    """Return a link for its enterprise, whatever its state.

    :raises DomainError: 404 ``not_found``
    """
    rows = InspectionLink.objects.select_for_update() if lock else InspectionLink.objects.select_related("package", "unit", "by")
    row = rows.filter(uuid=link).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个迎检链接。"), status=404)
    return row


def links() -> QuerySet[InspectionLink]:
    """Return the links, newest first, with ``opened`` (how often) and ``last`` (when)."""
    rows = InspectionLink.objects.select_related("unit", "by", "package").order_by("-at", "-pk")
    return rows.annotate(opened=Count("visits"), last=Max("visits__at"))
