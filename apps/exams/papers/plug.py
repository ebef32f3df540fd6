"""Fills the socket ``PAPERS`` of plans."""

from datetime import datetime
from uuid import UUID

from apps.exams.papers import queries, services
from apps.exams.papers.models import PaperRevision
from apps.plans.api import ExamPolicy, ExamRule, PaperOffer


class Papers:
    """Plug for `apps.plans.ports.PAPERS`."""

    def offers(self) -> list[PaperOffer]:
        """Return the papers that a plan may take, by title."""
        return [_offer(row) for row in queries.listed(sort="title")]

    def offer(self, uuid: UUID) -> PaperOffer:
        """Return one paper in the revision that is named."""
        return _offer(queries.revision(uuid))

    def newest(self, uuid: UUID) -> UUID:
        """Return the newest revision of the paper that has this one."""
        return queries.paper(queries.revision(uuid).paper.uuid).uuid

    def check(self, rule: ExamRule) -> None:
        """Refuse, in words, an exam that could not be drawn for somebody."""
        services.check(rule=rule)

    def take(self, uuid: UUID, *, at: datetime) -> PaperOffer:
        """Return a paper that a plan takes over; this revision never changes any more."""
        return _offer(services.take(revision=uuid, at=at))


def _offer(row: PaperRevision) -> PaperOffer:
    return PaperOffer(
        uuid=row.uuid,
        title=row.title,
        number=row.number,
        questions=row.questions,
        points=row.points,
        pass_score=row.pass_score,
        minutes=row.minutes,
        tries=row.tries,
        policy=ExamPolicy.read(row.policy),
        is_drawn=row.mode == PaperRevision.Mode.DRAWN,
    )
