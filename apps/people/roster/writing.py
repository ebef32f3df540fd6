"""Writes a matched list in bulk, a thousand people at a time, within the caller's transaction."""

import copy
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from apps.people import events, history, recording, sealing, services
from apps.people.models import Learner, Unit
from apps.people.roster.bulk import copy_in
from apps.people.roster.matching import Match
from infra.kit import identity
from public.regulators import api as regulators
from tenants.api import Credential, login_key

_AT_ONCE = 1_000
_CHANGING = [
    "name", "mobile_sealed", "mobile_index", "unit", "position", "employee_no", "role", "status", "hired_on",
]  # fmt: skip


@dataclass(slots=True)
class Written:
    """How many people came in, changed, and stayed as they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def write(matches: Sequence[Match], *, by: int, at: datetime, progress: Callable[[int], None] = lambda done: None) -> Written:
    """Bring everybody in. Running it twice changes nothing the second time.

    :param by: id of the manager, for the history of each person
    :param progress: told the number of people written, after each thousand
    :raises IntegrityError: somebody else wrote one of them meanwhile
    """
    units, written = _units(matches), Written()
    for start in range(0, len(matches), _AT_ONCE):
        some = matches[start : start + _AT_ONCE]
        new = [_new(one, units, at) for one in some if one.learner is None]
        ways_in = [row.credential for row in new if row.credential is not None]
        copy_in([way for way in ways_in if way.pk is None])
        for learner in new:
            learner.credential = learner.credential  # its key is known now
        copy_in(new)
        moved = [pair for one in some if one.learner is not None and (pair := _change(one, one.learner, units, at))]
        changed = [row for _former, row in moved]
        _upsert(changed)
        _note(new, moved, by=by, at=at)
        told = [_identity(row) for row in new + changed]
        recording.registered(new, by=by, at=at, known=dict(told))
        regulators.submit_many(kind="LEARNER", bodies=told, at=at)
        written.created += len(new)
        written.updated += len(changed)
        written.unchanged += len(some) - len(new) - len(changed)
        progress(start + len(some))
    if written.created or written.updated:
        events.tell_learners_changed()
    return written


def _units(matches: Sequence[Match]) -> dict[str, Unit | None]:
    return {path: services.unit_of_path(path) for path in sorted({one.draft.unit for one in matches})}


def _new(one: Match, units: dict[str, Unit | None], at: datetime) -> Learner:
    draft = one.draft
    credential = one.credential or _way_in(draft.mobile, draft.name)
    return Learner(
        credential=credential,
        name=draft.name,
        id_sealed=sealing.seal(draft.id_number, sealing.ID),
        person_key=one.person_key,
        mobile_sealed=sealing.seal(draft.mobile, sealing.MOBILE),
        mobile_index=one.mobile_index,
        sex=identity.sex_of(draft.id_number),
        unit=units[draft.unit],
        position=draft.position,
        employee_no=draft.employee_no,
        role=draft.role or Learner.Role.CY,
        hired_on=draft.hired_on,
        created_at=at,
    )


def _way_in(mobile: str, name: str) -> Credential:
    # Like set_unusable_password, whose random text costs more than the rest of the row.
    password = UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20)
    return Credential(login_key=login_key(mobile), name=name, password=password)


def _change(one: Match, row: Learner, units: dict[str, Unit | None], at: datetime) -> tuple[Learner, Learner] | None:
    """Lay the row's words over the learner; return how it was and is, None when nothing differs. Empty cells keep what there is."""
    draft, former, before = one.draft, copy.copy(row), [getattr(row, name) for name in _CHANGING]
    if row.mobile_index != one.mobile_index:
        services.move_login(row, draft.mobile, at)
    row.name, row.status = draft.name, Learner.Status.ACTIVE
    row.unit = units[draft.unit] or row.unit
    row.position, row.employee_no = draft.position or row.position, draft.employee_no or row.employee_no
    row.role, row.hired_on = draft.role or row.role, draft.hired_on or row.hired_on
    if before == [getattr(row, name) for name in _CHANGING]:
        return None
    services.own_way_in(row).update(name=row.name, is_active=True)
    return former, row


def _note(new: Sequence[Learner], moved: Sequence[tuple[Learner, Learner]], *, by: int, at: datetime) -> None:
    """Write each person's history; somebody who was archived and is on the list comes back."""
    entries: list[tuple[Learner, str, history.Facts, history.Facts]] = [(row, "added", {}, history.own_facts(row)) for row in new]
    for former, row in moved:
        action = "changed" if former.is_active else "restored"
        entries.append((row, action, history.own_facts(former), history.own_facts(row)))
    history.note_many(entries, by=by, at=at)


def _upsert(rows: Sequence[Learner]) -> None:
    Learner.objects.bulk_create(rows, update_conflicts=True, unique_fields=["person_key"], update_fields=_CHANGING)


def _identity(row: Learner) -> tuple[UUID, dict[str, str]]:
    masked_id = identity.mask_resident_id(sealing.unseal(row.id_sealed, sealing.ID))
    masked_mobile = identity.mask_mobile(sealing.unseal(row.mobile_sealed, sealing.MOBILE))
    return row.uuid, recording.identity_record(row, masked_id=masked_id, masked_mobile=masked_mobile)
