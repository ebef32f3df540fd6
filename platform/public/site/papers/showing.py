"""What every host shows of the operator's papers; called while standing on the platform."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.privacy import api as notices
from public.site.facts import facts
from public.site.papers import queries
from public.uploads import api as uploads

STATES = {"VALID": "proven", "SOON": "attention", "EXPIRED": "stop", "COMING": "info"}


def words_of_state(state: str) -> tuple[str, str]:
    """Return (tone, words) of a paper's state."""
    words = {"VALID": _("有效"), "SOON": _("即将到期"), "EXPIRED": _("已过期"), "COMING": _("尚未生效")}
    return STATES[state], words[state]


def qualifications() -> dict[str, Any]:
    """Return what the page of qualifications shows: each paper with its term."""
    english = (get_language() or "").startswith("en")
    rows = [
        {"row": row, "title": row.title_en if english and row.title_en else row.title, "state": words_of_state(state)}
        for row, state in queries.listed(today=clock.shanghai_date(clock.now()))
    ]
    return {"facts": facts(), "papers": rows}


def privacy(today: date) -> dict[str, Any]:
    """Return what the page of privacy shows: the notices that hold, and how to reach who keeps the data (个人信息保护法 art. 17)."""
    return {"facts": facts(), "told": [notices.notice(kind, today) for kind in (notices.Kind.PRIVACY, notices.Kind.FACE)]}


def scan(paper: UUID) -> FileResponse:
    """Return the scan of a shown paper, as an answer that is never run inside our pages.

    :raises DomainError: 404
    """
    upload = queries.one(paper, shown_on=clock.shanghai_date(clock.now())).scan
    try:
        if upload is None:
            raise FileNotFoundError
        found, file = uploads.upload(upload), uploads.open_upload(upload)
    except FileNotFoundError as error:
        raise DomainError("not_found", _("这份资质没有扫描件。"), status=404) from error
    response = FileResponse(file, as_attachment=not found.content_type.startswith("image/"), filename=found.file_name)
    response["Content-Type"] = found.content_type or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
