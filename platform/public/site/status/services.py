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
from public.site.status.models import STAGES, Component, Incident, Word

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
    if report.kind == Kind.PLANNED and report.starts_at <= at:
        raise DomainError("bad_period", _("计划维护要在开始之前公布，请填将来的开始时间。"), status=422, field="starts_at")
    if report.kind == Kind.PLANNED and report.ends_at is None:
        raise DomainError("bad_period", _("计划维护要写明结束时间。"), status=422, field="ends_at")
    if report.kind == Kind.OUTAGE and report.starts_at > at:
        raise DomainError("bad_period", _("故障的开始时间不能晚于现在。"), status=422, field="starts_at")
    if report.kind == Kind.OUTAGE and report.ends_at is not None and report.ends_at > at:
        raise DomainError("bad_period", _("故障的结束时间不能晚于现在；还没恢复就不填。"), status=422, field="ends_at")
    by = f"operator:{me.credential_id}"
    row = Incident.objects.create(
        kind=report.kind, title=report.title, title_en=report.title_en, components=components, starts_at=report.starts_at,
        ends_at=report.ends_at, by=by, at=at,
    )  # fmt: skip
    stage = Stage.PLANNED if report.kind == Kind.PLANNED else Stage.OVER if report.ends_at else Stage.FOUND
    Word.objects.create(incident=row, stage=stage, text=report.text, text_en=report.text_en, by=by, at=at)
    audit.record("site.incident_begun", actor=by, target=f"incident:{row.uuid}", at=at, ip=ip or None, kind=row.kind)
    return row


@transaction.atomic
def say(*, incident: UUID, stage: str, text: str, text_en: str = "", me: Me, at: datetime, ip: str = "") -> None:
    """Say more about an incident; ``OVER`` ends an outage now, ``DONE`` planned work, and ``OFF`` calls off what has not begun.

    What is called off, or was done early, counts as time in which everything should have worked.

    :raises DomainError: 404; 409 ``over``; 422 ``words_missing``, ``bad_stage``
    """
    if len(text.strip()) < 4:
        raise DomainError("words_missing", _("请写明进展。"), status=422, field="text")
    row = Incident.objects.select_for_update().filter(uuid=incident).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条记录。"), status=404)
    if row.is_told:
        raise DomainError("over", _("这条记录已经结束，不能再写。需要时请新建一条。"), status=409)
    _check_stage(row, stage, at)
    by = f"operator:{me.credential_id}"
    Word.objects.create(incident=row, stage=stage, text=text.strip(), text_en=text_en.strip(), by=by, at=at)
    if stage in {Stage.OVER, Stage.DONE} and (row.ends_at is None or at < row.ends_at):
        row.ends_at = at  # an outage began before it was written down, work before it is done
        row.save(update_fields=["ends_at"])
    audit.record("site.incident_told", actor=by, target=f"incident:{row.uuid}", at=at, ip=ip or None, stage=stage)


def _check_stage(row: Incident, stage: str, at: datetime) -> None:
    if stage not in STAGES[Kind(row.kind)]:
        raise DomainError("bad_stage", _("请选择进展到哪一步。"), status=422, field="stage")
    has_begun = row.starts_at < at
    if stage == Stage.OFF and has_begun:
        raise DomainError("bad_stage", _("维护已经开始，不能取消；做完了请选“已完成”。"), status=422, field="stage")
    if stage in {Stage.WORKING, Stage.DONE} and not has_begun:
        raise DomainError("bad_stage", _("维护还没有开始；不做了请选“已取消”。"), status=422, field="stage")
