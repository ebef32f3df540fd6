"""Front door of the catalogue."""

from public.catalogue.media import Playback, media_key, media_ready, open_media, playback
from public.catalogue.media import make as make_media
from public.catalogue.queries import (
    CourseCard,
    CourseView,
    CoursewareView,
    QuestionView,
    RequirementView,
    all_versions,
    course,
    courseware,
    draw_questions,
    film_course,
    making,
    media_states,
    published,
    requirement,
    requirements,
    version_ids_of,
)
from public.catalogue.services import load_seed, publish, retire, return_to_draft, submit

__all__ = [
    "CourseCard",
    "CourseView",
    "CoursewareView",
    "Playback",
    "QuestionView",
    "RequirementView",
    "all_versions",
    "course",
    "courseware",
    "draw_questions",
    "film_course",
    "load_seed",
    "make_media",
    "making",
    "media_key",
    "media_ready",
    "media_states",
    "open_media",
    "playback",
    "publish",
    "published",
    "requirement",
    "requirements",
    "retire",
    "return_to_draft",
    "submit",
    "version_ids_of",
]
