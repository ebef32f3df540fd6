"""What learners read. Of other learners they see 学员 and the role; hidden words only if they are their own, with the reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from apps.community.threads import finding, locking, policy, rules
from apps.community.threads.models import Post, Report, Thread, Vote
from public.answers import api as answers


@dataclass(frozen=True, slots=True)
class Said:
    """One post as its reader sees it. ``tone``: ``learner``, ``staff`` or ``platform``."""

    post: Post
    author: str
    tone: str
    is_own: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One question as a learner sees it."""

    thread: Thread
    author: str
    is_own: bool
    may_edit: bool
    has_voted: bool
    has_reported: bool
    is_settled: bool
    said: list[Said]

    @property
    def is_open(self) -> bool:
        """Whether who asked may go on."""
        return self.is_own and self.thread.state != Thread.State.CLOSED and self.thread.hidden_at is None


def of_course(code: str, *, text: str = "", state: str = "", sort: str = "") -> QuerySet[Thread]:
    """Return the questions about a course that everybody of the enterprise who learns it may read.

    :param state: ``ANSWERED`` or ``OPEN``, "" for all
    :param sort: ``votes`` or "" for the newest; a search puts the best match first
    """
    rows = Thread.objects.filter(course_code=code, hidden_at=None).select_related("learner").annotate(answers=_answers())
    if state == "ANSWERED":
        rows = rows.filter(first_answer_at__isnull=False)
    elif state == "OPEN":
        rows = rows.filter(first_answer_at=None)
    if text.strip():
        return finding.matching(rows, text)
    return rows.order_by("-votes", "-asked_at", "-id") if sort == "votes" else rows.order_by("-asked_at", "-id")


def mine(learner_id: int, *, text: str = "", state: str = "") -> QuerySet[Thread]:
    """Return what a learner has asked, or has joined in (``state`` = ``JOINED``), newest first."""
    rows = Thread.objects.annotate(answers=_answers())
    if state == "JOINED":
        rows = rows.filter(voters__learner_id=learner_id, hidden_at=None)
    else:
        rows = rows.filter(learner_id=learner_id)
        rows = rows.filter(state=state) if state in Thread.State.values else rows
    return finding.matching(rows, text) if text.strip() else rows.order_by("-asked_at", "-id")


def count_of(code: str) -> int:
    """Return how many questions about a course there are to read, of this enterprise and for everybody."""
    return Thread.objects.filter(course_code=code, hidden_at=None).count() + answers.count_shared([code])


def page(thread: UUID, *, learner_id: int, codes: frozenset[str], at: datetime) -> Page:
    """Return one question with what was said; a constant number of queries.

    :raises DomainError: 404 ``not_found``, also for what is hidden from this reader or about a course they do not learn
    """
    posts = Post.objects.select_related("manager", "learner").order_by("at", "pk")
    rows = Thread.objects.select_related("learner", "duplicate_of").prefetch_related(Prefetch("posts", queryset=posts))
    row = rows.filter(uuid=thread).first()
    if row is None or (row.learner_id != learner_id and (row.hidden_at is not None or row.course_code not in codes)):
        raise locking.not_found()
    rule = policy.rule()
    said = [
        _said(post, row, reader=learner_id, rule=rule, at=at)
        for post in row.posts.all()
        if post.hidden_at is None or post.learner_id == learner_id
    ]
    is_own = row.learner_id == learner_id
    reported = Report.objects.filter(thread=row, post=None, learner_id=learner_id).values_list("settled_at").first()
    return Page(
        row,
        author(row, is_own=is_own, rule=rule),
        is_own,
        is_own and not _is_answered(row, row.asked_at) and rules.may_edit(at=at, said_at=row.asked_at, minutes=rule.edit_minutes),
        Vote.objects.filter(thread=row, learner_id=learner_id).exists(),
        bool(reported),
        bool(reported and reported[0]),
        said,
    )


def author(said: Thread | Post, *, is_own: bool, rule: rules.Rule) -> str:
    """Return what the learner who wrote something is called before other learners: 学员 and the role, unless names are shown."""
    if is_own:
        return _("我")
    if said.learner is None:
        return ""
    return said.learner.name if rule.names_shown else _("学员 · %(role)s") % {"role": said.learner.get_role_display()}


def picture_of(row: Thread, post: UUID | None) -> str:
    """Return the store's name of the picture beside a question, or beside a post of it that is shown; "" without one."""
    if post is None:
        return row.picture
    return next((one.picture for one in row.posts.all() if one.uuid == post and one.hidden_at is None), "")


def _said(post: Post, row: Thread, *, reader: int, rule: rules.Rule, at: datetime) -> Said:
    if post.learner is not None:
        own = post.learner_id == reader
        may = own and not _is_answered(row, post.at) and rules.may_edit(at=at, said_at=post.at, minutes=rule.edit_minutes)
        return Said(post, author(post, is_own=own, rule=rule), "learner", own, may)
    if post.manager is not None:
        return Said(post, f"{post.manager.name} · {post.manager.get_role_display()}", "staff", False, False)
    return Said(post, _("平台讲师"), "platform", False, False)


def _is_answered(row: Thread, since: datetime) -> bool:
    return any(post.kind == Post.Kind.ANSWER and post.at >= since for post in row.posts.all())


def _answers() -> Count:
    return Count("posts", filter=Q(posts__kind=Post.Kind.ANSWER, posts__hidden_at=None), distinct=True)
