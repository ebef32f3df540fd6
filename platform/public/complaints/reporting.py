"""What the authority of an enterprise is told of complaints (clauses 六.(一).6, 七.1): that there is one and how it stands, nobody's name and no words of it."""

from datetime import datetime

from django.utils import translation

from public.complaints.models import Complaint
from public.regulators import api as regulators


def report(row: Complaint, *, at: datetime) -> None:
    """Add how a complaint stands to the feed of its enterprise's authority; part of the caller's transaction. Nothing without an enterprise.

    The enterprise itself reads none of it (migration 0002). Words are Chinese, whoever works.
    """
    if not row.schema_name:
        return
    with translation.override("zh-hans"):
        body = {
            "number": row.number,
            "category": str(row.get_category_display()),
            "state": str(row.get_state_display()),
            "filed_at": row.filed_at.isoformat(),
            "promised_at": row.due_at.isoformat(),
            "decided_at": row.decided_at.isoformat() if row.decided_at else None,
            "decision": row.outcome or None,  # the contract has a code here, and drops what is none
            "satisfaction": row.stars,
        }
    told = {name: value for name, value in body.items() if value is not None}
    regulators.submit(kind="COMPLAINT", subject=row.uuid, body=told, at=at, schema_name=row.schema_name)
