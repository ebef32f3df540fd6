"""Writes: show a paper, renew it, take it away, remind before it ends."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.api import Me
from public.site.papers import telling
from public.site.papers.models import SitePaper
from public.site.papers.queries import renewed
from public.uploads import api as uploads

STAGES = (60, 30, 7, 0)
"""Days before the end at which operations are told (R1.1); 0: it is over."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a paper says."""

    kind: str
    title: str
    issuer: str
    valid_from: date
    valid_until: date | None = None
    number: str = ""
    title_en: str = ""
    scan: UUID | None = None


@transaction.atomic
def show(*, facts: Facts, me: Me, at: datetime, ip: str = "", replaces: UUID | None = None) -> SitePaper:
    """Show a paper to the public; with ``replaces`` it stands for a former one from now on.

    :raises DomainError: 404; 409 ``replaced``; 422 ``bad_term``; what `uploads` says of the scan
    """
    if facts.valid_until is not None and facts.valid_until < facts.valid_from:
        raise DomainError("bad_term", _("有效期的结束不能早于开始。"), status=422, field="valid_until")
    if facts.scan is not None:
        found = uploads.require_ready(facts.scan, kinds=("image", "document"))
        if found.provider_schema:
            raise DomainError("not_found", _("没有找到这个上传文件，请重新上传。"), status=404)
    former = _held(replaces) if replaces else None
    if former is not None and former.renewals.filter(withdrawn_at=None).exists():
        raise DomainError("replaced", _("这份资质已经换过证，请从最新的一份更新。"), status=409)
    by = f"operator:{me.credential_id}"
    row = SitePaper.objects.create(
        replaces=former, by=by, by_name=me.name, at=at, **{name: getattr(facts, name) for name in facts.__slots__}
    )  # fmt: skip
    audit.record(
        "site.paper_shown", actor=by, target=f"site-paper:{row.uuid}", at=at, ip=ip or None, kind=row.kind, title=row.title
    )
    return row


@transaction.atomic
def withdraw(*, paper: UUID, reason: str, me: Me, at: datetime, ip: str = "") -> None:
    """Take a paper away from the public, e.g. one that was shown by mistake.

    :raises DomainError: 404; 422 ``reason_missing``
    """
    if len(reason.strip()) < 2:
        raise DomainError("reason_missing", _("请写明撤下的原因。"), status=422, field="reason")
    row = _held(paper)
    row.withdrawn_at, row.withdrawn_reason = at, reason.strip()[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    by = f"operator:{me.credential_id}"
    audit.record(
        "site.paper_withdrawn", actor=by, target=f"site-paper:{row.uuid}", at=at, ip=ip or None, reason=row.withdrawn_reason
    )


def _held(paper: UUID) -> SitePaper:
    row = SitePaper.objects.select_for_update().filter(uuid=paper, withdrawn_at=None).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份资质，可能已经撤下。"), status=404)
    return row


def stage_of(left: int) -> int | None:
    """Return the narrowest stage that ``left`` days have reached, None while there is time."""
    return 0 if left < 0 else min((stage for stage in STAGES if stage > 0 and left <= stage), default=None)


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Tell operations of each paper that has reached another stage before its end, once a stage; returns how many papers.

    Days on which nothing ran are made up for: the narrowest stage is told, the wider ones it overtook are not.
    """
    today, told = clock.shanghai_date(at), 0
    rows = SitePaper.objects.filter(withdrawn_at=None, valid_until__isnull=False).exclude(renewed())
    for row in rows.select_for_update(of=("self",)):
        left = row.days_left(today)
        stage = stage_of(left) if left is not None else None
        if stage is None or (row.reminded is not None and row.reminded <= stage):
            continue
        row.reminded = stage
        row.save(update_fields=["reminded"])
        people = telling.tell(row, stage=stage, left=left or 0, at=at)
        audit.record("site.paper_ends", actor="system", target=f"site-paper:{row.uuid}", at=at, title=row.title, days_left=left,
                     people=people)  # fmt: skip
        told += 1
    return told
