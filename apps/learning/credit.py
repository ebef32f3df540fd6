"""The plug for `apps.plans`: what was learnt and confirmed."""

from collections.abc import Sequence

from apps.learning import queries


class EarnedCredit:
    """Fills `plans.CREDIT` with the measure of what each learner watched."""

    def earned_ms(self, *, learner_id: int, courseware_ids: Sequence[int]) -> dict[int, int]:
        """Return courseware id -> confirmed milliseconds."""
        return queries.earned_ms(learner_id=learner_id, courseware_ids=courseware_ids)
