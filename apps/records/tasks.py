"""Doorbells of the record."""

import logging

from celery import shared_task

from apps.records.sealing import sealing
from infra.kit import clock
from infra.kit.notes import NoteSigner
from public.seals import api as seals
from tenants.api import each_enterprise, platform_scope

log = logging.getLogger("anxue.records")


def _signers() -> list[NoteSigner]:
    with platform_scope():
        return list(seals.signers(at=clock.now()))


@shared_task(name="records.seal")
def seal() -> int:
    """Seal what is new in this enterprise's ledger; returns how many entries. Safe to ring twice."""
    return sealing.seal(signers=_signers(), at=clock.now()).added


@shared_task(name="records.seal_everywhere")
def seal_everywhere() -> int:
    """The same in every enterprise, for rings that were lost. Runs on the platform. One that cannot be sealed does not stop the others."""
    signers, added = _signers(), 0
    for site in each_enterprise(include_suspended=True):
        try:
            added += sealing.seal(signers=signers, at=clock.now(), everything=True).added
        except Exception:
            log.exception("the ledger of %s was not sealed", site.schema_name)
    return added
