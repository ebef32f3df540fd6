"""What managers and trainers do with a question: answer, claim, choose the best answer, link duplicates, close and open again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.community.threads import asking, checking, locking, notices, pictures, policy, rules
from apps.community.threads.models import Post, Thread
from apps.people import api as people
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.review import api as review

State = Thread.State


@transaction.atomic
def answer(
    *, thread: UUID, by: people.ManagerView, within: people.Units, words: str, picture: bytes | None = None, at: datetime
) -> Post:
    """Answer a question and tell who asked and who has it too.

    :raises DomainError: 404 ``not_found``; 409 ``closed``; 422 of `checking.checked` and `pictures.keep`
    """
    row = locking.for_manager(thread, within=within)
    if row.state == State.CLOSED or row.hidden_at is not None:
        raise DomainError("closed", _("这个提问已关闭或隐藏。要解答，请先重新打开。"), status=409)
    text = checking.checked(words, longest=rules.LONGEST_ANSWER)
    kept = pictures.keep(picture) if picture else ""
    return add_answer(row, words=text, picture=kept, manager_id=by.id, at=at)


def add_answer(row: Thread, *, words: str, manager_id: int | None, at: datetime, picture: str = "") -> Post:
    """Write an answer to a locked question; without a manager it is the platform's. Part of the caller's transaction."""
    post = Post.objects.create(thread=row, kind=Post.Kind.ANSWER, manager_id=manager_id, words=words, picture=picture, at=at)
    if row.first_answer_at is None:
        row.first_answer_at, row.first_late = at, at > row.due_at
    if row.state == State.OPEN:
        row.state = State.ANSWERED
    locking.note_words(row)
    row.save()
    notices.tell_answered(row, at=at)
    return post


@transaction.atomic
def mend_answer(*, thread: UUID, post: UUID, by: people.ManagerView, within: people.Units, words: str, at: datetime) -> Post:
    """Change one's own answer within the rule's minutes.

    :raises DomainError: 404 ``not_found``, also for somebody else's; 409 ``too_late``; 422 of `checking.checked`
    """
    row = locking.for_manager(thread, within=within)
    found = locking.post_of(row, post)
    if found.manager_id != by.id:
        raise locking.not_found()
    if not rules.may_edit(at=at, said_at=found.at, minutes=policy.rule().edit_minutes):
        raise DomainError("too_late", _("已经过了可以修改的时间，请再写一条解答来更正。"), status=409)
    found.words, found.edited_at = checking.checked(words, longest=rules.LONGEST_ANSWER), at
    found.save(update_fields=["words", "edited_at"])
    locking.note_words(row)
    row.save()
    return found


@transaction.atomic
def claim(*, thread: UUID, by: people.ManagerView, within: people.Units, take: bool) -> None:
    """Take a question upon oneself, so that nobody else works on it, or let it go.

    :raises DomainError: 404 ``not_found``; 409 ``claimed`` where somebody else was faster
    """
    row = locking.for_manager(thread, within=within)
    if row.claimed_by_id not in {None, by.id}:
        raise DomainError("claimed", _("这个提问已由其他人认领。"), status=409)
    row.claimed_by_id = by.id if take else None
    row.save(update_fields=["claimed_by"])


@transaction.atomic
def choose_best(*, thread: UUID, post: UUID, within: people.Units) -> None:
    """Mark the best answer.

    :raises DomainError: 404 ``not_found``; 409 ``not_an_answer``
    """
    asking.mark_best(locking.for_manager(thread, within=within), post)


@transaction.atomic
def link_duplicate(*, thread: UUID, other: UUID, within: people.Units, at: datetime) -> None:
    """Say that a question was asked before, close it and lead who asked to the other one.

    :raises DomainError: 404 ``not_found``; 422 ``same_question``, ``other_course``, ``is_duplicate``
    """
    row = locking.for_manager(thread, within=within)
    original = Thread.objects.filter(people.belongs(within, "learner"), uuid=other, hidden_at=None).first()
    if original is None:
        raise locking.not_found()
    if original.pk == row.pk:
        raise DomainError("same_question", _("请选择另一个提问。"), status=422, field="other")
    if original.course_code != row.course_code:
        raise DomainError("other_course", _("只能关联同一门课程的提问。"), status=422, field="other")
    if original.duplicate_of_id is not None or Thread.objects.filter(duplicate_of=row).exists():
        raise DomainError("is_duplicate", _("其中一个已经关联过，请关联到最早的那个提问。"), status=422, field="other")
    row.duplicate_of, row.state = original, State.CLOSED
    row.save(update_fields=["duplicate_of", "state"])
    notices.tell_learner("talk.duplicate", row, at=at)


@transaction.atomic
def close(*, thread: UUID, by: people.ManagerView, within: people.Units, at: datetime) -> None:
    """Close a question; done twice, nothing happens.

    :raises DomainError: 404 ``not_found``
    """
    row = locking.for_manager(thread, within=within)
    if row.state == State.CLOSED:
        return
    row.state = State.CLOSED
    row.save(update_fields=["state"])
    audit.record("talk.closed", actor=f"manager:{by.id}", target=f"talk:{row.uuid}", at=at)


@transaction.atomic
def reopen(*, thread: UUID, by: people.ManagerView, within: people.Units, at: datetime) -> None:
    """Open a closed question again, no longer a duplicate; an unanswered one has the rule's days anew.

    :raises DomainError: 404 ``not_found``
    """
    row = locking.for_manager(thread, within=within)
    if row.state != State.CLOSED:
        return
    row.duplicate_of = None
    row.state = State.ANSWERED if row.first_answer_at else State.OPEN
    if row.state == State.OPEN:
        row.due_at = max(row.due_at, review.working_days_after(at, policy.rule().answer_days))
    row.save(update_fields=["duplicate_of", "state", "due_at"])
    audit.record("talk.reopened", actor=f"manager:{by.id}", target=f"talk:{row.uuid}", at=at)
