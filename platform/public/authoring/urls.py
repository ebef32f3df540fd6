"""URLs of the authors on the platform host."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from public.authoring.pages import teaching, topics
from public.authoring.place import Page, Place
from public.authoring.routing import routes
from public.catalogue.api import authoring
from public.operators.api import Me, Role, desk_page, frame

NAMES = "desk-authoring"


def _door(page: Page) -> Callable[..., HttpResponseBase]:
    """Let authors in, each to what is theirs."""

    @desk_page(Role.AUTHOR)
    def view(request: HttpRequest, me: Me, /, **named: Any) -> HttpResponseBase:
        writer = authoring.Writer(me.credential_id, me.name)
        return page(request, Place(writer, NAMES, lambda active: frame(request, me, active), "desk"), **named)

    return view


urlpatterns = [
    *routes(root="desk/authoring", names=NAMES, door=_door),
    path("desk/courses/<int:version_id>/teacher", teaching.teacher, name="desk-teacher"),
    path("desk/qualifications/<int:qualification_id>/evidence", teaching.evidence, name="desk-teacher-evidence"),
    path("desk/topics", topics.listing, name="desk-topics"),
    path("desk/topics/<int:topic_id>", topics.detail, name="desk-topic"),
    path("desk/topics/<int:topic_id>/use", topics.use, name="desk-topic-use"),
]
