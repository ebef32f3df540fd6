"""Who looks for help, and in which frame: the site's, a learner's, a manager's or a desk's.

What is read and written of help is the platform's, wherever the page stands: each service is called while standing there, and nothing
else is, so that sessions and people stay the enterprise's own.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.helpdesk.locking import not_found
from public.helpdesk.manual import reading
from public.helpdesk.manual.chapters import BY_KEY, Chapter, of_page
from public.helpdesk.models import Audience
from public.helpdesk.ports import PEOPLE, Person
from public.operators import api as operators
from tenants.addresses import client_ip, port_of
from tenants.api import require

OPENED = "help_tickets"
"""Session key, on the platform's site: tickets that this browser asked or opened by number and code."""
_MOST_OPENED = 20
_L, _M, _T, _O, _R, _P = (
    Audience.LEARNER.value, Audience.MANAGER.value, Audience.TRAINER.value, Audience.OPERATOR.value, Audience.REGULATOR.value, Audience.PUBLIC.value,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks. ``parts``: whose answers and chapters are shown, the own first. ``person``: who is signed in on an enterprise's site."""

    schema_name: str
    parts: tuple[str, ...]
    person: Person | None
    me: operators.Me | None

    @property
    def is_platform(self) -> bool:
        """Whether the page stands on the platform's site."""
        return not self.schema_name

    @property
    def own(self) -> str:
        """The part that comes first."""
        return self.parts[0]

    @property
    def may_ask(self) -> bool:
        """Whether a question can be handed over here: everybody on the platform's site, who is signed in on an enterprise's."""
        return self.is_platform or self.person is not None


def visitor(request: HttpRequest) -> Visitor:
    """Return who looks for help."""
    place = require()
    if not place.is_platform:
        person = PEOPLE.get().person(request)
        return Visitor(place.schema, person.parts if person else (_L, _M, _P), person, None)
    credential = operators.signed_in(request)
    me = operators.operator_of(credential) if credential else None
    if me is not None:
        return Visitor("", (_T if me.role == operators.Role.AUTHOR else _O, _O, _T, _M, _L, _R, _P), None, me)
    first = (_R, _P) if credential else (_P, _R)  # who has signed in on the platform and is no operator is an authority
    return Visitor("", (*first, _L, _M, _T), None, None)


def frame(request: HttpRequest, who: Visitor) -> dict[str, Any]:
    """Return the context of the page's frame: which shell, and of a desk its menu."""
    values: dict[str, Any] = {
        "who": who,
        "is_site": False,
        "chapter_here": chapter_here(request, who),
        "platform_help": platform_help(request, who),
    }
    if who.me is not None:
        return {**operators.frame(request, who.me, ""), **values, "shell": "ui/console.html"}
    if who.is_platform:
        return {**values, "shell": "site/_shell.html", "is_site": True}
    if who.person is None:
        return {**values, "shell": "ui/plain.html"}
    return {**values, "shell": "ui/learner.html" if who.own == _L else "ui/console.html"}


def platform_help(request: HttpRequest, who: Visitor) -> str:
    """Return where strangers on an enterprise's site can ask: the platform's help, for who cannot sign in has a question too."""
    return "" if who.may_ask else f"{request.scheme}://{settings.PLATFORM_HOST}{port_of(request)}/help"


def counted(request: HttpRequest, who: Visitor) -> str:
    """Return whom limits count: the person who is signed in, else the address, behind which a whole workshop may sit."""
    return f"{who.schema_name}/{who.person.asker}" if who.person else client_ip(request)


def page_of(request: HttpRequest) -> str:
    """Return the name of the page that help was opened on, "" where it is not told; only names, never addresses."""
    name = request.POST.get("page") or request.GET.get("at", "")
    return name if len(name) <= 60 and name.replace("-", "").isalnum() else ""


def chapter_here(request: HttpRequest, who: Visitor) -> reading.Text | None:
    """Return the chapter of the page that help was opened on, where it is for this reader."""
    chapter: Chapter | None = of_page(page_of(request)) if page_of(request) else None
    if chapter is None or chapter.audience not in who.parts:
        return None
    return reading.text_of(chapter.key, reading.language())


def readable(key: str, who: Visitor) -> Chapter:
    """Return a chapter.

    :raises DomainError: 404 ``not_found``: there is none, or it is not for this reader
    """
    chapter = BY_KEY.get(key)
    if chapter is None or chapter.audience not in who.parts:
        raise no_page()
    return chapter


def no_page() -> DomainError:
    """Return the refusal for a page of help that is not there."""
    return DomainError("not_found", _("没有这一页，可能已更新。请在帮助首页搜索。"), status=404)


def opened(request: HttpRequest) -> list[str]:
    """Return the tickets that this browser has opened on the platform's site, the newest first."""
    return list(request.session.get(OPENED, [])) if require().is_platform else []


def open_here(request: HttpRequest, ticket: UUID) -> None:
    """Let this browser see a ticket that it has asked or opened."""
    known = [str(ticket), *(one for one in opened(request) if one != str(ticket))]
    request.session[OPENED] = known[:_MOST_OPENED]


def owner(request: HttpRequest, who: Visitor, ticket: UUID) -> dict[str, str]:
    """Return whose ticket it must be, as `queries.view` takes it.

    :raises DomainError: 404 ``not_found``: a stranger who has not shown number and code
    """
    if who.person is not None:
        return {"schema_name": who.schema_name, "asker": who.person.asker}
    if str(ticket) not in opened(request):
        raise not_found()
    return {"schema_name": "", "asker": ""}
