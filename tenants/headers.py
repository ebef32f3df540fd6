"""The message header that names a task's place; free of models, so that the celery application can be built before Django's apps."""

from typing import Any

from tenants.scope import PUBLIC

HEADER = "anxue_scope"
TRACE = "anxue_trace"
"""Carries the trace number of whoever sent the task, so that what it writes is found with the request that asked for it."""


def on_platform(**options: Any) -> dict[str, Any]:
    """Return beat options for a task that runs on the platform."""
    return {"headers": {HEADER: PUBLIC}, **options}
