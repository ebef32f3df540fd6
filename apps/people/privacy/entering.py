"""Each decided request is an entry of the learner's chain: codes and times, never words or values."""

from datetime import datetime
from typing import Any

from apps.people.models import Learner, PrivacyRequest
from apps.records import api as records


def enter(row: PrivacyRequest, effect: dict[str, Any], *, at: datetime) -> None:
    """Append the entry ``REQUEST``; ``effect`` is what the decision did. Part of the caller's transaction."""
    body = {
        "request": str(row.uuid),
        "kind": row.kind,
        "state": row.state,
        "fields": list(row.fields),
        "asked_at": row.at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "in_time": at <= row.due_at,
        "decided_by": f"manager:{row.decided_by_id}" if row.decided_by_id else "",
        **effect,
    }
    subject = Learner.objects.values_list("uuid", flat=True).get(pk=row.learner_id)
    records.append_entry(kind="REQUEST", subject=subject, body=body, at=at)
