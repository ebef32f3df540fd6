"""The manual's pages and pictures; each reader finds the chapters of the own part."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from public.helpdesk import marked
from public.helpdesk.manual import pictures, reading
from public.helpdesk.models import Audience
from public.helpdesk.views import visitor

_A_DAY = 86_400


@require_GET
def contents(request: HttpRequest) -> HttpResponse:
    """List the chapters by part, the own part first, with their sections."""
    who, lang = visitor.visitor(request), reading.language()
    chapters = reading.texts(who.parts, lang)
    parts = [
        (Audience(part).label, [one for one in chapters if one.chapter.audience == part]) for part in dict.fromkeys(who.parts)
    ]
    values = {"page_title": _("使用手册"), "parts": [one for one in parts if one[1]]}
    return render(request, "helpdesk/contents.html", {**visitor.frame(request, who), **values})


@require_GET
def chapter(request: HttpRequest, role: str, name: str) -> HttpResponse:
    """Show a chapter with its pictures, as far as they were built."""
    who, lang = visitor.visitor(request), reading.language()
    text = reading.text_of(visitor.readable(f"{role}/{name}", who).key, lang)
    siblings = [one for one in reading.texts(who.parts, lang) if one.chapter.audience == text.chapter.audience]
    values = {
        "page_title": text.title,
        "text": text,
        "lead": marked.html(text.lead, picture=pictures.shown),
        "sections": [(one, marked.html(one.text, picture=pictures.shown)) for one in text.sections],
        "siblings": siblings,
        "part": Audience(text.chapter.audience).label,
    }
    return render(request, "helpdesk/chapter.html", {**visitor.frame(request, who), **values})


@require_GET
@cache_control(public=True, max_age=_A_DAY)
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give one picture; it shows made-up people only."""
    path = pictures.path_of(name)
    if path is None:
        raise visitor.no_page()
    return FileResponse(path.open("rb"), content_type="image/webp")
