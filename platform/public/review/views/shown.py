"""What several pages show in the same way."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me, Role
from public.review import rules
from public.review.models import Decision, Finding, Submission

STATES = (
    ("DRAFT", _("草稿")),
    ("IN_REVIEW", _("审核中")),
    ("PUBLISHED", _("已发布")),
    ("RETIRED", _("已下架")),
    ("HELD", _("暂停使用")),
    ("RECALLED", _("已召回")),
)
_TONES = {
    "DRAFT": "neutral",
    "IN_REVIEW": "attention",
    "PUBLISHED": "proven",
    "RETIRED": "neutral",
    "HELD": "attention",
    "RECALLED": "stop",
}
_FINDING_TONES = {"OPEN": "attention", "ANSWERED": "info", "RESOLVED": "proven"}
_SCALE = 1000


def badge(state: str) -> dict[str, Any]:
    """Return tone and words of a version's state."""
    return {"tone": _TONES.get(state, "neutral"), "label": dict(STATES).get(state, state)}


def verdict_entry(row: Decision, *, is_whole: bool) -> dict[str, Any]:
    """Return a verdict as a line of a timeline."""
    tone = "proven" if row.verdict == Decision.Verdict.PASS else "attention"
    round_no = row.submission.number if row.submission else 1
    title = f"{row.get_angle_display()} · {row.get_verdict_display()}"
    signed = gettext("签名有效 %(digest)s") % {"digest": row.digest[:12]} if is_whole else gettext("无签名")
    words = [row.reviewer_name, gettext("第 %(n)s 次提交") % {"n": round_no}, signed, row.note]
    return {"at": row.at, "title": title, "text": " · ".join(filter(None, words)), "tone": tone}


def finding_rows(found: Iterable[Finding], *, me: Me, author_id: int, judged: Iterable[str]) -> list[dict[str, Any]]:
    """Return findings with where they sit and what this person may do.

    :param judged: angles that this person reviews now
    """
    angles = set(judged)
    return [
        {
            "row": row,
            "where": where(row),
            "tone": _FINDING_TONES[row.state],
            "may_answer": me.credential_id == author_id and row.state != Finding.State.RESOLVED,
            "may_settle": row.angle in angles and row.state != Finding.State.RESOLVED,
            "may_reopen": row.angle in angles and row.state != Finding.State.OPEN,
        }
        for row in found
    ]


def where(row: Finding) -> str:
    """Return a finding's place in words."""
    if row.place == Finding.Place.SECOND:
        return f"{row.lesson_no}. {row.lesson_title} · {rules.clock_text(row.at_ms or 0)}"
    if row.place == Finding.Place.PAGE:
        return f"{row.lesson_no}. {row.lesson_title} · " + gettext("第 %(n)s 页") % {"n": row.page}
    if row.place == Finding.Place.QUESTION:
        return gettext("试题 %(code)s") % {"code": row.question}
    return str(Finding.Place.WHOLE.label)


def lessons(submission: Submission | None, version_id: int, found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the lessons that were submitted, each with a player's address and its pins on a line of 0-1000."""
    if submission is None:
        return []
    ids, rows = catalogue.media_ids(version_id), list(found)
    return [
        {
            **lesson,
            "length": rules.clock_text(lesson["duration_ms"]),
            "playlist": _playlist(ids.get(lesson["no"])) if lesson["kind"] != "DOCUMENT" else "",
            "pins": [_pin(row, lesson["duration_ms"]) for row in rows if row.at_ms is not None and row.lesson_no == lesson["no"]],
        }
        for lesson in submission.content["lessons"]
    ]


def _pin(row: Finding, length: int) -> dict[str, Any]:
    at = row.at_ms or 0
    return {
        "id": row.pk,
        "x": min(_SCALE, at * _SCALE // max(1, length)),
        "second": at / 1000,
        "text": f"{rules.clock_text(at)} {row.text}",
        "tone": _FINDING_TONES[row.state],
    }


def _playlist(media_id: int | None) -> str:
    for name in ("desk-media-playlist", "desk-subtitles-playlist") if media_id else ():
        try:
            return reverse(name, args=[media_id])
        except NoReverseMatch:
            continue
    return ""


def own_or_desk(me: Me, author_id: int) -> None:
    """Refuse authors who look at somebody else's version.

    :raises DomainError: ``not_found``
    """
    if me.role == Role.AUTHOR and author_id != me.credential_id:
        raise DomainError("not_found", _("没有找到课程版本，它可能已下架。"), status=404)


def back(request: HttpRequest, fallback: str) -> HttpResponse:
    """Go back to the page within the desk that a form names in ``back``, else to ``fallback``."""
    from django.shortcuts import redirect
    from django.utils.http import url_has_allowed_host_and_scheme

    target = request.POST.get("back", "")
    safe = target.startswith("/desk/") and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else fallback)
