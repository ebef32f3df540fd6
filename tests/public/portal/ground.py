"""An authority, an enterprise that answers, and a notice between them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from infra.kit.errors import DomainError
from public.portal import answering, asking
from public.portal.models import Rectification
from public.portal.shapes import Answerer, Asker, Wanted
from public.regulators.api import Authority
from public.regulators.models import Regulator
from public.uploads.models import Upload
from tenants.scope import platform_scope
from tests.conftest import NOON
from tests.public.desk import regulator

FOUND, BASIS = "抽查发现两名焊工的年度再培训没有完成。", "《安全生产法》第二十八条"
DUE = date(2026, 12, 7)
"""Two weeks after `NOON`."""
DAYS = timedelta(days=1)


def authority(prefix: str = "3301", *, organisation: str = "某市应急管理局") -> Authority:
    """An account of an authority, made if there is none."""
    with platform_scope():
        row = Regulator.objects.select_related("credential").filter(division_prefix=prefix, organisation=organisation).first()
        if row is None:
            pk = regulator(prefix, login=f"jg{prefix}{len(organisation)}")
            Regulator.objects.filter(pk=pk).update(organisation=organisation)
            row = Regulator.objects.select_related("credential").get(pk=pk)
    return Authority(row.pk, row.credential_id, row.credential.name, row.organisation, row.division_prefix, None)


def asker(who: Authority | None = None, at: datetime = NOON) -> Asker:
    """Somebody of an authority at work."""
    return Asker(who or authority(), at, "10.0.0.1")


def answerer(site: Any, at: datetime = NOON, *, manager: int = 1) -> Answerer:
    """A manager of an enterprise at work."""
    return Answerer(f"manager:{manager}", "安全员", site.schema_name, at, "10.0.0.2")


def wanted(**changes: Any) -> Wanted:
    """What is asked for."""
    return Wanted(**{"title": "焊工未做复训", "found": FOUND, "basis": BASIS, "due_on": DUE, **changes})


def ask(site: Any, *, by: Asker | None = None, **changes: Any) -> UUID:
    """Send a notice; returns its uuid. Stands on the platform."""
    return asking.ask(enterprise=site.uuid, wanted=wanted(**changes), asker=by or asker())


def answered(site: Any, *, by: Asker | None = None) -> UUID:
    """Send a notice and answer it."""
    uuid = ask(site, by=by)
    answering.answer(rectification=uuid, text="两名焊工已完成复训并考试合格。", by=answerer(site, NOON + DAYS))
    return uuid


def row(uuid: UUID) -> Rectification:
    """The row as it stands now."""
    with platform_scope():
        return Rectification.objects.get(uuid=uuid)


def kinds(uuid: UUID) -> list[str]:
    """The steps, in their order."""
    with platform_scope():
        return list(row(uuid).steps.order_by("pk").values_list("kind", flat=True))


def upload(site: Any, owner: int, **changes: Any) -> Upload:
    """A checked picture of a manager's."""
    values = {
        "owner_id": owner, "provider_schema": site.schema_name, "purpose": "rectification", "file_name": "复训签到.png", "size": 10, "part_size": 10,
        "kind": "image", "content_type": "image/png", "sha256": "0" * 64, "state": "READY", "created_at": NOON, "touched_at": NOON, **changes,
    }  # fmt: skip
    with platform_scope():
        return Upload.objects.create(**values)


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    """What a test expects to be refused with this code."""
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)
