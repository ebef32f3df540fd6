"""What the partner says of each record: accepted, known already, or rejected with a reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from infra.kit.exchange.documents import Receipt
from public.audit import api as audit
from public.regulators.exchange.models import Delivery, Parcel, Partner

State = Delivery.State


def apply(partner: Partner, receipts: Sequence[Receipt], *, at: datetime) -> int:
    """Write receipts down; return how many changed anything. Unknown ids and records of other partners change nothing; repeating is harmless.

    A record that was accepted stays so: a rejection that comes later is kept as its reason, for somebody to look at.
    """
    by_id = {found: one for one in receipts if (found := _uuid(one.id))}
    rows = list(
        Delivery.objects.select_for_update(of=("self",))
        .filter(partner=partner, record__uuid__in=list(by_id))
        .select_related("record")
        .order_by("pk")
    )
    changed = [row for row in rows if _apply(row, by_id[row.record.uuid], at)]
    Delivery.objects.bulk_update(changed, ["state", "code", "reason", "told_at"], batch_size=500)
    return len(changed)


def _apply(row: Delivery, receipt: Receipt, at: datetime) -> bool:
    state = State.ACCEPTED if receipt.is_there or row.state == State.ACCEPTED else State.REJECTED
    said = (state, receipt.code[:40], receipt.reason[:500])
    if (row.state, row.code, row.reason) == said:
        return False
    row.state, row.code, row.reason = said
    row.told_at = at
    return True


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@transaction.atomic
def settle(partner: Partner, parcel: Parcel, receipts: Sequence[Receipt], *, is_later: bool, at: datetime) -> bool:
    """Write the answer to a parcel down; return whether it is done. Records without a receipt are sent again by the same message."""
    apply(partner, receipts, at=at)
    left = Delivery.objects.filter(parcel=parcel, state=State.SENT).exists()
    if left and not is_later:
        return False
    parcel.state, parcel.done_at, parcel.problem = Parcel.State.DONE, at, ""
    parcel.save(update_fields=["state", "done_at", "problem"])
    return True


@transaction.atomic
def resend(rows: QuerySet[Delivery], *, actor: str, target: str, at: datetime, ip: str | None = None) -> int:
    """Let records go out again, in new parcels under their old numbers and ids; return how many. Those under way stay where they are."""
    wanted = rows.exclude(state__in=[State.WAITING, State.SENT]).values("pk")
    locked = list(Delivery.objects.select_for_update().filter(pk__in=wanted).values_list("pk", flat=True))
    count = Delivery.objects.filter(pk__in=locked).update(state=State.WAITING, parcel=None, code="", reason="", told_at=None)
    if count:
        audit.record("exchange.resent", actor=actor, target=target, at=at, ip=ip, records=count)
    return count


@transaction.atomic
def resend_ids(partner: Partner, ids: Iterable[str], *, at: datetime) -> int:
    """Let those records go out again that the partner says it lacks, whatever it said before; return how many.

    What is still under way in an open parcel is left alone: that is sent again anyhow.
    """
    wanted = [found for text in ids if (found := _uuid(text))]
    rows = Delivery.objects.filter(partner=partner, record__uuid__in=wanted)
    lost = rows.filter(state=State.SENT).exclude(parcel__state=Parcel.State.OPEN).values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(lost)).update(state=State.STUCK)
    return resend(rows, actor=f"partner:{partner.uuid}", target=f"partner:{partner.uuid}", at=at)
