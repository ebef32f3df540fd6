"""Error reports to Sentry, where SENTRY_DSN names one. No personal data leaves: no bodies, cookies, users or local variables."""

from typing import TYPE_CHECKING

from django.conf import settings

from infra.kit.errors import DomainError

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint


def start() -> None:
    """Begin reporting; does nothing without a DSN."""
    if settings.SENTRY_DSN:
        import sentry_sdk  # slow to import, and seldom asked for

        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            before_send=without_people,
        )


def without_people(event: "Event", hint: "Hint") -> "Event | None":
    """Drop refusals (they are answers, not errors) and whatever of a request could name a person."""
    raised = hint.get("exc_info")
    if raised and isinstance(raised[1], DomainError):
        return None
    request = event.get("request")
    if isinstance(request, dict):
        for part in ("cookies", "data", "env", "headers", "query_string"):
            request.pop(part, None)
    event.pop("user", None)
    return event
