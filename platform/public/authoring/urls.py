"""URLs of the authors on the platform host."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from public.authoring.bank import editing, importing
from public.authoring.bank import views as bank
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
    path("desk/questions", bank.listing, name="desk-questions"),
    path("desk/questions/export", bank.export, name="desk-questions-export"),
    path("desk/questions/new", editing.new, name="desk-question-new"),
    path("desk/questions/banks", bank.banks, name="desk-question-banks"),
    path("desk/questions/twins", bank.twins, name="desk-question-twins"),
    path("desk/questions/hand-in", bank.hand_in, name="desk-question-hand-in"),
    path("desk/questions/import", importing.choose, name="desk-question-import"),
    path("desk/questions/import/template/<str:kind>", importing.template, name="desk-question-template"),
    path("desk/questions/import/<uuid:job>", importing.preview, name="desk-question-import-job"),
    path("desk/questions/import/<uuid:job>/write", importing.write, name="desk-question-import-write"),
    path("desk/questions/<uuid:question>", bank.detail, name="desk-question"),
    path("desk/questions/<uuid:question>/edit", editing.edit, name="desk-question-edit"),
    path("desk/questions/<uuid:question>/parts/<int:no>", editing.part, name="desk-question-part"),
    path("desk/questions/<uuid:question>/parts/<int:no>/drop", editing.drop_part, name="desk-question-part-drop"),
    path("desk/questions/<uuid:question>/media", editing.add_media, name="desk-question-media-add"),
    path("desk/questions/<uuid:question>/media/<int:no>/drop", editing.drop_media, name="desk-question-media-drop"),
    path("desk/questions/media/<str:key>", editing.media, name="desk-question-media"),
    path("desk/questions/<uuid:question>/revise", bank.revise, name="desk-question-revise"),
    path("desk/questions/<uuid:question>/discard", bank.discard, name="desk-question-discard"),
    path("desk/questions/<uuid:question>/retire", bank.retire, name="desk-question-retire"),
    path("desk/questions/<uuid:question>/rechecks/<int:recheck>", bank.keep, name="desk-question-keep"),
    path("desk/topics", topics.listing, name="desk-topics"),
    path("desk/topics/<int:topic_id>", topics.detail, name="desk-topic"),
    path("desk/topics/<int:topic_id>/use", topics.use, name="desk-topic-use"),
]
