"""What plans need from above."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from apps.people.api import Units
from apps.plans.shapes import ExamPolicy, ExamRule
from infra.kit.ports import Socket


class CreditSource(Protocol):
    """Knows what was learnt and confirmed."""

    def earned_ms(self, *, learner_id: int, courseware_ids: Sequence[int]) -> dict[int, int]:
        """Return courseware id -> confirmed milliseconds, repeats not counted; unknown ones may be absent."""

    def quizzes_done(self, *, learner_id: int, courseware_ids: Sequence[int]) -> frozenset[int]:
        """Return those coursewares that are quizzes and passed; they earn no time."""

    def held(self, *, learner_id: int, courseware_ids: Sequence[int]) -> frozenset[int]:
        """Return those coursewares that are learnt and proven and count for nothing before their course's quiz is passed."""


@dataclass(frozen=True, slots=True)
class Span:
    """What figures are asked about: moments ``[since, until)``, people of ``within``, one plan or all."""

    since: datetime
    until: datetime
    within: Units = None
    plan_id: int | None = None


@dataclass(frozen=True, slots=True)
class VoidSum:
    """Voids of one reason: how many, their time, and how much of it decisions gave back; in ms."""

    reason: str
    count: int
    ms: int
    restored_ms: int


@dataclass(frozen=True, slots=True)
class Alerts:
    """Doubts about learning within a span: voids by reason, and how many sittings had a high score of signals."""

    voids: list[VoidSum]
    sessions: int


@dataclass(frozen=True, slots=True)
class StudyDay:
    """Sittings begun on one day: their confirmed ms, and how many had a high score of signals."""

    ms: int
    odd: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a manager now: locked learners, appeals against voids."""

    locked: int
    appeals: int


class StudySource(Protocol):
    """Knows when people studied, and what was odd about it."""

    def days(self, span: Span) -> dict[date, StudyDay]:
        """Return day in Zhejiang -> its sittings, in one query; days without any are absent."""

    def voids(self, span: Span) -> list[VoidSum]:
        """Return what was voided, the commonest reason first, in one query."""

    def waiting(self, within: Units) -> Waiting:
        """Return what waits for a manager of these units, in two queries."""

    def studied_ms(self, *, learner_id: int, assignment_id: int, since: datetime) -> int:
        """Return how long the learner played lessons of an assignment in sittings begun since then, on the server's clock: also
        of what was learnt before and earns nothing more; in one query.
        """


@dataclass(frozen=True, slots=True)
class ExamSums:
    """Tries handed in. ``bands``: lower end of ten points -> tries, e.g. ``{80: 3, 90: 5}``; ``mean`` None without any."""

    tries: int
    passed: int
    people: int
    mean: float | None
    bands: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExamTry:
    """One try handed in."""

    assignment_id: int
    number: int
    at: datetime
    score: int
    passed: bool


class ExamSource(Protocol):
    """Knows how exams went."""

    def sums(self, span: Span) -> ExamSums:
        """Return how the tries of a span went, in at most two queries."""

    def tries(self, assignment_ids: Iterable[int]) -> list[ExamTry]:
        """Return the tries handed in for these assignments, by assignment and number, in one query."""


@dataclass(frozen=True, slots=True)
class PaperOffer:
    """A paper as a plan takes it over: ``uuid`` and ``number`` of a revision, and the numbers that the plan's own begin with."""

    uuid: UUID
    title: str
    number: int
    questions: int
    points: int
    pass_score: int
    minutes: int
    tries: int
    policy: ExamPolicy
    is_drawn: bool


class PaperSource(Protocol):
    """Knows the papers, and whether they can be held."""

    def offers(self) -> list[PaperOffer]:
        """Return the papers that a plan may take, by title, in one query."""

    def offer(self, uuid: UUID) -> PaperOffer:
        """Return one paper, also an older revision or a retired one that a plan still holds.

        :raises DomainError: 404 ``not_found``
        """

    def newest(self, uuid: UUID) -> UUID:
        """Return the newest revision of the paper that has this one.

        :raises DomainError: 404 ``not_found``
        """

    def check(self, rule: ExamRule) -> None:
        """Refuse, in words, an exam that could not be drawn for somebody.

        :raises DomainError: 404 ``not_found``; ``bank_too_small``, ``paper_gone``, ``score_too_small``
        """

    def take(self, uuid: UUID, *, at: datetime) -> PaperOffer:
        """Return a paper that a plan takes over within the running transaction; from then on this revision never changes.

        :raises DomainError: 404 ``not_found``
        """


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table of a report; ``widths`` are shares, one for each column."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


@dataclass(frozen=True, slots=True)
class Report:
    """A document of facts and tables; every value a text as it shall appear."""

    title: str
    subtitle: str
    summary: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[ReportTable]
    foot: str


class ReportPrinter(Protocol):
    """Lays reports out."""

    def report(self, report: Report) -> bytes:
        """Return pages of A4 as PDF."""


class EvaluationSource(Protocol):
    """Knows how courses were rated."""

    def ratings(self, version_ids: Iterable[int], *, learner_ids: Iterable[int]) -> dict[int, tuple[int, float | None]]:
        """Return version -> (how many of these people rated it, mean of the stars 1-5), in one query; the mean is None where so few
        rated that it would say who gave it.
        """


CREDIT: Socket[CreditSource] = Socket("plans.CREDIT")
STUDY: Socket[StudySource] = Socket("plans.STUDY")
EXAMS: Socket[ExamSource] = Socket("plans.EXAMS")
PAPERS: Socket[PaperSource] = Socket("plans.PAPERS")
REPORTS: Socket[ReportPrinter] = Socket("plans.REPORTS")
EVALUATIONS: Socket[EvaluationSource] = Socket("plans.EVALUATIONS")
