"""News of enterprises for the rooms above, sent after the commit while standing on the platform. Receivers may run twice."""

from django.db import transaction
from django.dispatch import Signal

status_changed = Signal()
"""An enterprise was suspended, reopened, is closing, or was closed. Arguments: ``schema``, ``former``, ``status``, ``words``, ``turn`` (id)."""

verification_decided = Signal()
"""Papers were approved or refused. Arguments: ``schema``, ``verification`` (UUID), ``approved`` (bool)."""

visit_changed = Signal()
"""An operator asks for a visit, or entered. Arguments: ``schema``, ``visit`` (UUID), ``what`` ("asked" or "entered")."""

retention_ends = Signal()
"""The last day on which a closed enterprise's records are kept comes near: sent within the transaction that notes it, so that what is noted was
told; a receiver that raises undoes it, and the next night tells again. Arguments: ``schema``, ``kept_until`` (date), ``closure`` (UUID)."""

reopening = Signal()
"""A closed enterprise is opened again: sent within the transaction, standing on the platform; a receiver that raises undoes it. Arguments:
``enterprise`` (row), ``at``."""


def tell(signal: Signal, **news: object) -> None:
    """Send news once the caller's transaction is committed; a receiver that fails keeps it from no other, and undoes nothing."""
    transaction.on_commit(lambda: signal.send_robust(sender=None, **news))
