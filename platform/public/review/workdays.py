"""The calendar of working days as reviews use it, and the warning at boot when it ends soon. The calendar is `infra.kit.workdays`."""

from datetime import timedelta

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - the word of Django

from infra.kit import clock
from infra.kit.workdays import after, is_known, is_working

__all__ = ["after", "check_calendar", "is_known", "is_working"]
_AHEAD = timedelta(days=45)


def check_calendar(app_configs: object = None, **options: object) -> list[CheckMessage]:
    """Warn production at boot when the calendar ends within 45 days: due dates would count holidays as working days."""
    if settings.DEV_TOOLS:
        return []
    until = clock.shanghai_date(clock.now()) + _AHEAD
    if is_known(until):
        return []
    hint = "Update chinesecalendar; until then every Monday to Friday counts."
    return [Warning(f"the holidays of {until.year} are not known", hint=hint, id="review.W001")]
