"""Questions that found no sure answer: counted for the editor, who answers them, links them to an answer, or lets them be. Runs on the platform."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.helpdesk import diary, faq, passages, words
from public.helpdesk.diary import Desk, require_desk
from public.helpdesk.models import Article, Gap

_LEAST = 2
_MOST = 1000
"""Signs of all other ways to ask one question, as `models.Edition` has them."""


def note(text: str, *, audience: str, near: str, at: datetime) -> None:
    """Count a question; the same one in other words is another row. A dismissed one that is asked again stays dismissed."""
    key = words.key(words.scrub(text))
    if len(key) < _LEAST:
        return
    row, is_new = Gap.objects.get_or_create(
        key=key, defaults={"text": words.scrub(text), "audience": audience, "near": near, "first_at": at, "last_at": at}
    )
    if not is_new:
        Gap.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=at, near=near)


def note_handed(text: str) -> None:
    """Count that somebody went on to a person with this question."""
    Gap.objects.filter(key=words.key(words.scrub(text))).update(handed=F("handed") + 1)


def listing(*, state: str = "", text: str = "") -> QuerySet[Gap]:
    """Return questions of a state, those that wait where none is named; the most asked first."""
    rows = Gap.objects.filter(state=state if state in Gap.State.values else Gap.State.OPEN)
    for word in text.split()[:5]:
        rows = rows.filter(text__icontains=word)
    return rows.select_related("article").order_by("-count", "-last_at")


@transaction.atomic
def answer(*, gap: int, article: UUID, desk: Desk) -> None:
    """Say which answer it is; the question's words are added to the ways in which that answer is found, as a new edition, while there is
    room for them.

    :raises DomainError: 403; 404; 409 ``wrong_state``
    """
    require_desk(desk)
    row = _held(gap)
    edition = passages.present().filter(article__uuid=article).first()
    if edition is None:
        raise _not_found()
    lines = edition.other_words.splitlines()
    longer = "\n".join([*lines, row.text])
    if row.text not in lines and len(longer) <= _MOST:
        said = faq.Words(
            edition.audiences, edition.question, edition.answer, edition.question_en, edition.answer_en, longer, edition.chapter,
        )  # fmt: skip
        faq.write(words=said, desk=desk, article=article, why=_("补充问法：%(text)s") % {"text": row.text})
    close(row, desk, edition.article)


def close(row: Gap, desk: Desk, article: Article | None) -> None:
    """Write down what became of a held question. Part of the caller's transaction."""
    row.state = Gap.State.ANSWERED if article else Gap.State.DISMISSED
    row.article, row.handled_by, row.handled_at = article, desk.me.credential_id, desk.at
    row.save(update_fields=["state", "article", "handled_by", "handled_at"])


@transaction.atomic
def write_answer(*, gap: int, said: "faq.Words", desk: Desk) -> UUID:
    """Publish a new answer to it.

    :raises DomainError: as `faq.write`; 409 ``wrong_state``
    """
    row = _held(gap)
    uuid = faq.write(words=said, desk=desk, why=_("来自没有答案的提问"))
    close(row, desk, Article.objects.get(uuid=uuid))
    return uuid


@transaction.atomic
def dismiss(*, gap: int, desk: Desk) -> None:
    """Let a question be: it is no question for us.

    :raises DomainError: 403; 404; 409 ``wrong_state``
    """
    require_desk(desk)
    row = _held(gap)
    close(row, desk, None)
    diary.log(desk, "help.gap_dismissed", target=f"gap:{row.pk}")


def _held(gap: int) -> Gap:
    row = Gap.objects.select_for_update().filter(pk=gap).first()
    if row is None:
        raise _not_found()
    if row.state != Gap.State.OPEN:
        raise DomainError("wrong_state", _("这个提问已有人处理过，请刷新页面。"), status=409)
    return row


def _not_found() -> DomainError:
    return DomainError("not_found", _("没有找到，可能已有人处理过。请刷新列表。"), status=404)
