"""Work that waits: for one person, for all, for roles."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from infra.kit import clock
from public.catalogue import api as catalogue
from public.operators.api import Me, Role, colleagues
from public.review.models import Decision, Finding, ReReview, ReviewTask
from public.review.queries.board import IN_REVIEW, board, newest

OPEN = (ReviewTask.State.OPEN, ReviewTask.State.CLAIMED)
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of open work. ``angle`` is empty for a re-review; ``due`` a moment, or a day for re-reviews."""

    task: ReviewTask | None
    rereview: ReReview | None
    version_id: int
    title: str
    code: str
    number: int
    what: str
    assignee_id: int | None
    assignee: str
    due: datetime | date
    is_overdue: bool
    is_claimed: bool
    fit: list[Me]

    @property
    def is_rereview(self) -> bool:
        """Whether a published version is judged again."""
        return self.rereview is not None

    @property
    def ends(self) -> datetime:
        """The moment by which it is due; the end of the day for a re-review."""
        return self.due if isinstance(self.due, datetime) else clock.shanghai_day(self.due)[1]

    def is_for(self, person: int, author_id: int) -> bool:
        """Whether it is this person's, or nobody's and not their own work."""
        return self.assignee_id == person or (self.assignee_id is None and author_id != person)

    @property
    def key(self) -> str:
        """Name of the row in forms."""
        return f"r{self.rereview.pk}" if self.rereview else f"t{self.task.pk if self.task else 0}"


@dataclass(frozen=True, slots=True)
class Load:
    """One reviewer's work: open, overdue, done in the last 30 days, and how many of those in time (percent)."""

    person: Me
    open: int
    overdue: int
    done: int
    in_time: int | None


@dataclass(frozen=True, slots=True)
class _Around:
    """What lists need to know beside the rows themselves."""

    at: datetime
    labels: dict[int, catalogue.VersionLabel]
    people: list[Me]

    def name(self, person: int | None) -> str:
        """Return the reviewer's name; the number of one who left, "" for nobody."""
        if person is None:
            return ""
        return next((one.name for one in self.people if one.credential_id == person), f"#{person}")

    def fit(self, version_id: int) -> list[Me]:
        """Return who may be given work on a version."""
        return [one for one in self.people if one.credential_id != self.labels[version_id].author_id]


def open_work(*, at: datetime, person: int | None = None, only_free: bool = False) -> list[Work]:
    """Return open tasks and re-reviews, most urgent first; for ``person`` theirs and those that nobody has."""
    tasks = list(ReviewTask.objects.filter(state__in=OPEN).order_by("due_at", "id"))
    again = list(ReReview.objects.filter(state=ReReview.State.OPEN).order_by("due_on", "id"))
    ids = {row.version_id for row in tasks} | {row.version_id for row in again}
    around = _Around(at, catalogue.labels(ids), colleagues(Role.REVIEWER))
    found = [_task(row, around) for row in tasks] + [_rereview(row, around) for row in again]
    if only_free:
        found = [item for item in found if item.assignee_id is None]
    if person is not None:
        found = [item for item in found if item.is_for(person, around.labels[item.version_id].author_id)]
    return sorted(found, key=lambda item: item.ends)


def _task(row: ReviewTask, around: _Around) -> Work:
    label = around.labels[row.version_id]
    return Work(
        task=row,
        rereview=None,
        version_id=row.version_id,
        title=label.title,
        code=label.code,
        number=label.number,
        what=str(row.get_angle_display()),
        assignee_id=row.assignee_id,
        assignee=around.name(row.assignee_id),
        due=row.due_at,
        is_overdue=row.due_at < around.at,
        is_claimed=row.state == ReviewTask.State.CLAIMED,
        fit=around.fit(row.version_id),
    )


def _rereview(row: ReReview, around: _Around) -> Work:
    label = around.labels[row.version_id]
    return Work(
        task=None,
        rereview=row,
        version_id=row.version_id,
        title=label.title,
        code=label.code,
        number=label.number,
        what=str(row.get_reason_display()),
        assignee_id=row.assignee_id,
        assignee=around.name(row.assignee_id),
        due=row.due_on,
        is_overdue=row.due_on < clock.shanghai_date(around.at),
        is_claimed=False,
        fit=around.fit(row.version_id),
    )


def loads(*, at: datetime) -> list[Load]:
    """Return every reviewer's work, busiest first."""
    work = open_work(at=at)
    held = Counter(item.assignee_id for item in work)
    late = Counter(item.assignee_id for item in work if item.is_overdue)
    recent = ReviewTask.objects.filter(state=ReviewTask.State.DONE, done_at__gte=at - RECENT)
    finished = list(recent.values_list("assignee_id", "done_at", "due_at"))
    again = ReReview.objects.filter(state=ReReview.State.DONE, at__gte=at - RECENT).values_list("reviewer_id", flat=True)
    done = Counter(row[0] for row in finished) + Counter(again)
    in_time = Counter(row[0] for row in finished if row[1] and row[1] <= row[2])
    counted = Counter(row[0] for row in finished)
    rows = [
        Load(one, held[key], late[key], done[key], in_time[key] * 100 // counted[key] if counted[key] else None)
        for one in colleagues(Role.REVIEWER)
        for key in [one.credential_id]
    ]
    return sorted(rows, key=lambda row: (-row.overdue, -row.open, row.person.credential_id))


def recently_done(person: int, *, at: datetime, most: int = 20) -> list[Decision]:
    """Return a reviewer's own verdicts of the last 30 days, newest first."""
    rows = Decision.objects.filter(reviewer_id=person, at__gte=at - RECENT)
    return list(rows.select_related("version", "submission").order_by("-at", "-id")[:most])


def assignees(version_id: int) -> dict[str, Me]:
    """Return angle -> reviewer of a version's newest submission; angles that nobody has are left out."""
    people = {one.credential_id: one for one in colleagues(Role.REVIEWER)}
    rows = ReviewTask.objects.filter(submission=newest(version_id)).order_by("id")
    return {row.angle: people[row.assignee_id] for row in rows if row.assignee_id in people}


def own_version_ids(author_id: int) -> set[int]:
    """Return the versions a person wrote."""
    return {row.version_id for row in catalogue.standings(author_id=author_id)}


def ready_version_ids() -> set[int]:
    """Return the versions in review whose four angles have passed."""
    return {row.version_id for row in catalogue.standings(state=IN_REVIEW) if board(row.version_id).may_publish}


def drafts_of(author_id: int) -> dict[str, int]:
    """Return how many drafts a person has, how many came back from review, how many findings wait for an answer, and how many
    published versions need a new one.
    """
    mine = catalogue.standings(state="DRAFT", author_id=author_id)
    ids = [row.version_id for row in mine]
    return {
        "drafts": len(mine),
        "returned": sum(row.submitted_at is not None for row in mine),
        "findings": Finding.objects.filter(version_id__in=ids, state=Finding.State.OPEN).count(),
        "to_renew": len(outcome_versions(ReReview.Outcome.CHANGE) & own_version_ids(author_id)),
    }


def outcome_versions(outcome: str) -> set[int]:
    """Return the published versions whose newest re-review ended so."""
    rows = ReReview.objects.filter(state=ReReview.State.DONE).order_by("version_id", "-at").distinct("version_id")
    found = {row.version_id for row in rows if row.outcome == outcome}
    return found & {row.version_id for row in catalogue.standings(state="PUBLISHED")} if found else found
