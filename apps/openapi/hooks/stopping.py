"""Stopping by ourselves: a hook that took nothing for days, or said that it is gone, is switched off, and managers are told."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.openapi.hooks import addressing, rules
from apps.openapi.models import Hook, HookDelivery
from apps.people import api as people
from public.audit import api as audit


@transaction.atomic
def note_failure(hook_id: int, *, code: str, at: datetime, is_down: bool = False, after_s: int = 0) -> bool:
    """Write down that a hook did not take a delivery; returns whether it was switched off for that.

    :param is_down: nobody answered, or asked to be left alone: its other news wait too
    :param after_s: for how long it asked, 0 where it did not
    """
    row = Hook.objects.select_for_update().get(pk=hook_id)
    if not row.is_on:
        return False
    since = row.failing_since or at
    is_over = code == "gone" or at - since >= rules.STOP_AFTER
    if row.failing_since is None or is_over:
        row.failing_since = since
        row.is_on, row.off_reason = not is_over, "gone" if code == "gone" else "failing" if is_over else ""
        row.save(update_fields=["failing_since", "is_on", "off_reason"])
    if is_down and not is_over:
        until = at + max(rules.pause(at - since), min(timedelta(seconds=after_s), rules.LONGEST_WAIT))
        open_ones = [HookDelivery.State.WAITING, HookDelivery.State.FAILED]
        HookDelivery.objects.filter(hook=row, state__in=open_ones, next_at__lt=until).update(next_at=until)
    if is_over:
        addressing.give_up(row, code="hook_off")
        audit.record("openapi.hook_stopped", actor="system", target=f"hook:{row.uuid}", at=at, reason=row.off_reason)
        people.notify_all(
            kind="openapi.hook_stopped",
            manager_ids=people.managers_who(people.Permission.INTERFACES_CHANGE),
            context={"hook": str(row.uuid), "name": row.name},
            at=at,
            about=f"hook:{row.uuid}/{since.date().isoformat()}",
        )
    return is_over
