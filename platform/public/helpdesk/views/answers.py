"""Help: ask, read an answer, say whether it helped; on the platform's site and on every enterprise's."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from public.helpdesk import asking, faq, promises, queries
from public.helpdesk.manual import reading
from public.helpdesk.views import visitor
from public.helpdesk.views.visitor import Visitor
from tenants.api import platform_scope

_SHOWN_TICKETS = 3


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the field to ask in, the chapter of the page one came from, what others ask, the manual and the own questions."""
    return _home(request, visitor.visitor(request))


@sensitive_post_parameters("q")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Answer a question. It is posted, so that it stands in no address and no log."""
    who, at, text = visitor.visitor(request), clock.now(), request.POST.get("q", "")
    with platform_scope():
        found = asking.ask(
            text, audiences=who.parts, own=who.own, lang=reading.language(), at=at, who=visitor.counted(request, who)
        )
    values = {"answer": found, "page": visitor.page_of(request)}
    if request.headers.get("HX-Request"):
        part = {"who": who, "platform_help": visitor.platform_help(request, who)}
        return render(request, "helpdesk/_answer.html", {**values, **part})
    return _home(request, who, **values)


def _home(request: HttpRequest, who: Visitor, **more: object) -> HttpResponse:
    at, lang = clock.now(), reading.language()
    with platform_scope():
        values = {
            "common": faq.most_helpful(who.parts, lang),
            "hours": promises.holding(clock.shanghai_date(at)),
            "tickets": list(queries.of_asker(who.schema_name, who.person.asker)[:_SHOWN_TICKETS]) if who.person else [],
        }
    chapters = reading.texts(who.parts, lang)
    chapters.sort(key=lambda one: who.parts.index(one.chapter.audience))
    page = {"page_title": _("帮助"), "chapters": chapters, "page": visitor.page_of(request)}
    return render(request, "helpdesk/home.html", {**visitor.frame(request, who), **values, **page, **more})


@require_GET
def article(request: HttpRequest, article: UUID) -> HttpResponse:
    """Show one common question with its answer."""
    who = visitor.visitor(request)
    with platform_scope():
        found = faq.source(article, reading.language(), audiences=who.parts)
    if found is None:
        raise visitor.no_page()
    values = {"page_title": found.title, "source": found}
    return render(request, "helpdesk/article.html", {**visitor.frame(request, who), **values})


@require_POST
def vote(request: HttpRequest, article: UUID) -> HttpResponse:
    """Count whether an answer helped; who says no finds the way to a person."""
    if request.session.session_key is None:
        request.session.save()
    who = visitor.visitor(request)
    number, is_helpful = request.POST.get("number", ""), request.POST.get("helped") == "yes"
    with platform_scope():
        found = faq.source(article, reading.language(), audiences=who.parts)
        if found is None:
            raise visitor.no_page()
        faq.vote(
            article=article, number=int(number) if number.isdecimal() and len(number) < 9 else 0, is_helpful=is_helpful,
            words=request.POST.get("words", ""), session=request.session.session_key or "", at=clock.now(), who=visitor.counted(request, who),
        )  # fmt: skip
    values = {
        "is_helpful": is_helpful,
        "source": found,
        "who": who,
        "page": visitor.page_of(request),
        "platform_help": visitor.platform_help(request, who),
    }
    if request.headers.get("HX-Request"):
        return render(request, "helpdesk/_voted.html", values)
    return render(request, "helpdesk/article.html", {**visitor.frame(request, who), **values, "voted": True})
