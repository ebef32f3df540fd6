"""Reads of notices and times."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language

from public.privacy.models import NoticeVersion, PrivacyRule
from public.privacy.shapes import NoticeView, RuleView
from public.retention import api as retention

Kind = NoticeVersion.Kind


def notice_view(row: NoticeVersion) -> NoticeView:
    """Return the view of a row in the language of the moment; without an English text the Chinese one is shown."""
    english = (get_language() or "").startswith("en")
    shown = row.paragraphs_en if english and row.paragraphs_en else row.paragraphs
    changes = row.changes_en if english and row.changes_en else row.changes
    return NoticeView(row.kind, row.version, row.valid_from, tuple(row.paragraphs), tuple(shown), changes)


def notice(kind: str, day: date) -> NoticeView:
    """Return the version that holds on a day, in one query; before the first one, the first.

    :raises LookupError: there is none at all, which migrations rule out
    """
    rows = NoticeVersion.objects.filter(kind=kind)
    row = rows.filter(valid_from__lte=day).order_by("-valid_from").first() or rows.order_by("valid_from").first()
    if row is None:
        raise LookupError(f"there is no version of the notice {kind}")
    return notice_view(row)


def versions(kind: str = "") -> QuerySet[NoticeVersion]:
    """Return the versions of one notice, or of all, newest first; coming ones too."""
    rows = NoticeVersion.objects.order_by("-valid_from", "kind")
    return rows.filter(kind=kind) if kind else rows


def rule(day: date) -> RuleView:
    """Return the times that hold on a day, in two queries: how long records are kept is what `public.retention` says.

    :raises LookupError: there are none at all, which migrations rule out
    """
    rows = PrivacyRule.objects.all()
    row = rows.filter(valid_from__lte=day).order_by("-valid_from").first() or rows.order_by("valid_from").first()
    if row is None:
        raise LookupError("there is no rule of times for requests")
    everybody, special = retention.record_terms(day)
    return RuleView(row.answer_days, row.file_days, everybody.months, everybody.law, special.months, special.law)
