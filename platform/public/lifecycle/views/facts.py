"""What the page of a closed enterprise shows besides: how long it is kept, what stands in the way, who asked for what."""

from datetime import datetime
from typing import Any

from django.conf import settings

from infra.kit import clock
from public.lifecycle import changes, guards, holding, queries, reopening
from public.lifecycle.destruction import planning
from public.lifecycle.forms import DecideForm, DestroyForm, HoldForm, ReasonForm, ReopenForm
from public.lifecycle.models import LifeChange
from public.lifecycle.rules import is_near, is_over
from public.operators.api import Me
from tenants.models import Enterprise


def closed_facts(row: Enterprise, me: Me, *, at: datetime, **forms: Any) -> dict[str, Any]:
    """Return the values of `_closed.html`; of one whose data were destroyed only the destruction."""
    today, closure, destruction = clock.shanghai_date(at), queries.closure(row.pk), planning.of(row.pk)
    values: dict[str, Any] = {
        "destruction": destruction,
        "backup_days": settings.BACKUP_DAYS,
        "stop_form": forms.get("stop_form") or ReasonForm(),
    }
    if row.destroyed_at is not None or closure is None or closure.kept_until is None:
        return values
    change = changes.open_of(row.pk, at=at)
    return values | {
        "days_left": (closure.kept_until - today).days,
        "days_over": (today - closure.kept_until).days,
        "is_over": is_over(closure.kept_until, today=today),
        "is_near": is_near(closure.kept_until, today=today),
        "blockers": guards.standing(row, on=today),
        "change": change,
        "change_is_own": change is not None and change.asked_by == me.credential_id,
        "change_reopens": change is not None and change.kind == LifeChange.Kind.REOPEN,
        "returning": reopening.returning(row),
        "holds": holding.standing(row, on=today),
        "reopen_form": forms.get("reopen_form") or ReopenForm(),
        "destroy_form": forms.get("destroy_form") or DestroyForm(),
        "decide_form": forms.get("decide_form") or DecideForm(),
        "hold_form": forms.get("hold_form") or HoldForm(),
        "lift_form": forms.get("lift_form") or ReasonForm(auto_id="lift_%s"),
        "open_form": next((name for name in ("hold_form", "lift_form") if name in forms), ""),
    }
