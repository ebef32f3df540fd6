"""The locks under which proofs, voids and corrections move a learner's pay.

Order everywhere: the person's lease, the learner's sessions by id, the learner's proofs, the person's day, the ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from apps.learning import spans
from apps.learning.models import Coverage, PresenceCheck, ProofState, StudySession
from apps.learning.spans import Spans


@dataclass(slots=True)
class Held:
    """A learner's locked rows: sessions that are open or have provisional pay, and the state of proofs."""

    sessions: list[StudySession]
    state: ProofState

    @property
    def open_session(self) -> StudySession | None:
        """The session that still earns, if any."""
        return next((row for row in self.sessions if row.is_open), None)

    @property
    def provisional(self) -> list[StudySession]:
        """The sessions with pay that awaits a proof."""
        return [row for row in self.sessions if row.provisional]

    def session(self, session_id: int) -> StudySession | None:
        """Return one of the held sessions."""
        return next((row for row in self.sessions if row.pk == session_id), None)


def hold(learner_id: int, *, also: Iterable[int] = ()) -> Held:
    """Lock what a proof or a void moves, within the caller's transaction.

    :param also: ids of further sessions of the learner to lock
    """
    wanted = Q(closed_at=None) | ~Q(provisional=()) | Q(pk__in=list(also))
    rows = StudySession.objects.select_for_update().filter(wanted, learner_id=learner_id).order_by("id")
    return Held(list(rows), state_of(learner_id))


def state_of(learner_id: int) -> ProofState:
    """Lock and return where a learner stands with proofs; a first visit begins the row."""
    ProofState.objects.get_or_create(learner_id=learner_id)
    return ProofState.objects.select_for_update().get(learner_id=learner_id)


def open_check(learner_id: int) -> PresenceCheck | None:
    """Return the learner's open check; the state of proofs must be held."""
    return PresenceCheck.objects.select_for_update().filter(learner_id=learner_id, outcome="").first()


def coverage_of(learner_id: int, courseware_id: int) -> Coverage:
    """Lock and return what a learner has watched of one courseware."""
    return Coverage.objects.select_for_update().get(learner_id=learner_id, courseware_id=courseware_id)


def by_courseware(rows: Iterable[StudySession]) -> dict[int, Spans]:
    """Return the provisional spans of sessions by courseware, in its order of id."""
    found: dict[int, Spans] = {}
    for row in rows:
        found[row.courseware_id] = spans.union(found.get(row.courseware_id, ()), row.provisional)
    return dict(sorted(found.items()))
