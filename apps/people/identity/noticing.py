"""What people are told before they let their face be used."""

from datetime import datetime

from infra.kit import clock
from public.privacy import api as privacy


def face_notice(at: datetime) -> privacy.NoticeView:
    """Return the notice in the version that holds, in one query."""
    return privacy.notice(privacy.Kind.FACE, clock.shanghai_date(at))
