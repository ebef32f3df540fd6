"""News of the record, sent when the transaction is done, within the enterprise; receivers may hear the same twice."""

from django.dispatch import Signal

correction_proposed = Signal()
"""A correction waits for a second person. Arguments: ``correction`` (uuid), ``subject`` (uuid), ``by`` (reference), ``at``."""
correction_decided = Signal()
"""Somebody decided. Arguments: ``correction``, ``subject``, ``state``, ``at``."""
package_made = Signal()
"""A package of files is there. Arguments: ``package`` (uuid), ``by`` (reference), ``files`` (how many), ``at``."""
ledger_grew = Signal()
"""Entries were added. No arguments; sent at least once for each transaction that added some."""
