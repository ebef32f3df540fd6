"""What managers read: the list by deadline, one question whole, figures, the file. Supervisors see their own units' people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from apps.community.threads import finding, locking, rules
from apps.community.threads.models import Post, Report, Sent, Thread
from apps.people import api as people
from infra.kit import clock, marking, sheets

STATES = ("DUE", "LATE", "ANSWERED", "CLOSED", "HIDDEN", "REPORTED", "ALL")
SORTS = {
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    "asked": ("asked_at", "id"),
    "-asked": ("-asked_at", "-id"),
    "votes": ("votes", "id"),
    "-votes": ("-votes", "-id"),
}
MOST_EXPORTED = 5000
_FIGURES_OF = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for; all of it stands in the address."""

    text: str = ""
    state: str = ""
    course: str = ""
    unit_id: int | None = None
    claimed: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How the enterprise answers. ``on_time`` in percent and ``hours`` of the last 30 days; None without an answer."""

    waiting: int
    late: int
    reported: int
    on_time: int | None
    hours: float | None


def listing(asked: Asked, *, within: people.Units, me: int, at: datetime) -> QuerySet[Thread]:
    """Return the questions that fit: waiting ones by deadline, others newest first."""
    rows = _seen(within).select_related("learner__unit", "claimed_by")
    rows = rows.annotate(
        reported=Exists(_open_reports()), replies=Count("posts", filter=Q(posts__kind=Post.Kind.ANSWER), distinct=True)
    )
    rows = _in_state(rows, asked.state, at)
    if asked.course:
        rows = rows.filter(course_code=asked.course)
    if asked.unit_id is not None:
        rows = rows.filter(people.belongs(people.below(asked.unit_id, _tree()), "learner"))
    if asked.claimed:
        rows = rows.filter(claimed_by=None) if asked.claimed == "none" else rows.filter(claimed_by_id=me)
    if asked.text.strip():
        names = _seen(within).filter(learner__name__icontains=asked.text.strip()).values("pk")
        said = finding.matching(_seen(within), asked.text).values("pk")
        rows = rows.filter(Q(pk__in=names) | Q(pk__in=said.order_by()))
    return rows.order_by(*SORTS.get(asked.sort, ("due_at", "id") if asked.state in {"", "DUE", "LATE"} else ("-asked_at", "-id")))


def _in_state(rows: QuerySet[Thread], state: str, at: datetime) -> QuerySet[Thread]:
    if state == "HIDDEN":
        return rows.filter(
            Q(hidden_at__isnull=False) | Exists(Post.objects.filter(thread=OuterRef("pk"), hidden_at__isnull=False))
        )
    if state == "REPORTED":
        return rows.filter(Exists(_open_reports()))
    if state == "ALL":
        return rows
    rows = rows.filter(hidden_at=None)
    if state in {"ANSWERED", "CLOSED"}:
        return rows.filter(state=state)
    rows = rows.filter(state=Thread.State.OPEN)
    if state == "DUE":
        return rows.filter(due_at__lte=at + rules.SOON)
    return rows.filter(due_at__lt=at) if state == "LATE" else rows


def one(thread: UUID, *, within: people.Units) -> Thread:
    """Return one question with posts, reports and what was sent to the platform.

    :raises DomainError: 404 ``not_found``, also outside the own units
    """
    posts = Post.objects.select_related("manager", "learner", "hidden_by").order_by("at", "pk")
    reports = Report.objects.filter(settled_at=None).select_related("post").order_by("at", "pk")
    rows = _seen(within).select_related("learner__unit", "claimed_by", "hidden_by", "duplicate_of")
    row = rows.prefetch_related(
        Prefetch("posts", queryset=posts),
        Prefetch("reports", queryset=reports),
        Prefetch("sent", queryset=Sent.objects.select_related("by", "post").order_by("-at")),
    ).filter(uuid=thread).first()  # fmt: skip
    if row is None:
        raise locking.not_found()
    return row


def like(row: Thread, *, within: people.Units) -> list[Thread]:
    """Return questions about the same course that resemble one, to link it to: earlier ones that are no duplicates themselves."""
    rows = _seen(within).filter(course_code=row.course_code, hidden_at=None, duplicate_of=None).exclude(pk=row.pk)
    return list(finding.matching(rows, row.words, share=finding.LOOK_LIKE)[:5])


def courses(*, within: people.Units) -> list[tuple[str, str]]:
    """Return the courses that were asked about: (code, title)."""
    rows = _seen(within).order_by("course_title", "course_code")
    return list(dict(rows.values_list("course_code", "course_title").distinct()).items())


def figures(*, within: people.Units, at: datetime) -> Figures:
    """Return how the enterprise answers; two queries."""
    waiting = Q(state=Thread.State.OPEN, hidden_at=None)
    recent = Q(first_answer_at__gte=at - _FIGURES_OF)
    found = _seen(within).aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(due_at__lt=at)),
        answered=Count("pk", filter=recent),
        on_time=Count("pk", filter=recent & Q(first_late=False)),
        took=Avg(F("first_answer_at") - F("asked_at"), filter=recent),
    )
    reported = _seen(within).filter(Exists(_open_reports())).count()
    percent = found["on_time"] * 100 // found["answered"] if found["answered"] else None
    hours = round(found["took"].total_seconds() / 3600, 1) if found["took"] is not None else None
    return Figures(found["waiting"], found["late"], reported, percent, hours)


def due(at: datetime) -> tuple[int, int]:
    """Return how many questions are due by this evening or late, and how many of them are late."""
    found = Thread.objects.filter(state=Thread.State.OPEN, hidden_at=None, due_at__lte=at + rules.SOON)
    told = found.aggregate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    return told["n"], told["late"]


def workbook(rows: QuerySet[Thread]) -> bytes:
    """Return the list as an Excel file; every cell is text or number.

    :raises DomainError: 422 ``too_many``
    """
    found = list(sheets.not_too_many(rows, MOST_EXPORTED))
    best = finding.best_answers(found)
    heads = [_("课程"), _("课时"), _("位置"), _("提问"), _("学员"), _("部门"), _("提问时间"), _("解答期限"), _("状态"), _("首次解答"),
             _("是否超期"), _("同问人数"), _("解答")]  # fmt: skip
    return sheets.xlsx_file(_("课程提问"), heads, _lines(found, best), label=marking.PERSONS)


def _lines(rows: Iterable[Thread], best: dict[int, Post]) -> Iterable[list[sheets.Cell]]:
    for row in rows:
        answer = best.get(row.pk)
        late = "" if row.first_late is None else _("是") if row.first_late else _("否")
        unit = row.learner.unit.name if row.learner.unit else ""
        times = (_time(row.asked_at), _time(row.due_at))
        first = _time(row.first_answer_at) if row.first_answer_at else ""
        state = _("已隐藏") if row.hidden_at else row.get_state_display()
        yield [row.course_title, row.lesson_title, where(row), row.words, row.learner.name, unit, *times, str(state), first, late,
               row.votes, answer.words if answer else ""]  # fmt: skip


def where(row: Thread) -> str:
    """Return the place of a question as text: 03:15, or 第 3 页."""
    if row.page is not None:
        return _("第 %(n)d 页") % {"n": row.page}
    if row.at_ms is None:
        return ""
    minutes, seconds = divmod(row.at_ms // 1000, 60)
    return f"{minutes:02d}:{seconds:02d}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _seen(within: people.Units) -> QuerySet[Thread]:
    return Thread.objects.filter(people.belongs(within, "learner"))


def _open_reports() -> QuerySet[Report]:
    return Report.objects.filter(thread=OuterRef("pk"), settled_at=None)


def _tree() -> list[tuple[int, int | None]]:
    return [(unit.id, unit.parent_id) for unit in people.unit_tree().values()]
