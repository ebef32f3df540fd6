"""Rows of the help desk. They are the platform's alone: no enterprise has a right to any of them."""

from public.helpdesk.models.duty import Handover, Shift
from public.helpdesk.models.faq import Article, Audience, Edition, Gap, Passage, Tally, Vote
from public.helpdesk.models.tickets import Canned, Promise, Step, Ticket, Urgency

__all__ = [
    "Article",
    "Audience",
    "Canned",
    "Edition",
    "Gap",
    "Handover",
    "Passage",
    "Promise",
    "Shift",
    "Step",
    "Tally",
    "Ticket",
    "Urgency",
    "Vote",
]
