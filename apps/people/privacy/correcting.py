"""Corrections: the right values wait sealed, are compared by a manager, and are written with their history (PIPL art. 46)."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.people import history, recording, rules, sealing, services
from apps.people.errors import IdTaken, checked_id, checked_name
from apps.people.models import Change, Learner, PrivacyRequest
from apps.people.privacy.rules import CORRECTABLE
from infra.kit import clock, identity
from infra.kit.errors import DomainError

PURPOSE = "privacy-request"


def present(row: Learner) -> dict[str, str]:
    """Return what stands now; the ID number in full, for comparing only."""
    return {
        "name": row.name,
        "id_number": sealing.unseal(row.id_sealed, sealing.ID),
        "position": row.position,
        "employee_no": row.employee_no,
    }


def checked(row: Learner, wanted: Mapping[str, str], *, on: date) -> dict[str, str]:
    """Return the values that differ, normalised; at least one.

    :raises DomainError: 422 ``name_invalid``, ``id_invalid``, ``nothing_to_correct``; 409 ``id_taken``
    """
    found = _differing(row, wanted, on=on)
    if not found:
        raise DomainError("nothing_to_correct", _("请至少填写一项与现在不同的内容。"), status=422, field="name")
    return found


def _differing(row: Learner, wanted: Mapping[str, str], *, on: date) -> dict[str, str]:
    said = {field: " ".join(str(wanted.get(field, "")).split()) for field in CORRECTABLE}
    if said["name"]:
        said["name"] = checked_name(said["name"])
    if said["id_number"]:
        said["id_number"] = checked_id(said["id_number"], on=on)
        _refuse_taken(row, said["id_number"])
    said["position"], said["employee_no"] = said["position"][:60], said["employee_no"][:30]
    now = present(row)
    return {field: value for field, value in said.items() if value and value != now[field]}


def sealed(values: Mapping[str, str]) -> bytes:
    """Seal what is asked for until it is decided."""
    return sealing.seal(json.dumps(dict(values), ensure_ascii=False), PURPOSE)


def wanted_of(row: PrivacyRequest) -> dict[str, str]:
    """Return what is asked for; nothing once it is decided."""
    if not row.wanted_sealed:
        return {}
    found: dict[str, str] = json.loads(sealing.unseal(bytes(row.wanted_sealed), PURPOSE))
    return found


def compared(row: PrivacyRequest) -> list[tuple[Any, str, str]]:
    """Return (field, as it stands, as asked for) of a request that waits."""
    now = present(row.learner)
    return [(CORRECTABLE[field], now[field] or "—", value) for field, value in wanted_of(row).items()]


def apply(row: PrivacyRequest, *, by: int, at: datetime) -> dict[str, Any]:
    """Write what was asked for; returns what goes into the ledger. Part of the caller's transaction. What a manager has put right by hand
    meanwhile is granted all the same, and written no second time.

    :raises DomainError: 409 ``id_taken``: somebody else has the number meanwhile
    """
    learner = services.locked(row.learner.uuid)
    values = _differing(learner, wanted_of(row), on=clock.shanghai_date(at))
    if not values:
        return {"corrected": []}
    before, masked = history.facts(learner), _masked(learner)
    for field, value in values.items():
        if field == "id_number":
            learner.id_sealed, learner.person_key = sealing.seal(value, sealing.ID), rules.person_key(value)
            learner.sex = identity.sex_of(value)
        else:
            setattr(learner, field, value)
    try:
        with transaction.atomic():
            learner.save(update_fields=["name", "position", "employee_no", "id_sealed", "person_key", "sex"])
    except IntegrityError as error:
        raise IdTaken() from error
    after = history.facts(learner) | {"id_number": _masked(learner)}
    history.note(
        Change.Kind.LEARNER, learner.uuid, name=learner.name, action="changed", before=before | {"id_number": masked}, after=after,
        by=by, at=at,
    )  # fmt: skip
    services.own_way_in(learner).update(name=learner.name)
    recording.announced(learner, at)
    return {"corrected": sorted(values)}


def _masked(row: Learner) -> str:
    return identity.mask_resident_id(sealing.unseal(row.id_sealed, sealing.ID))


def _refuse_taken(row: Learner, id_number: str) -> None:
    """Refuse a number that somebody else has; without a name, for the asker is no manager."""
    if Learner.objects.filter(person_key=rules.person_key(id_number)).exclude(pk=row.pk).exists():
        words = _("这个身份证号已登记在另一位学员名下。请核对，或联系本单位安全管理员。")
        raise DomainError("id_taken", words, status=409, field="id_number")
