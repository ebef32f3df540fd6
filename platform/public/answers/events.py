"""News of answers for the rooms above, which may not be imported from here."""

from django.dispatch import Signal

proposal_decided = Signal()
"""Sent after commit when the platform decided about a proposal or took an answer down, and again until the enterprise has noted it.
Arguments: ``proposal`` (UUID), ``schema`` (the enterprise's schema). Receivers may run twice."""
