"""News of other rooms that a sitting acts on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.exams.sitting import proving
from apps.people.events import face_checked


@receiver(face_checked, dispatch_uid="take in the face check of an exam")
def take_in_face(*, check: UUID, learner_id: int, about: str, outcome: str, at: datetime, **news: Any) -> None:
    """Log what a face worker or a manager has found of a face that an exam did not wait for."""
    attempt = proving.attempt_named(about)
    if attempt is not None:
        proving.take_in(attempt_uuid=attempt, learner_id=learner_id, check=check, outcome=outcome, at=at)
