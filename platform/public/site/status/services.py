"""Writes about incidents: begin, say more, end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.api import Me
from public.site.status.models import Component, Incident, Word

Kind, Stage = Incident.Kind, Word.Stage


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of an incident at first."""

    kind: str
    title: str
    text: str
    components: Sequence[str]
    starts_at: datetime
    ends_at: datetime | None = None
    title_en: str = ""
    text_en: str = ""


@transaction.atomic
def begin(*, report: Report, me: Me, at: datetime, ip: str = "") -> Incident:
    """Write an incident down. Work counts as announced ahead only where it is written down before it begins.

    :raises DomainError: 422 ``bad_period``, ``bad_component``
    """
    components = [one for one in Component.values if one in set(report.components)]
    if not components:
        raise DomainError("bad_component", _("请选择受影响的部分。"), status=422, field="components")
    if report.ends_at is not None and report.ends_at <= report.starts_at:
        raise DomainError("bad_period", _("结束时间要晚于开始时间。"), status=422, field="ends_at")
    if report.kind == Kind.PLANNED and (report.ends_at is None or report.starts_at <= at):
        raise DomainError("bad_period", _("计划维护要在开始之前公布，并写明结束时间。"), status=422, field="ends_at")
    if report.kind == Kind.OUTAGE and report.starts_at > at:
        raise DomainError("bad_period", _("故障的开始时间不能晚于现在。"), status=422, field="starts_at")
    by = f"operator:{me.credential_id}"
    row = Incident.objects.create(
        kind=report.kind, title=report.title, title_en=report.title_en, components=components, starts_at=report.starts_at,
        ends_at=report.ends_at, by=by, at=at,
    )  # fmt: skip
    stage = Stage.FOUND if report.kind == Kind.OUTAGE and report.ends_at is None else Stage.KNOWN
    Word.objects.create(incident=row, stage=stage, text=report.text, text_en=report.text_en, by=by, at=at)
    audit.record("site.incident_begun", actor=by, target=f"incident:{row.uuid}", at=at, ip=ip or None, kind=row.kind)
    return row


@transaction.atomic
def say(*, incident: UUID, stage: str, text: str, text_en: str = "", me: Me, at: datetime, ip: str = "") -> None:
    """Say more about an incident; ``OVER`` ends an outage now.

    :raises DomainError: 404; 409 ``over``; 422 ``words_missing``
    """
    if len(text.strip()) < 4 or stage not in Stage.values:
        raise DomainError("words_missing", _("请写明进展。"), status=422, field="text")
    row = Incident.objects.select_for_update().filter(uuid=incident).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条记录。"), status=404)
    if row.words.filter(stage=Stage.OVER).exists():
        raise DomainError("over", _("这条记录已经结束，不能再写。需要时请新建一条。"), status=409)
    by = f"operator:{me.credential_id}"
    Word.objects.create(incident=row, stage=stage, text=text.strip(), text_en=text_en.strip(), by=by, at=at)
    if stage == Stage.OVER and row.ends_at is None:
        row.ends_at = at  # an outage began before it was written down
        row.save(update_fields=["ends_at"])
    audit.record("site.incident_told", actor=by, target=f"incident:{row.uuid}", at=at, ip=ip or None, stage=stage)
