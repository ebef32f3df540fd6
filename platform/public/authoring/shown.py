"""What the pages show of a version: badges, lessons with their links, gaps with the way to close each."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.authoring.place import Place
from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.review import api as review

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
    "IN_REVIEW": "info",
    "PUBLISHED": "proven",
    "RETIRED": "neutral",
    "HELD": "attention",
    "RECALLED": "stop",
}


def badge(state: str, *, returned: bool = False) -> dict[str, Any]:
    """Return tone and words of a state; a draft that came back says so."""
    if returned:
        return {"tone": "attention", "label": _("退回修改")}
    return {"tone": _TONES.get(state, "neutral"), "label": dict(STATES).get(state, state)}


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap and where it is closed."""

    text: Any
    url: str
    label: Any


def missing(place: Place, editor: authoring.Editor) -> list[Missing]:
    """Return what keeps a draft from being submitted, each with the way to the page that mends it."""
    lessons = {lesson.id: lesson for lesson in editor.lessons}
    return [
        _missing(place, editor, gap, lessons.get(gap.courseware_id or 0))
        for gap in catalogue.gaps(editor.version_id, clock.now())
    ]


def _missing(place: Place, editor: authoring.Editor, gap: catalogue.Gap, lesson: authoring.LessonLine | None) -> Missing:
    here = {
        "trainer": ("trainer", editor.words["trainer_id"], _("登记资格")),
        "no_lesson": ("lesson-add", editor.version_id, _("添加课件")),
        "quiz_rule": ("quiz-add", editor.version_id, _("添加测验")),
        "quiz": ("quiz", gap.courseware_id, _("修改")),
        "quiz_points": ("points", gap.courseware_id, _("修改")),
    }.get("trainer" if gap.code.startswith("trainer") else gap.code)
    if here is not None:
        page, which, label = here
        return Missing(gap.text, place.url(page, which), label)
    if gap.code == "media":
        return Missing(gap.text, f"#lesson-{gap.courseware_id}", _("查看课件"))
    if "subtitle" in gap.code and lesson is not None and lesson.media_id is not None:
        return Missing(gap.text, place.subtitles(lesson.id, lesson.media_id), _("编辑字幕"))
    if gap.code.startswith("rights"):
        return Missing(gap.text, place.other("rights", editor.version_id), _("登记版权"))
    return Missing(gap.text, "", "")


def editor_context(place: Place, version_id: int) -> dict[str, Any]:
    """Return what the editor page, its outline and its list of gaps show.

    :raises DomainError: ``not_found``
    """
    found = authoring.editor(version_id, by=place.writer)
    return {
        "page_title": found.words["title"],
        "editor": found,
        "badge": badge(found.state, returned=found.returned),
        "back_url": place.url(),
        "missing": missing(place, found) if found.may_edit else [],
        "rights_url": place.other("rights", version_id),
        "findings": review.findings(version_id) if place.is_enterprise else [],
        "review_url": "" if place.is_enterprise else place.other("course", version_id),
    }
