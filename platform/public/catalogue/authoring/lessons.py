"""Lessons of a draft."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.authoring.outline import draft_chapter, give_numbers, number_lessons
from public.catalogue.authoring.ownership import Writer, own_draft
from public.catalogue.media_copying import copy_asset
from public.catalogue.models import Chapter, CourseVersion, Courseware, MediaAsset
from public.catalogue.queries import not_found


def _draft_lesson(lesson_id: int, by: Writer) -> Courseware:
    row = Courseware.objects.filter(pk=lesson_id).first()
    if row is None:
        raise not_found(_("课件"))
    own_draft(row.version_id, by)
    return row


def _media(media_id: int, by: Writer) -> MediaAsset:
    row = MediaAsset.objects.select_for_update().filter(pk=media_id).first()
    if row is None:
        raise not_found(_("媒体文件"))
    if by.provider_schema and row.owner_id != by.author_id:
        # A manager's number is one of their own enterprise; on the platform it would be somebody else's.
        row.owner_id = by.author_id
        row.save(update_fields=["owner_id"])
    return row


@transaction.atomic
def add_lesson(*, version_id: int, title: str, media_id: int, by: Writer, chapter_id: int | None = None) -> int:
    """Put a lesson at the end of a chapter (of the version, where it has none); return its id.

    :param media_id: of `add_media`; it may still be in the making, which is refused only at submission
    :raises DomainError: ``not_found``; ``frozen``
    """
    version = own_draft(version_id, by)
    chapter = draft_chapter(chapter_id, by) if chapter_id else version.chapters.order_by("no").last()
    if chapter is not None and chapter.version_id != version.pk:
        raise not_found(_("章节"))
    last = Courseware.objects.filter(version=version).aggregate(last=models.Max("no"))["last"] or 0
    row = Courseware.objects.create(version=version, chapter=chapter, no=last + 1, title=title, media=_media(media_id, by))
    number_lessons(version.pk)
    return int(row.pk)


@transaction.atomic
def rename_lesson(*, lesson_id: int, title: str, by: Writer) -> None:
    """Give a lesson another title.

    :raises DomainError: ``not_found``; ``frozen``
    """
    row = _draft_lesson(lesson_id, by)
    row.title = title
    row.save(update_fields=["title"])


@transaction.atomic
def replace_media(*, lesson_id: int, media_id: int, by: Writer) -> None:
    """Let a lesson show something else.

    :raises DomainError: ``not_found``; ``frozen``
    """
    row = _draft_lesson(lesson_id, by)
    if row.media_id is None:
        raise DomainError("not_found", _("测验没有文件可以替换，请编辑测验。"), status=404)
    row.media = _media(media_id, by)
    row.save(update_fields=["media"])


@transaction.atomic
def copy_media(*, lesson_id: int, by: Writer, at: datetime) -> int:
    """Give a draft's lesson a copy of its media, where a version that is no draft shows them too; return the copy's id.

    The copy has the same pictures, sound, keys and subtitles and can be corrected; the submitted version keeps what it shows.

    :raises DomainError: ``not_found``; ``frozen``; ``not_shared``; ``not_ready``
    """
    _draft_lesson(lesson_id, by)
    row = Courseware.objects.select_related("media").get(pk=lesson_id)  # as it is now that its version is held
    if row.media is None or not Courseware.objects.filter(shown_elsewhere(), media_id=row.media_id).exists():
        raise DomainError("not_shared", _("这个课件的文件只用在草稿里，可以直接修改字幕，不需要复制。"), status=409)
    row.media = copy_asset(row.media, owner_id=by.author_id, at=at)
    row.save(update_fields=["media"])
    return int(row.media.pk)


def shown_elsewhere() -> models.Q:
    """Return the condition of lessons that belong to a version which is no draft, so that their media are frozen."""
    return ~models.Q(version__state=CourseVersion.State.DRAFT)


@transaction.atomic
def move_lesson(*, lesson_id: int, by_steps: int, by: Writer) -> None:
    """Move a lesson one place: -1 is up, 1 is down. At the edge of its chapter it goes over into the next one.

    :raises DomainError: ``not_found``; ``frozen``
    """
    row = _draft_lesson(lesson_id, by)
    rows = list(Courseware.objects.filter(version_id=row.version_id).order_by("no"))
    inside = [lesson for lesson in rows if lesson.chapter_id == row.chapter_id]
    place = inside.index(row)
    if 0 <= place + by_steps < len(inside):
        other = inside[place + by_steps]
        here, there = rows.index(row), rows.index(other)
        rows[here], rows[there] = rows[there], rows[here]
        give_numbers(rows)
        return
    _move_over(row, by_steps)


def _move_over(row: Courseware, by_steps: int) -> None:
    chapters = list(Chapter.objects.filter(version_id=row.version_id).order_by("no"))
    here = next((n for n, chapter in enumerate(chapters) if chapter.pk == row.chapter_id), -1)
    there = here + by_steps
    if not 0 <= there < len(chapters):
        return
    row.chapter = chapters[there]
    row.save(update_fields=["chapter"])
    rows = list(Courseware.objects.filter(version_id=row.version_id).order_by("no"))
    # Going down it becomes the first of the next chapter, going up the last of the former one.
    rows.remove(row)
    rows.insert(0 if by_steps > 0 else len(rows), row)
    places = {chapter.pk: chapter.no for chapter in chapters}
    give_numbers(sorted(rows, key=lambda lesson: places.get(lesson.chapter_id or 0, 0)))


@transaction.atomic
def remove_lesson(*, lesson_id: int, by: Writer) -> None:
    """Take a lesson out of a draft. Its media stay in storage: a published version may show them too.

    :raises DomainError: ``not_found``; ``frozen``; ``lesson_in_use`` while other records need it
    """
    row = _draft_lesson(lesson_id, by)
    version_id = row.version_id
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as error:
        message = _("这个课件已有审核意见或版权登记，不能移除。可以替换它的文件，或新建版本。")
        raise DomainError("lesson_in_use", message, status=409) from error
    number_lessons(version_id)
