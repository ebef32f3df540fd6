"""News of people, sent when the transaction is done. Receivers may run twice and must not mind."""

from django.dispatch import Signal

face_checked = Signal()
"""A face check has an outcome other than pending, or a manager has decided a review.

Arguments: ``check`` (UUID), ``learner_id`` (int), ``purpose``, ``about`` (as handed in), ``outcome`` ("pass", "retry", "review",
"fail"), ``at`` (when it was judged). Sent in the process that judged, mostly a face worker, within the enterprise; also for checks
whose caller got the outcome directly.
"""

learner_archived = Signal()
"""A learner was taken off the books. Arguments: ``learner_id`` (int), ``at``. Sent within the enterprise."""
