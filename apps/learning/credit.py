"""The plugs for `apps.plans`: what was learnt and confirmed, and when."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from apps.learning import queries
from apps.learning.models import StudySession
from apps.learning.quizzes import queries as quizzes
from apps.plans import api as plans


class EarnedCredit:
    """Fills `plans.CREDIT` with the measure of what each learner watched."""

    def earned_ms(self, *, learner_id: int, courseware_ids: Sequence[int]) -> dict[int, int]:
        """Return courseware id -> confirmed milliseconds."""
        return queries.earned_ms(learner_id=learner_id, courseware_ids=courseware_ids)

    def quizzes_done(self, *, learner_id: int, courseware_ids: Sequence[int]) -> frozenset[int]:
        """Return those coursewares that are quizzes and passed."""
        return quizzes.done(learner_id=learner_id, courseware_ids=courseware_ids)

    def held(self, *, learner_id: int, courseware_ids: Sequence[int]) -> frozenset[int]:
        """Return those coursewares that are proven to their ends and wait for their course's quiz."""
        known = queries.progress(learner_id=learner_id, courseware_ids=courseware_ids)
        return frozenset(key for key, one in known.items() if one.is_proven and not one.is_complete)


class StudiedWhen:
    """Fills `plans.SITTINGS` with the sittings of study sessions."""

    def sittings(self, *, learner_ids: Sequence[int], since: datetime, until: datetime) -> dict[int, list[plans.Sitting]]:
        """Return learner id -> sessions that touch [since, until), in one query."""
        rows = StudySession.objects.annotate(ended=Coalesce("closed_at", F("last_at")))
        rows = rows.filter(learner_id__in=learner_ids, opened_at__lt=until, ended__gt=since)
        found: dict[int, list[plans.Sitting]] = {}
        for row in rows.order_by("opened_at"):
            paid_ms = None if row.is_open else row.credited_ms
            found.setdefault(row.learner_id, []).append(plans.Sitting(row.opened_at, row.ended, paid_ms))
        return found
