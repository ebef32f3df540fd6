"""What was asked before: while somebody types, and by searching a course's questions and answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.community.threads.models import Post, Thread
from public.answers import api as answers

LOOK_LIKE, FOUND_BY = 0.4, 0.6
"""Part of the words that must be there: for a suggestion, and for a search."""
_MOST = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """What is shown while somebody types: answered questions of the enterprise, and answers for everybody."""

    own: list[Thread]
    shared: list[answers.SharedAnswer]

    def __bool__(self) -> bool:
        return bool(self.own or self.shared)


def matching(rows: QuerySet[Thread], text: str, *, share: float = FOUND_BY) -> QuerySet[Thread]:
    """Return those rows whose question or answers hold most of the words, best first."""
    tokens = answers.asked(text)
    if not tokens:
        return rows.none()
    rows = rows.filter(said__overlap=tokens).annotate(fit=answers.common("said", tokens))
    return rows.filter(fit__gte=answers.enough(tokens, share=share)).order_by("-fit", "-votes", "-asked_at", "-id")


def similar(text: str, *, course_code: str) -> Similar:
    """Return answered questions of a course that resemble what is being typed; three queries at most, none for a few letters."""
    if len(answers.asked(text)) < 2:
        return Similar([], [])
    answered = Thread.objects.filter(course_code=course_code, hidden_at=None, first_answer_at__isnull=False, duplicate_of=None)
    own = list(matching(answered, text, share=LOOK_LIKE)[:_MOST])
    return Similar(own, answers.shared([course_code], text=text, share=LOOK_LIKE, most=_MOST))


def best_answers(rows: Sequence[Thread]) -> dict[int, Post]:
    """Return for each question its best answer, else the newest one that is shown; one query."""
    shown = Post.objects.filter(thread__in=[row.pk for row in rows], kind=Post.Kind.ANSWER, hidden_at=None)
    return {post.thread_id: post for post in shown.order_by("is_best", "at", "pk")}
