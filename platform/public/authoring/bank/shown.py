"""What the pages show of a question."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from public.operators.api import Me
from public.questions import api as questions
from public.questions.api import bank

TONES = {"DRAFT": "neutral", "IN_REVIEW": "info", "PUBLISHED": "proven", "RETIRED": "neutral"}


def badge(row: Any) -> dict[str, Any]:
    """Return tone and words of a version's state; a draft that came back says so."""
    if row.state == "DRAFT" and row.submitted_at:
        return {"tone": "attention", "label": _("退回修改")}
    return {"tone": TONES[row.state], "label": row.get_state_display()}


def line(row: Any) -> dict[str, Any]:
    """Return a row of a list."""
    return {"row": row, "badge": badge(row), "kind": questions.KINDS[row.kind], "stem": row.content["stem"]}


def filters(get: Any, me: Me) -> bank.Wanted:
    """Return what the address asks a list to be narrowed down to."""
    names = ("bank", "topic", "kind", "difficulty", "state", "law", "article")
    return bank.Wanted(
        search=get.get("q", ""),
        to_check=bool(get.get("check")),
        author_id=me.credential_id if get.get("mine") else None,
        **{name: get.get(name, "").replace("\0", "") for name in names},
    )


def law_words(law: str, article: str) -> str:
    """Return 「安全生产法第43条」, or "" where no law is named."""
    return gettext("%(law)s第%(n)s条") % {"law": law, "n": article} if law and article else law
