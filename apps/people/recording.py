"""What follows every write about a learner: history, and the news to the authority and the upper rooms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.people import events, history
from apps.people.models import Change, Learner
from apps.people.shapes import LearnerView, learner_view
from apps.records import api as records
from infra.kit import identity
from public.regulators import api as regulators


def identity_record(row: Learner, *, masked_id: str, masked_mobile: str) -> dict[str, str]:
    """Return what the authority learns of a person: masked identity, the natural person's key and the work."""
    return {
        "learner": str(row.uuid),
        "person_key": row.person_key,
        "name": identity.mask_name(row.name),
        "id_number": masked_id,
        "mobile": masked_mobile,
        "sex": row.sex,
        "role": row.role,
        "unit": row.unit.name if row.unit else "",
        "position": row.position,
        "status": row.status,
    }


def noted(row: Learner, action: str, before: dict[str, str], by: int | None, at: datetime) -> bool:
    """Write the change down; returns whether anything differs."""
    after = history.facts(row)
    history.note(Change.Kind.LEARNER, row.uuid, name=row.name, action=action, before=before, after=after, by=by, at=at)
    return before != after


def announced(row: Learner, at: datetime) -> LearnerView:
    """Tell the authority's feed and the upper rooms how a learner stands now, and return the view."""
    events.tell_learners_changed()
    view = learner_view(row)
    if row.sample:  # the authority hears of people only
        return view
    body = identity_record(row, masked_id=view.masked_id, masked_mobile=view.masked_mobile)
    regulators.submit(kind="LEARNER", subject=row.uuid, body=body, at=at)
    return view


def registered(
    rows: Sequence[Learner], *, by: int | None, at: datetime, known: Mapping[UUID, Mapping[str, str]] | None = None
) -> None:
    """Begin the chains of people who are new on the books: numbers and name masked, and the work as it was that day. What tells a person
    for ever, the natural person's key and the employee number, is not in it: the ledger outlives an erasure.

    Many at once, for lists of ten thousand; samples are no people and have no chain.

    :param known: uuid -> `identity_record`, where it was made already
    """
    records_of = known or {}
    bodies = [(row.uuid, _registration(row, records_of.get(row.uuid), by)) for row in rows if not row.sample]
    records.append_first(kind="REGISTRATION", bodies=bodies, at=at)


def _registration(row: Learner, known: Mapping[str, str] | None, by: int | None) -> dict[str, Any]:
    if known is None:
        view = learner_view(row)
        known = identity_record(row, masked_id=view.masked_id, masked_mobile=view.masked_mobile)
    return {
        "event": "registered",
        **{field: said for field, said in known.items() if field != "person_key"},
        "employment": row.employment,
        "hired_on": row.hired_on.isoformat() if row.hired_on else "",
        "by": f"manager:{by}" if by is not None else "",
    }
