"""Doorbells of the record."""

from uuid import UUID

from celery import shared_task

from apps.records.archives import building, packages
from apps.records.retention import keeping, making, orders
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


@shared_task(name="records.keep")
def keep() -> int:
    """Pack, erase and destroy what is old enough in this enterprise; returns how many packages were made. Safe to ring twice."""
    return keeping.keep(signers=_signers(), at=clock.now()).packages


@shared_task(name="records.keep_everywhere")
def keep_everywhere() -> int:
    """Ring the same in every enterprise, so that a large one stops nobody; returns how many. Runs on the platform."""
    return everywhere(lambda: bool(keep.delay()), include_suspended=True)


@shared_task(name="records.carry_out")
def carry_out(order: str) -> str:
    """Make the file of one order; returns the state it ended in. Safe to ring twice."""
    return making.carry_out(UUID(order), signers=_signers(), at=clock.now()).state


@shared_task(name="records.forget_orders")
def forget_orders() -> int:
    """Remove the files of orders whose time is over, in every enterprise."""
    return everywhere(lambda: orders.forget_old(at=clock.now()), include_suspended=True)
