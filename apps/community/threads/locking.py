"""A question taken for a change: locked first, everything about it afterwards."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.community.threads.models import Post, Thread
from apps.people import api as people
from infra.kit.errors import DomainError
from public.answers import api as answers


def not_found() -> DomainError:
    """Return the refusal for a question that is not there, or not theirs."""
    return DomainError("not_found", _("没有找到这个提问，请从列表重新进入。"), status=404)


def for_manager(thread: UUID, *, within: people.Units) -> Thread:
    """Return a question, locked, that a manager may deal with.

    :raises DomainError: 404 ``not_found``, also outside the own units
    """
    row = Thread.objects.select_for_update(of=("self",)).filter(people.belongs(within, "learner"), uuid=thread).first()
    if row is None:
        raise not_found()
    return row


def for_learner(thread: UUID, *, codes: frozenset[str], learner_id: int) -> Thread:
    """Return a question, locked, that a learner may read: the own one, or a visible one of a course of the own plans.

    :raises DomainError: 404 ``not_found``
    """
    row = Thread.objects.select_for_update(of=("self",)).filter(uuid=thread).first()
    if row is None or (row.learner_id != learner_id and (row.hidden_at is not None or row.course_code not in codes)):
        raise not_found()
    return row


def post_of(row: Thread, post: UUID) -> Post:
    """Return one post of a locked question.

    :raises DomainError: 404 ``not_found``
    """
    found = Post.objects.filter(thread=row, uuid=post).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这条内容，可能已被移除。"), status=404)
    return found


def note_words(row: Thread) -> None:
    """Bring what search reads of a question up to date; hidden posts are not found. The caller saves the row."""
    posts = Post.objects.filter(thread=row, hidden_at=None).order_by("pk").values_list("words", flat=True)
    row.tokens = answers.kept(row.words)
    row.said = answers.kept(row.words, *posts)
