"""A page that outlives the site: what the last probing found, whole in one file, for whoever answers when no web does (decision 0073).

It is written anew with each round of probes, into ``EDGE_FOLDER`` where the edge finds it, and into the object store for edges of another
place. It says when it was written, holds nothing personal, and fetches nothing.
"""

import base64
import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from infra.kit import clock
from public.site import footing
from public.site.facts import KNOWN, facts
from public.site.status import queries
from public.site.status.models import Component, Incident
from tenants import storage
from tenants.objects import store

log = logging.getLogger("anxue.status")
NAME = "now.html"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
"""Mark of a part (its ``id``, and its places for the edge's words) to the language in which it is written."""
_PHONES = ("service_phone", "complaint_phone")


def stored_name() -> str:
    """Return the page's name in the object store; called while standing on the platform."""
    return storage.key(f"status/{NAME}")


def write(works: Mapping[str, bool], *, at: datetime) -> None:
    """Write the page where the edge finds it and into the object store; one that fails stops neither the other nor the probing.

    :param works: component to whether the round of ``at`` found it working
    """
    content = page(works, at=at).encode()
    for put in (_lay, _store):
        try:
            put(content)
        except Exception as error:  # what is down now is what the page is about
            log.warning("the status snapshot was not written (%s): %s", put.__name__, type(error).__name__)


def page(works: Mapping[str, bool], *, at: datetime) -> str:
    """Return the page: Chinese, then English."""
    style = _style()
    parts = [_part(mark, works, at) for mark in LANGUAGES]
    context = {"at": at, "parts": parts, "style": style, "style_hash": _hash(style), "lines": _licences()}
    return render_to_string("site/status/snapshot.html", context)


@cache
def _style() -> str:
    return render_to_string("site/status/snapshot.css").strip()


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _licences() -> list[footing.Line]:
    with override("zh-hans"):
        return footing.lines()


def _part(mark: str, works: Mapping[str, bool], at: datetime) -> SafeString:
    """Return one language's part; without the database it holds what was probed."""
    with override(LANGUAGES[mark]):
        context: dict[str, Any] = {
            "mark": mark,
            "lang": "zh-Hans" if mark == "zh" else mark,
            "moment": at.isoformat(timespec="seconds"),
            "shown": _shown(at),
            "components": [(label, works.get(value)) for value, label in Component.choices],
        }
        try:
            context |= _told(at)
        except Error:
            context["told"] = None
        return mark_safe(render_to_string("site/status/_snapshot.html", context))  # noqa: S308 - our own template, escaped there


def _told(at: datetime) -> dict[str, Any]:
    known = facts()
    rows = [row for row in queries.incidents()[:20] if row.is_open(at) or row.is_coming(at)]
    months = queries.months(at=at, count=1)
    phones = [(one.label, known[one.key]) for one in KNOWN if one.key in _PHONES and known[one.key]]
    return {"told": [_incident(row) for row in rows], "month": months[0].uptime if months else None, "phones": phones}


def _incident(row: Incident) -> dict[str, Any]:
    words = [
        {"stage": word.get_stage_display(), "moment": word.at.isoformat(timespec="seconds"), "shown": _shown(word.at), "text": word.shown_text}
        for word in row.words.all()
    ]  # fmt: skip
    end = f" – {_shown(row.ends_at)}" if row.ends_at else ""
    return {
        "title": row.shown_title, "kind": row.get_kind_display(), "components": row.component_names,
        "period": f"{_shown(row.starts_at)}{end}", "words": words,
    }  # fmt: skip


def _shown(at: datetime) -> str:
    """Return a moment with its day: "today" would be wrong tomorrow."""
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _lay(content: bytes) -> None:
    """Put the page into the edge's folder, whole or not at all; readable for the edge, which is another user."""
    if not settings.EDGE_FOLDER:
        return
    folder = Path(settings.EDGE_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, delete=False) as made:
        path = Path(made.name)
        try:
            made.write(content)
            made.flush()
            path.chmod(0o644)
            path.replace(folder / NAME)
        finally:
            path.unlink(missing_ok=True)  # a full disk is not to get a draft each minute


def _store(content: bytes) -> None:
    name = stored_name()
    try:
        store().replace(name, content)
    except FileNotFoundError:
        default_storage.save(name, ContentFile(content))
