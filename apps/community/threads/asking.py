"""What learners do: ask, ask on, mend their words, join in a question, choose the best answer, close, report."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.community.threads import checking, locking, notices, pictures, policy, rules
from apps.community.threads.models import Post, Report, Thread, Vote
from apps.community.threads.places import Place
from infra.kit.errors import DomainError
from public.answers import api as answers
from public.audit import api as audit
from public.review import api as review

State = Thread.State


@transaction.atomic
def ask(*, learner_id: int, place: Place, words: str, picture: bytes | None = None, at: datetime) -> Thread:
    """Keep a question and tell who answers.

    :param place: from `places.place`, so the course is one of the learner's
    :raises DomainError: 422 of `checking.checked` and `pictures.keep`; 409 ``asked_already`` for the same words again
    :raises TooMany: more questions in an hour than the rule lets
    """
    text, rule = checking.checked(words), policy.rule()
    if Thread.objects.filter(learner_id=learner_id, course_code=place.course_code, words=text).exists():
        raise DomainError("asked_already", _("您已经问过这个问题，请在“我的提问”里查看。"), status=409, field="words")
    checking.spend(f"{rule.per_hour}/hour", "ask", learner_id)
    tokens = answers.kept(text)
    row = Thread.objects.create(
        learner_id=learner_id,
        version_id=place.version_id,
        course_code=place.course_code,
        course_title=place.course_title,
        courseware_id=place.courseware_id,
        lesson_title=place.lesson_title,
        at_ms=place.at_ms,
        page=place.page,
        words=text,
        picture=pictures.keep(picture) if picture else "",
        asked_at=at,
        due_at=review.working_days_after(at, rule.answer_days),
        tokens=tokens,
        said=tokens,
    )
    notices.tell_asked(row, at=at)
    return row


@transaction.atomic
def follow_up(*, thread: UUID, learner_id: int, words: str, picture: bytes | None = None, at: datetime) -> Post:
    """Ask on in one's own question; it waits for an answer again.

    :raises DomainError: 404 ``not_found``; 409 ``closed``; 422 of `checking.checked` and `pictures.keep`
    :raises TooMany: as for `ask`
    """
    row = _own(thread, learner_id)
    _open(row)
    text, rule = checking.checked(words), policy.rule()
    checking.spend(f"{rule.per_hour}/hour", "ask", learner_id)
    kept = pictures.keep(picture) if picture else ""
    post = Post.objects.create(thread=row, kind=Post.Kind.FOLLOW_UP, learner_id=learner_id, words=text, picture=kept, at=at)
    if row.state == State.ANSWERED:
        row.state, row.due_at = State.OPEN, review.working_days_after(at, rule.answer_days)
    locking.note_words(row)
    row.save()
    notices.tell_asked(row, at=at, kind="talk.followed")
    return post


@transaction.atomic
def mend(*, thread: UUID, post: UUID | None = None, learner_id: int, words: str, at: datetime) -> Thread:
    """Change one's own words while it is allowed: within the rule's minutes, and before anybody has answered.

    :raises DomainError: 404 ``not_found``; 409 ``too_late``, ``closed``; 422 of `checking.checked`
    """
    row = _own(thread, learner_id)
    _open(row)
    said = row if post is None else locking.post_of(row, post)
    if isinstance(said, Post) and said.learner_id != learner_id:
        raise locking.not_found()
    said_at = said.at if isinstance(said, Post) else said.asked_at
    answered = Post.objects.filter(thread=row, kind=Post.Kind.ANSWER, at__gte=said_at).exists()
    if answered or not rules.may_edit(at=at, said_at=said_at, minutes=policy.rule().edit_minutes):
        raise DomainError("too_late", _("已经过了可以修改的时间，或已有人解答。请用追问来补充。"), status=409)
    said.words, said.edited_at = checking.checked(words), at
    if isinstance(said, Post):
        said.save(update_fields=["words", "edited_at"])
    locking.note_words(row)
    row.save()
    return row


@transaction.atomic
def vote(*, thread: UUID, learner_id: int, codes: frozenset[str], at: datetime) -> int:
    """Say "I have this question too", or take it back; return how many have it.

    :raises DomainError: 404 ``not_found``; 409 ``own_question``
    """
    row = locking.for_learner(thread, codes=codes, learner_id=learner_id)
    if row.learner_id == learner_id:
        raise DomainError("own_question", _("这是您自己的提问，有了解答会通知您。"), status=409)
    _vote, made = Vote.objects.get_or_create(thread=row, learner_id=learner_id, defaults={"at": at})
    if not made:
        _vote.delete()
    row.votes = F("votes") + (1 if made else -1)
    row.save(update_fields=["votes"])
    row.refresh_from_db(fields=["votes"])
    return row.votes


@transaction.atomic
def choose_best(*, thread: UUID, post: UUID, learner_id: int, at: datetime) -> None:
    """Mark the best answer to one's own question.

    :raises DomainError: 404 ``not_found``; 409 ``not_an_answer``
    """
    row = _own(thread, learner_id)
    mark_best(row, post)


def mark_best(row: Thread, post: UUID) -> None:
    """Make one answer of a locked question the best one, in place of a former.

    :raises DomainError: 404 ``not_found``; 409 ``not_an_answer``
    """
    found = locking.post_of(row, post)
    if found.kind != Post.Kind.ANSWER or found.hidden_at is not None:
        raise DomainError("not_an_answer", _("只有解答可以标为最佳。"), status=409)
    Post.objects.filter(thread=row, is_best=True).exclude(pk=found.pk).update(is_best=False)
    found.is_best = True
    found.save(update_fields=["is_best"])


@transaction.atomic
def close(*, thread: UUID, learner_id: int) -> None:
    """Close one's own question; done twice, nothing happens.

    :raises DomainError: 404 ``not_found``
    """
    row = _own(thread, learner_id)
    row.state = State.CLOSED
    row.save(update_fields=["state"])


def report(*, thread: UUID, post: UUID | None, learner_id: int, codes: frozenset[str], reason: str, at: datetime) -> Report:
    """Tell the moderators that something should not stand here, once.

    :raises DomainError: 404 ``not_found``; 422 ``reason_missing``; 409 ``reported``
    :raises TooMany: more than ten a day
    """
    if reason not in Report.Reason.values:
        raise DomainError("reason_missing", _("请选择举报的原因。"), status=422, field="reason")
    try:
        with transaction.atomic():
            row = locking.for_learner(thread, codes=codes, learner_id=learner_id)
            about = locking.post_of(row, post) if post else None
            checking.spend(f"{rules.REPORTS_PER_DAY}/day", "report", learner_id)
            made = Report.objects.create(thread=row, post=about, learner_id=learner_id, reason=reason, at=at)
            notices.tell_reported(made, at=at)
            audit.record("talk.reported", actor=f"learner:{learner_id}", target=f"talk:{row.uuid}", at=at, reason=reason)
    except IntegrityError as error:
        raise DomainError("reported", _("您已经举报过，管理员会处理。"), status=409) from error
    return made


def _own(thread: UUID, learner_id: int) -> Thread:
    row = Thread.objects.select_for_update(of=("self",)).filter(uuid=thread, learner_id=learner_id).first()
    if row is None:
        raise locking.not_found()
    return row


def _open(row: Thread) -> None:
    if row.state == State.CLOSED or row.hidden_at is not None:
        raise DomainError("closed", _("这个提问已关闭，不能再补充。需要时请重新提问。"), status=409)
