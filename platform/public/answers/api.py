"""Front door of answers for everybody."""

from public.answers.events import proposal_decided
from public.answers.finding import asked, common, enough, kept
from public.answers.models import Proposal
from public.answers.queries import count_shared, proposal, shared
from public.answers.services import note_told, propose, pull_back
from public.answers.shapes import Place, ProposalView, SharedAnswer

ASK, SHARE = Proposal.Kind.ASK.value, Proposal.Kind.SHARE.value

__all__ = [
    "ASK",
    "SHARE",
    "Place",
    "ProposalView",
    "SharedAnswer",
    "asked",
    "common",
    "count_shared",
    "enough",
    "kept",
    "note_told",
    "proposal",
    "proposal_decided",
    "propose",
    "pull_back",
    "shared",
]
