"""News of appeals for the rooms above, which may not be imported from here."""

from django.dispatch import Signal

case_decided = Signal()
"""Sent after commit when operations decided a case, and again until the enterprise has noted it. Arguments: ``case`` (UUID),
``schema`` (the enterprise's schema). Receivers may run twice."""
