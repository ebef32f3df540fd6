"""Courses and drafts: new course, new version, the words of a version."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Value, When
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import codes
from public.catalogue.authoring.ownership import Writer, own_draft
from public.catalogue.models import Chapter, Course, CourseVersion, Courseware, Quiz, Topic, Trainer
from public.catalogue.queries import not_found
from public.catalogue.signals import version_copied

_OPEN = (CourseVersion.State.DRAFT, CourseVersion.State.IN_REVIEW)
_COPIED = (
    "title", "key_points", "legal_basis", "format", "difficulty", "question_topics", "trainer_id", "review_cycle_months",
    "visible_to", "quiz_rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of a version as its author gives them."""

    title: str
    key_points: list[str]
    legal_basis: list[str]
    format: str
    difficulty: str
    question_topics: list[str]
    review_cycle_months: int
    trainer_id: int
    quiz_rule: str = CourseVersion.QuizRule.NONE.value


@transaction.atomic
def create_course(
    *,
    place: str,
    training_category: str,
    draft: Draft,
    by: Writer,
    at: datetime,
    serial: int | None = None,
    is_private: bool = False,
) -> int:
    """Open a course under a chapter of the taxonomy with its first draft; return the version's id.

    :param place: code of the chapter, e.g. ``CY/C/TS``
    :param serial: 1..9999; None takes the next one under that chapter
    :param is_private: only the enterprise that provides it may select it
    :raises DomainError: ``no_topic``; ``code_taken``; ``serials_used_up``; ``not_found`` for a foreign trainer
    """
    node, section = _chapter(place)
    audience, industry, topic = place.split("/")
    prefix = f"AQ-{audience}-{industry}-{topic}-"
    code = codes.make(audience=audience, industry=industry, topic=topic, serial=serial or _next_serial(prefix))
    course = Course(
        code=code,
        audience=audience,
        industry_code=industry,
        industry=section.title[:40],
        topic=topic,
        training_category=training_category,
        place=node,
        provider_schema=by.provider_schema,
        is_private=is_private,
        created_at=at,
    )
    _save_new(course)
    only = by.provider_schema if is_private else ""
    version = CourseVersion(course=course, number=1, author_id=by.author_id, visible_to=only, created_at=at, **_words(draft, by))
    version.save()
    return int(version.pk)


def _chapter(place: str) -> tuple[Topic, Topic]:
    rows = Topic.objects.select_related("parent").filter(code=place, level=Topic.Level.CHAPTER)
    node = rows.filter(retired_at=None, parent__retired_at=None, parent__parent__retired_at=None).first()
    if node is None or node.parent is None:
        raise DomainError("no_topic", _("所选对象和行业下没有这一章，请换一个主题或行业。"), field="topic")
    return node, node.parent


def _next_serial(prefix: str) -> int:
    """Return the serial after the largest; whoever asks at the same time waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('course code'), hashtext(%s))", [prefix])
    last = Course.objects.filter(code__startswith=prefix).order_by("-code").values_list("code", flat=True).first()
    serial = int(last[len(prefix) : len(prefix) + 4]) + 1 if last else 1
    if serial > codes.MOST:
        raise DomainError("serials_used_up", _("这一主题下的课程流水号已用完，请换一个主题或行业。"), field="topic")
    return serial


def _save_new(course: Course) -> None:
    try:
        with transaction.atomic():
            course.save(force_insert=True)
    except IntegrityError as error:
        message = _("编码 %(code)s 已被另一门课程使用，请换一个流水号，或留空由系统编号。")
        raise DomainError("code_taken", message % {"code": course.code}, status=409, field="serial") from error


def _words(draft: Draft, by: Writer) -> dict[str, object]:
    if not Trainer.objects.filter(pk=draft.trainer_id, provider_schema=by.provider_schema, retired_at=None).exists():
        raise not_found(_("讲师"))
    return asdict(draft)


@transaction.atomic
def edit_version(*, version_id: int, draft: Draft, by: Writer) -> None:
    """Change the words of a draft.

    :raises DomainError: ``not_found``; ``frozen``
    """
    version = own_draft(version_id, by)
    for name, value in _words(draft, by).items():
        setattr(version, name, value)
    version.save(update_fields=[*_words(draft, by)])


@transaction.atomic
def new_version(*, course_id: int, by: Writer, at: datetime) -> int:
    """Write the next draft of a course as a copy of what is published (else of its latest version); return its id.

    Any author of the same provider may; who writes it becomes its author.

    :raises DomainError: ``not_found``; ``draft_open`` with ``version_id`` while another draft is written or reviewed
    """
    course = Course.objects.select_for_update().filter(pk=course_id, provider_schema=by.provider_schema).first()
    if course is None:
        raise not_found(_("课程"))
    open_one = CourseVersion.objects.filter(course=course, state__in=_OPEN).first()
    if open_one is not None:
        message = _("第 %(n)s 版还没有发布，请先完成它，再新建版本。") % {"n": open_one.number}
        raise DomainError("draft_open", message, status=409, version_id=open_one.pk)
    first = Case(When(state=CourseVersion.State.PUBLISHED, then=Value(0)), default=Value(1))
    origin = CourseVersion.objects.filter(course=course).order_by(first, "-number").first()
    assert origin is not None  # noqa: S101 - a course is never written without a version
    last = CourseVersion.objects.filter(course=course).order_by("-number").values_list("number", flat=True)[0]
    copied = {name: getattr(origin, name) for name in _COPIED}
    made = CourseVersion.objects.create(
        course=course, number=last + 1, origin=origin, author_id=by.author_id, created_at=at, **copied
    )
    lessons = _copy_parts(origin, made)
    version_copied.send(
        sender=CourseVersion, from_version=origin.pk, to_version=made.pk, lessons=lessons, by_id=by.author_id, at=at
    )
    return int(made.pk)


def _copy_parts(origin: CourseVersion, made: CourseVersion) -> dict[int, int]:
    """Copy chapters and lessons; return the new id of each former lesson."""
    chapters = {
        row.pk: Chapter.objects.create(version=made, no=row.no, title=row.title) for row in origin.chapters.order_by("no")
    }
    pairs = {}
    for row in Courseware.objects.filter(version=origin).order_by("no"):
        chapter = chapters[row.chapter_id] if row.chapter_id else None
        lesson = Courseware.objects.create(version=made, chapter=chapter, no=row.no, title=row.title, media_id=row.media_id)
        pairs[row.pk] = lesson.pk
    _copy_quizzes(made, pairs)
    return pairs


def _copy_quizzes(made: CourseVersion, lessons: dict[int, int]) -> None:
    """Give the copy quizzes of its own: whoever answered the former version's has not answered these."""
    copies = list(Quiz.objects.filter(courseware_id__in=lessons).order_by("pk"))
    for row in copies:
        row.pk, row.uuid, row.version, row.courseware_id = None, uuid4(), made, lessons[row.courseware_id]
    Quiz.objects.bulk_create(copies)


@transaction.atomic
def discard_draft(*, version_id: int, by: Writer) -> None:
    """Delete a draft that was never submitted, with chapters, lessons and what other rooms wrote for it; a course that
    has no version left goes too. Media stay in storage. There is no way back.

    :raises DomainError: ``not_found``; ``frozen``; ``was_submitted``; ``draft_in_use`` while other records need it
    """
    version = own_draft(version_id, by)
    if version.submitted_at is not None:
        message = _("这一版曾提交审核，审核意见和修改记录要留档，不能放弃。可以继续修改后再次提交。")
        raise DomainError("was_submitted", message, status=409)
    course = Course.objects.select_for_update().get(pk=version.course_id)
    try:
        with transaction.atomic():
            Courseware.objects.filter(version=version).delete()
            Chapter.objects.filter(version=version).delete()
            version.delete()
            if not CourseVersion.objects.filter(course=course).exists():
                course.delete()
    except ProtectedError as error:
        message = _("这份草稿已被其他记录引用，不能放弃。请继续修改，或联系平台运营。")
        raise DomainError("draft_in_use", message, status=409) from error
