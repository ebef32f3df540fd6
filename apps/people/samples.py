"""Made-up people to try things with: marked, and gone again without a trace.

A sample has no number that somebody could have and no way in. So it never studies, sits no exam, gets no certificate, and nothing
about it enters what only grows (ledger, feed, history). Whatever counts or reports people asks `belonging.real`.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy as _

from apps.people import sealing
from apps.people.models import Learner, Membership, Qualification, Unit
from infra.kit.errors import DomainError

_NOTHING = "—"
"""Stands sealed where a person has a number."""


@dataclass(frozen=True, slots=True)
class RemovedSamples:
    """What :func:`remove_samples` did; ``kept``: names of samples that something else hangs on, and of units with real people."""

    people: int
    kept: list[str]


def has_samples() -> bool:
    """Return whether there are samples on the books."""
    return Learner.objects.filter(sample=True, status=Learner.Status.ACTIVE).exists()


@transaction.atomic
def add_samples(*, unit: str, people: Sequence[tuple[str, str]], at: datetime) -> list[int]:
    """Add made-up people in a unit of their own; returns their ids in the order given.

    :param people: (name, position)
    :raises DomainError: 409 ``has_samples``
    """
    if has_samples():
        raise DomainError("has_samples", _("示例数据已经在了，可以先移除再重新载入。"), status=409)
    home, _made = Unit.objects.get_or_create(parent=None, name=unit, defaults={"sample": True})
    rows = [_sample(name, position, home, at) for name, position in people]
    return [row.pk for row in Learner.objects.bulk_create(rows)]


def _sample(name: str, position: str, unit: Unit, at: datetime) -> Learner:
    return Learner(
        name=name,
        id_sealed=sealing.seal(_NOTHING, sealing.ID),
        person_key=secrets.token_hex(32),
        mobile_sealed=sealing.seal(_NOTHING, sealing.MOBILE),
        mobile_index=secrets.token_hex(32),
        sex="M",
        unit=unit,
        position=position,
        sample=True,
        created_at=at,
    )


@transaction.atomic
def remove_samples() -> RemovedSamples:
    """Remove the samples and their unit. What real people were mixed into stays: their unit is then an ordinary one.

    A sample on which rows of other rooms hang is archived instead.
    """
    rows = list(Learner.objects.select_for_update().filter(sample=True).order_by("pk"))
    Membership.objects.filter(learner__in=rows).delete()
    Qualification.objects.filter(learner__in=rows).delete()
    removed, kept = 0, []
    for row in rows:
        if is_removable([row], along=[Learner]):
            row.delete()
            removed += 1
        else:
            Learner.objects.filter(pk=row.pk).update(status=Learner.Status.ARCHIVED, unit=None)
            kept.append(row.name)
    for unit in Unit.objects.select_for_update().filter(sample=True):
        if is_removable([unit], along=[Unit]):
            unit.delete()
        else:
            Unit.objects.filter(pk=unit.pk).update(sample=False)
            kept.append(unit.name)
    return RemovedSamples(removed, kept)


def is_removable(rows: Sequence[Model], *, along: Iterable[type[Model]]) -> bool:
    """Return whether nothing but rows of ``along`` would go or change with ``rows``, whichever room the others belong to."""
    collector = Collector(using=DEFAULT_DB_ALIAS)
    try:
        collector.collect(rows)
    except (ProtectedError, RestrictedError):
        return False
    allowed = set(along)
    changed = any(bool(objs) for group in collector.field_updates.values() for objs in group)
    if changed or not set(collector.data) <= allowed:
        return False
    return not any(found.exists() for found in collector.fast_deletes if found.model not in allowed)
