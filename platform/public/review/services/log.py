"""Each step of the review leaves a line in the audit log (clause 五.4)."""

from datetime import datetime
from typing import Any

from public.audit import api as audit
from public.operators.api import Me


def write(action: str, version_id: int, me: Me, at: datetime, **details: Any) -> None:
    """Write down what ``me`` did to a version."""
    note(action, f"course-version:{version_id}", me, at, **details)


def note(action: str, target: str, me: Me, at: datetime, **details: Any) -> None:
    """Write down what ``me`` did to ``target``."""
    audit.record(action, actor=f"operator:{me.credential_id}", target=target, at=at, name=me.name, **details)
