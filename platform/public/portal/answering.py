"""What an enterprise does with its notices: looks, answers. Every service is called while standing on the platform and names the enterprise."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from public.portal import diary
from public.portal.diary import Kind
from public.portal.locking import State, held_in, words
from public.portal.shapes import WAITING, Answerer


@transaction.atomic
def see(*, rectification: UUID, by: Answerer) -> None:
    """Note that the enterprise has seen it, once a round; the authority reads when.

    :raises DomainError: 404
    """
    row = held_in(by.schema, rectification)
    if row.state in WAITING and row.steps.filter(kind=Kind.SEEN).count() < row.round:
        diary.by_enterprise(row, Kind.SEEN, by)


@transaction.atomic
def answer(*, rectification: UUID, text: str, by: Answerer) -> None:
    """Say what was mended; the authority looks at it, and the clock stands still until then.

    :raises DomainError: 404; 409 ``wrong_state``; 422 ``words_missing``, ``personal``
    """
    row = held_in(by.schema, rectification, *WAITING)
    said = words(text, field="text", message=_("请写明整改了什么、怎样防止再发生。"), least=6)
    row.state, row.answered_at = State.ANSWERED, by.at
    row.save(update_fields=["state", "answered_at"])
    diary.by_enterprise(row, Kind.ANSWERED, by, text=said, rows=row.attachments.count())
