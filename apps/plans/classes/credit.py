"""What confirmed classes count for an assignment; reads only, so that plans may ask while a class is being confirmed."""

from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.plans.classes.models import Blend, OfflineClass, Seat

_CONFIRMED = OfflineClass.State.CONFIRMED


def offline_ms(learner_id: int, plan_id: int) -> int:
    """Return confirmed attendance of a learner in the classes of a plan, in ms."""
    rows = Seat.objects.filter(learner_id=learner_id, klass__plan_id=plan_id, klass__state=_CONFIRMED)
    return int(rows.aggregate(ms=Sum("credit_ms"))["ms"] or 0)


def offline_of_assignment() -> Coalesce:
    """Return the same as an expression for rows of `Assignment`."""
    rows = Seat.objects.filter(learner_id=OuterRef("learner_id"), klass__plan_id=OuterRef("plan_id"), klass__state=_CONFIRMED)
    total = rows.order_by().values("learner_id").annotate(ms=Sum("credit_ms")).values("ms")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def due_of_assignment() -> Coalesce:
    """Return what the plan wants to be earned in classes as an expression for rows of `Assignment`; 0 where it names nothing."""
    rows = Blend.objects.filter(plan_id=OuterRef("plan_id")).values("offline_ms")
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


def counted_ms(offline_ms: int, due_ms: int, required_ms: int) -> int:
    """Return what of the confirmed classes counts in a plan: at most its offline part, or its hours where it names no such part."""
    return min(offline_ms, due_ms or required_ms)


def code(seat: Seat) -> str:
    """Return how a certificate calls a class, told apart from codes of courses."""
    return f"线下 {seat.klass.number}"


def attended(learner_id: int, plan_id: int) -> list[Seat]:
    """Return the seats of a learner in the plan's confirmed classes that count something, oldest first, with trainer."""
    rows = Seat.objects.filter(learner_id=learner_id, klass__plan_id=plan_id, klass__state=_CONFIRMED, credit_ms__gt=0)
    return list(rows.select_related("klass__trainer").order_by("klass__starts_at", "id"))
