"""The doorbell for proposals that concern many tries."""

from tenants.ringing import ring_later

AT_ONCE = 20
"""Tries that are corrected within the request; more are left to a worker."""


def ring(proposal_id: int) -> None:
    """Wake a worker after the commit. Without a broker nothing is lost: the schedule looks for unfinished proposals."""
    from apps.exams.marking.tasks import carry_out

    ring_later(carry_out, proposal_id)
