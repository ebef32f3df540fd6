"""Writes steps of a notice, each as an event of the enterprise in the log of what went in and out, and tells its managers."""

from datetime import date, datetime

from infra.kit import identity
from public.audit import api as audit
from public.portal.models import Rectification, Step
from public.portal.ports import MANAGERS
from public.portal.shapes import Answerer, Asker
from tenants.api import Enterprise, enterprise_scope, site_by_schema

Kind = Step.Kind
SYSTEM = "system"
_WHAT = "rectification"


def by_authority(row: Rectification, kind: str, asker: Asker, *, text: str = "", due_on: date | None = None) -> None:
    """Write a step of the authority: it came in to the enterprise. The log gets number, state and day, none of the words."""
    _step(row, kind, asker.at, actor=asker.actor, name=row.organisation, text=text, due_on=due_on)
    audit.exchanged(
        f"regulator.rectification_{kind.lower()}",
        audit.Direction.IN,
        actor=asker.actor,
        target=_target(row),
        at=asker.at,
        ip=asker.ip,
        party=asker.party,
        what=_WHAT,
        schema_name=row.schema_name,
        number=row.number,
        state=row.state,
        due_on=row.due_on.isoformat(),
    )
    if kind != Kind.ATTACHED:  # with a new notice come its files, of which nobody is told one by one
        tell(row, kind, at=asker.at)


def by_enterprise(row: Rectification, kind: str, by: Answerer, *, text: str = "", rows: int | None = None) -> None:
    """Write a step of the enterprise: it went out to the authority. The manager's name has stars, for the authority reads it too."""
    _step(row, kind, by.at, actor=by.reference, name=identity.mask_name(by.name), text=text)
    audit.exchanged(
        f"regulator.rectification_{kind.lower()}",
        audit.Direction.OUT,
        actor=by.reference,
        target=_target(row),
        at=by.at,
        ip=by.ip,
        party=f"authority:{row.division_prefix}",
        what=_WHAT,
        rows=rows,
        schema_name=row.schema_name,
        number=row.number,
        state=row.state,
    )


def by_clock(row: Rectification, kind: str, *, at: datetime) -> None:
    """Write what came by itself, and tell the enterprise."""
    _step(row, kind, at, actor=SYSTEM)
    audit.record(
        f"regulator.rectification_{kind.lower()}",
        actor=SYSTEM,
        target=_target(row),
        at=at,
        schema_name=row.schema_name,
        number=row.number,
        due_on=row.due_on.isoformat(),
    )
    tell(row, kind, at=at)


def tell(row: Rectification, kind: str, *, at: datetime) -> None:
    """Tell the enterprise's managers, in the caller's transaction; nobody of a closed enterprise, which has no console any more."""
    site = site_by_schema(row.schema_name)
    if site is None or site.status == Enterprise.Status.CLOSED:
        return
    turn = row.round if kind == Kind.ATTACHED else row.steps.filter(kind=kind).count()
    with enterprise_scope(site):
        MANAGERS.get().tell(
            what="LATE" if kind == Kind.LATE_LONG else kind,
            rectification=row.uuid,
            number=row.number,
            organisation=row.organisation,
            due_on=row.due_on,
            turn=turn if kind != Kind.LATE_LONG else turn + 1000,
            at=at,
        )


def _step(
    row: Rectification, kind: str, at: datetime, *, actor: str, name: str = "", text: str = "", due_on: date | None = None
) -> None:
    Step.objects.create(rectification=row, at=at, kind=kind, actor=actor, name=name[:80], text=text[:2000], due_on=due_on)


def _target(row: Rectification) -> str:
    return f"rectification:{row.uuid}"
