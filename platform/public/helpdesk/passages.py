"""What search knows: one passage for each published question and for each section of the manual. Runs on the platform.

Nothing has to be called after a release: the first question to a process with another manual makes its passages, beside those of the
release before, which go when nobody has used them for a week.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet

from public.helpdesk import marked, words
from public.helpdesk.manual import reading
from public.helpdesk.manual.chapters import CHAPTERS
from public.helpdesk.models import Article, Edition, Passage

Source = Passage.Source
_LOCK = 70_070
"""Advisory lock: one process makes passages at a time."""
_KEPT = timedelta(days=7)


def ensure(*, at: datetime) -> None:
    """Make what is missing. One query where nothing is."""
    if not _is_whole():
        _make_missing(at)


def _is_whole() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM helpdesk_passage WHERE source = 'MANUAL' AND edition = %s),
                 NOT EXISTS (SELECT FROM helpdesk_article a WHERE number > 0 AND NOT is_retired AND NOT EXISTS (
                   SELECT FROM helpdesk_passage p WHERE p.source = 'FAQ' AND p.ref = a.uuid::text AND p.edition = a.number::text))""",
            [reading.digest()],
        )
        sections, has_articles = cursor.fetchone()
    return sections > 0 and bool(has_articles)


@transaction.atomic
def _make_missing(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not Passage.objects.filter(source=Source.MANUAL, edition=reading.digest()).exists():
        Passage.objects.bulk_create(_of_manual(at), ignore_conflicts=True)
    for edition in present():
        follow(edition, at=at)


def present() -> QuerySet[Edition]:
    """Return the editions that hold now, of articles that are not retired."""
    return Edition.objects.select_related("article").filter(number=F("article__number"), article__is_retired=False)


def follow(edition: Edition, *, at: datetime) -> None:
    """Let search know an edition, and forget former ones. Part of the caller's transaction."""
    ref, number = str(edition.article.uuid), str(edition.number)
    rows = Passage.objects.filter(source=Source.FAQ, ref=ref)
    if rows.filter(edition=number).exists():
        return
    rows.delete()
    head = [edition.question, edition.question_en, *edition.other_words.splitlines()]
    Passage.objects.create(
        source=Source.FAQ, ref=ref, edition=number, audiences=edition.audiences, head=words.tokens(head), sounds=words.sounds(head),
        body=words.tokens([marked.plain(edition.answer, 4000), marked.plain(edition.answer_en, 6000)]), made_at=at,
    )  # fmt: skip


def drop(article: Article) -> None:
    """Let search forget an article. Part of the caller's transaction."""
    Passage.objects.filter(source=Source.FAQ, ref=str(article.uuid)).delete()


def _of_manual(at: datetime) -> list[Passage]:
    rows = []
    for chapter in CHAPTERS:
        both = [reading.text_of(chapter.key, lang) for lang in reading.LANGUAGES]
        for same in zip(*(text.sections for text in both), strict=True):
            head = [one.title for one in same]
            body = [marked.plain(one.text, 6000) for one in same]
            rows.append(
                Passage(
                    source=Source.MANUAL, ref=same[0].ref, edition=reading.digest(), audiences=[chapter.audience], head=words.tokens(head),
                    body=words.tokens([*body, *(text.title for text in both)]), sounds=words.sounds(head), made_at=at,
                )
            )  # fmt: skip
    return rows


def forget_former(*, at: datetime) -> int:
    """Drop the manuals of former releases; return how many passages went."""
    rows = Passage.objects.filter(source=Source.MANUAL, made_at__lt=at - _KEPT).exclude(edition=reading.digest())
    return rows.delete()[0]
