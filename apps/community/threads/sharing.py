"""The way to the platform and back: what leaves the enterprise was rewritten by a manager and names no person.

Locks: the question first, then what is written about it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.community.threads import anonymous, answering, checking, locking, notices, rules
from apps.community.threads.models import Post, Sent, Thread
from apps.people import api as people
from infra.kit.errors import DomainError
from public.answers import api as answers
from public.audit import api as audit

OUT = (Sent.State.OPEN, Sent.State.PUBLISHED)
"""What has left the enterprise and has not come back."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a manager begins with: names and the enterprise are taken out already."""

    question: str
    answer: str


def draft(row: Thread, post: Post | None) -> Draft:
    """Return question and answer without the names that the enterprise's lists know."""
    return Draft(anonymous.without_names(row.words), anonymous.without_names(post.words) if post else "")


def propose(
    *,
    thread: UUID,
    post: UUID | None,
    question: str,
    answer: str = "",
    by: people.ManagerView,
    within: people.Units,
    sure: bool = False,
    at: datetime,
) -> Sent:
    """Send an answer to the platform for everybody, or (without ``post``) the question for an answer.

    :param sure: the manager says that names found in the text are ordinary words; never for who took part
    :raises DomainError: 404 ``not_found``; 409 ``hidden``, ``not_an_answer``, ``sent_already``, ``own_course``;
        422 of `checking.checked`, ``names_person``, ``names_enterprise``
    """
    try:
        with transaction.atomic():
            row = locking.for_manager(thread, within=within)
            about = _answer_of(row, post) if post else None
            if row.hidden_at is not None:
                raise DomainError("hidden", _("隐藏的提问不能提交给平台。"), status=409)
            names = _taking_part(row)
            asked = _fit(question, "question", rules.LONGEST, names, sure=sure)
            said = _fit(answer, "answer", rules.LONGEST_ANSWER, names, sure=sure) if about else ""
            made = _send(row, about, words=(asked, said), by=by, at=at)
    except IntegrityError as error:
        raise DomainError("sent_already", _("这条内容已经提交过，请等待平台处理。"), status=409) from error
    return made


def _send(row: Thread, about: Post | None, *, words: tuple[str, str], by: people.ManagerView, at: datetime) -> Sent:
    asked, said = words
    kind = answers.SHARE if about else answers.ASK
    place = answers.Place(row.version_id, row.course_code, row.course_title, row.lesson_title, row.at_ms, row.page)
    known = answers.propose(kind=kind, place=place, question=asked, answer=said, at=at)
    made = Sent.objects.create(
        uuid=known.uuid, kind=kind, thread=row, post=about, question=asked, answer=said, by_id=by.id, at=at, due_at=known.due_at
    )
    audit.record("talk.sent", actor=f"manager:{by.id}", target=f"talk:{row.uuid}", at=at, kind=kind, proposal=str(known.uuid))
    return made


@transaction.atomic
def pull_back(*, sent: UUID, by: people.ManagerView, within: people.Units, at: datetime) -> None:
    """Take back what was sent, published or not: no enterprise sees it from now on. Done twice, nothing happens.

    :raises DomainError: 404 ``not_found``
    """
    found = Sent.objects.filter(uuid=sent).select_related("thread").first()
    if found is None:
        raise locking.not_found()
    locking.for_manager(found.thread.uuid, within=within)
    _take_back(found, at)
    audit.record("talk.pulled_back", actor=f"manager:{by.id}", target=f"talk:{found.thread.uuid}", at=at, proposal=str(sent))


def pull_back_all(row: Thread, post: Post | None, *, at: datetime) -> None:
    """Take back everything that left about a hidden question, or about one hidden answer. Part of the caller's transaction."""
    rows = Sent.objects.filter(thread=row, state__in=OUT)
    for found in rows.filter(post=post) if post else rows:
        _take_back(found, at)


def _take_back(found: Sent, at: datetime) -> None:
    if found.state in OUT and answers.pull_back(proposal=found.uuid, at=at):
        found.state, found.decided_at = Sent.State.WITHDRAWN, at
        found.save(update_fields=["state", "decided_at"])


@transaction.atomic
def take_in(*, proposal: UUID, at: datetime) -> bool:
    """Note in this enterprise what the platform decided; its answer becomes one of the question. Return whether anything changed.

    The decision is read from the platform's own row, which no enterprise can write; a second call changes nothing.
    """
    known = Sent.objects.filter(uuid=proposal).values_list("thread__uuid", flat=True).first()
    if known is None:
        return False
    row = locking.for_manager(known, within=None)
    found = Sent.objects.select_for_update(of=("self",)).get(uuid=proposal)
    told = answers.proposal(proposal)
    if told is None or told.state in {found.state, "OPEN"}:
        return False
    found.state, found.reason, found.decided_at = told.state, told.reason, told.decided_at
    found.save(update_fields=["state", "reason", "decided_at"])
    if told.state == Sent.State.ANSWERED:
        answering.add_answer(row, words=told.answer, manager_id=None, at=at)
    notices.tell_decided(row, manager_id=found.by_id, state=told.state, at=at)
    return True


def _answer_of(row: Thread, post: UUID) -> Post:
    found = locking.post_of(row, post)
    if found.kind != Post.Kind.ANSWER or found.hidden_at is not None or found.manager_id is None:
        raise DomainError("not_an_answer", _("只有本企业的解答可以推荐公开。"), status=409)
    return found


def _taking_part(row: Thread) -> list[str]:
    posts = Post.objects.filter(thread=row).values_list("learner__name", "manager__name")
    return [name for name in {row.learner.name, *(one for pair in posts for one in pair)} if name]


def _fit(words: str, field: str, longest: int, names: list[str], *, sure: bool) -> str:
    text = checking.checked(words, field=field, longest=longest)
    anonymous.refuse_names(text, field=field, always=names, sure=sure)
    return text
