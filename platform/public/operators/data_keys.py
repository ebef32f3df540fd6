"""What operations see of data keys, and how they have them changed (clause 五.1). No key is ever shown: rows hold wrapped ones only."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.desk import Me
from public.operators.ports import CLEAR_FILES
from tenants.keys import PLATFORM, rotation
from tenants.keys.models import DataKey, Rotation
from tenants.models import Enterprise
from tenants.ringing import ring_later

PER_PAGE = 20
OPEN, BROKEN, NEVER = "open", "broken", "never"
STATES = ((OPEN, _("正在更换")), (BROKEN, _("有无法解密的数据")), (NEVER, _("从未更换")))


@dataclass(frozen=True, slots=True)
class Line:
    """One owner: which key it has, and its newest rotation. ``enterprise`` is None for the platform."""

    enterprise: Enterprise | None
    key: DataKey | None
    rotation: Rotation | None


def page(*, search: str, state: str, number: str) -> tuple[Page[Enterprise], list[Line]]:
    """Return one page of enterprises that fit both filters, newest first, and their lines."""
    rows = Enterprise.objects.filter(destroyed_at=None).order_by("-created_at", "-id")
    for word in search.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(uscc__istartswith=word) | Q(subdomain__icontains=word))
    changed = Rotation.objects.values("schema_name")
    if state == OPEN:
        rows = rows.filter(schema_name__in=changed.exclude(state=Rotation.State.DONE))
    elif state == BROKEN:
        newest = Rotation.objects.filter(owner=Cast(OuterRef("uuid"), CharField())).order_by(
            "-id"
        )  # an older one may have been mended
        rows = rows.annotate(broken=Subquery(newest.values("broken")[:1])).filter(broken__gt=0)
    elif state == NEVER:
        rows = rows.exclude(schema_name__in=changed)
    found = Paginator(rows, PER_PAGE).get_page(number)
    return found, _lines(list(found))


def platform_line() -> Line:
    """Return the platform's own line."""
    newest = DataKey.objects.filter(owner=PLATFORM).order_by("-number").first()
    return Line(None, newest, Rotation.objects.filter(owner=PLATFORM).order_by("-id").first())


def _lines(rows: list[Enterprise]) -> list[Line]:
    owners = [str(row.uuid) for row in rows]
    keys = {key.owner: key for key in DataKey.objects.filter(owner__in=owners).defer("wrapped").order_by("number")}
    jobs = {job.owner: job for job in Rotation.objects.filter(owner__in=owners).order_by("id")}
    return [Line(row, keys.get(str(row.uuid)), jobs.get(str(row.uuid))) for row in rows]


def open_count() -> int:
    """Return how many rotations have not ended."""
    return Rotation.objects.exclude(state=Rotation.State.DONE).count()


@transaction.atomic
def ask(*, enterprise_id: int | None, me: Me, at: datetime, ip: str) -> Rotation:
    """Have one owner's key changed; asked twice while it runs, nothing more happens.

    :raises DomainError: 404 ``not_found``
    """
    row = Enterprise.objects.filter(pk=enterprise_id, destroyed_at=None).first() if enterprise_id is not None else None
    if enterprise_id is not None and row is None:
        raise DomainError("not_found", _("没有找到这家企业。"), status=404)
    job = rotation.ask(enterprise_id=enterprise_id, by=f"operator:{me.credential_id}", at=at)
    schema = row.schema_name if row else "public"
    _audit("keys.rotation_asked", me, at, ip, schema)
    _ring()
    return job


@transaction.atomic
def ask_all(*, me: Me, at: datetime, ip: str) -> int:
    """Have all keys changed; returns how many were queued."""
    count = rotation.ask_all(by=f"operator:{me.credential_id}", at=at)
    _audit("keys.all_rotations_asked", me, at, ip, "public")
    _ring()
    return count


@transaction.atomic
def seal_files(*, me: Me, at: datetime, ip: str) -> None:
    """Have files encrypted that came before such files were; asked twice, nothing more happens."""
    _audit("keys.files_sealing_asked", me, at, ip, "public")
    CLEAR_FILES.get().seal()


def _ring() -> None:
    """Wake a worker at the commit; without a broker the schedule finds the job within a minute."""
    from tenants.tasks import rotate_keys

    ring_later(rotate_keys)


def _audit(action: str, me: Me, at: datetime, ip: str, schema: str) -> None:
    audit.record(action, actor=f"operator:{me.credential_id}", target="keys", at=at, ip=ip, schema_name=schema, name=me.name)
