"""URLs of the rights register on the platform host."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from public.catalogue.api import authoring
from public.operators.api import Me, desk_page, frame
from public.rights.place import Page, Place
from public.rights.routing import routes

NAMES = "desk-rights"


def _door(page: Page) -> Callable[..., HttpResponseBase]:
    """Let operators in; what each may see and write is the `Place`'s to say."""

    @desk_page()
    def view(request: HttpRequest, me: Me, /, **named: Any) -> HttpResponseBase:
        place = Place(
            by=authoring.Writer(me.credential_id, me.name),
            role=me.role,
            names=NAMES,
            frame=lambda active: frame(request, me, active),
            course_url=lambda version_id: reverse("desk-course", args=[version_id]),
        )
        answer: HttpResponseBase = page(request, place, **named)
        return answer

    return view


urlpatterns = routes(root="desk/rights", names=NAMES, door=_door)
