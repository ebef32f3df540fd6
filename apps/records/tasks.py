"""Doorbells of the record."""

from uuid import UUID

from celery import shared_task

from apps.records.archives import building, packages
from apps.records.sealing import sealing
from infra.kit import clock
from infra.kit.notes import NoteSigner
from public.seals import api as seals
from tenants.api import everywhere, platform_scope


def _signers() -> list[NoteSigner]:
    with platform_scope():
        return list(seals.signers(at=clock.now()))


@shared_task(name="records.seal")
def seal() -> int:
    """Seal what is new in this enterprise's ledger; returns how many entries. Safe to ring twice."""
    return sealing.seal(signers=_signers(), at=clock.now()).added


@shared_task(name="records.seal_everywhere")
def seal_everywhere() -> int:
    """The same in every enterprise, for rings that were lost. Runs on the platform."""
    signers = _signers()
    return everywhere(lambda: sealing.seal(signers=signers, at=clock.now(), everything=True).added, include_suspended=True)


@shared_task(name="records.build_archives")
def build_archives(package: str) -> str:
    """Make one package of files; returns the state it ended in. Safe to ring twice."""
    return building.build(UUID(package), at=clock.now()).state


@shared_task(name="records.forget_archives")
def forget_archives() -> int:
    """Remove packages whose time is over, in every enterprise."""
    return everywhere(lambda: packages.forget_old(at=clock.now()), include_suspended=True)
