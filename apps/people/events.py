"""News of people, sent when the transaction is done. Receivers may run twice and must not mind."""

from django.db import transaction
from django.dispatch import Signal

face_checked = Signal()
"""A face check has an outcome other than pending, or a manager has decided a review.

Arguments: ``check`` (UUID), ``learner_id`` (int), ``purpose``, ``about`` (as handed in), ``outcome`` ("pass", "retry", "review",
"fail"), ``at`` (when it was judged). Sent in the process that judged, mostly a face worker, within the enterprise; also for checks
whose caller got the outcome directly.
"""

learner_archived = Signal()
"""A learner was taken off the books. Arguments: ``learner_id`` (int), ``at``. Sent within the enterprise."""

learners_changed = Signal()
"""Somebody came on the books or came back, or has another unit, post or role; or units were moved, or hazards of posts written
down. No arguments: whoever wants to know who it is looks. Sent once for a transaction, within the enterprise.
"""


request_overdue = Signal()
"""A request about one's own data was not answered in time: for whoever takes complaints. Arguments: ``request`` (UUID), ``at``. Sent
within the enterprise, in every round of the watch until it is answered: whoever listens takes it once.
"""


def tell_learners_changed() -> None:
    """Send ``learners_changed`` when the transaction is done, once however often it is told."""
    if not any(entry[1] is _send_learners_changed for entry in transaction.get_connection().run_on_commit):
        transaction.on_commit(_send_learners_changed)


def _send_learners_changed() -> None:
    learners_changed.send_robust(sender=None)
