"""Reads of certificates: what they say, and what they are worth on a day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from apps.records.certificates.models import Certificate, Revocation
from apps.records.certificates.shapes import CertificateView, Standing
from infra.kit.errors import DomainError
from public.regulators import api as regulators
from public.regulators.api import State

SOON = timedelta(days=60)
"""A certificate that ends within so many days is told apart."""


def certificate_view(row: Certificate) -> CertificateView:
    """Return the view of a row."""
    return CertificateView(
        row.pk, row.uuid, row.number, row.code, row.subject, row.body, row.listing["fingerprint"], row.issued_at, row.issued_for
    )


def certificates_of(subject: UUID) -> list[CertificateView]:
    """Return a learner's certificates, newest first."""
    return [certificate_view(row) for row in Certificate.objects.filter(subject=subject).order_by("-issued_at", "-serial")]


def certificates(ids: Sequence[int]) -> dict[int, CertificateView]:
    """Return certificates by id; unknown ids are absent."""
    return {row.pk: certificate_view(row) for row in Certificate.objects.filter(pk__in=ids)}


def certificate(uuid: UUID) -> CertificateView:
    """Return one certificate.

    :raises DomainError: ``not_found`` (404)
    """
    row = Certificate.objects.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有这份证明，请核对链接。"), status=404)
    return certificate_view(row)


def standings(views: Iterable[CertificateView], *, on: date) -> dict[str, Standing]:
    """Return code -> what each certificate is worth on a day, in one query."""
    known = {view.code: view for view in views}
    told = regulators.changes_of(set(known)) if known else {}
    kinds = regulators.CertificateChange.Kind
    found = {}
    for code, view in known.items():
        mine = {one.kind: one for one in told.get(code, [])}
        state = regulators.state_of(changes=set(mine), valid_until=view.valid_until, on=on)
        found[code] = Standing(state, mine.get(kinds.REVOKED), mine.get(kinds.RENEWED), mine.get(kinds.REPLACED))
    return found


def with_state(rows: QuerySet[Any], *, at: str = "") -> QuerySet[Any]:
    """Return rows annotated with ``is_revoked``, ``is_renewed`` and ``valid_until`` (text, None for ever).

    :param at: path from the rows to their certificate, e.g. ``certificate__``
    """
    kinds = regulators.CertificateChange.Kind
    told: QuerySet[Any] = rows.annotate(
        is_revoked=regulators.has_change(kinds.REVOKED, f"{at}code"),
        is_renewed=regulators.has_change(kinds.RENEWED, f"{at}code"),
        valid_until=KeyTextTransform("valid_until", f"{at}body"),
    )
    return told


def in_state(state: str, *, on: date) -> Q:
    """Return the condition on rows of :func:`with_state`: a `State`, or ``SOON`` for those that end within 60 days."""
    if state == State.REVOKED:
        return Q(is_revoked=True)
    if state == State.RENEWED:
        return Q(is_revoked=False, is_renewed=True)
    alive = Q(is_revoked=False, is_renewed=False)
    today = on.isoformat()
    if state == State.EXPIRED:
        return alive & Q(valid_until__lt=today)
    if state == "SOON":
        return alive & Q(valid_until__gte=today, valid_until__lte=(on + SOON).isoformat())
    return alive & (Q(valid_until__isnull=True) | Q(valid_until__gte=today))


def state_in(row: Any, *, on: date) -> State:
    """Return the state of a row of :func:`with_state`."""
    kinds = regulators.CertificateChange.Kind
    told = {kind for kind, said in ((kinds.REVOKED, row.is_revoked), (kinds.RENEWED, row.is_renewed)) if said}
    return regulators.state_of(changes={str(kind) for kind in told}, valid_until=row.valid_until, on=on)


def ends_soon(row: Any, *, on: date) -> bool:
    """Say whether a row of :func:`with_state` is valid and ends within 60 days."""
    return state_in(row, on=on) == State.VALID and bool(row.valid_until) and row.valid_until <= (on + SOON).isoformat()


def counts(rows: QuerySet[Any], *, on: date) -> dict[str, int]:
    """Return how many rows of :func:`with_state` are in each state, in one query: ``VALID``, ``SOON`` (of them), ``EXPIRED``, ``RENEWED``, ``REVOKED``."""
    named = {state: Count("pk", filter=in_state(state, on=on)) for state in ("VALID", "SOON", "EXPIRED", "RENEWED", "REVOKED")}
    return dict(rows.order_by().aggregate(**named))


def revocations(certificate_id: int) -> list[Revocation]:
    """Return what was proposed about a certificate, newest first."""
    return list(Revocation.objects.filter(certificate_id=certificate_id).order_by("-proposed_at", "-pk"))


def waiting() -> QuerySet[Revocation]:
    """Return the proposals that wait for a second manager, oldest first, certificate loaded."""
    rows = Revocation.objects.filter(state=Revocation.State.PROPOSED).select_related("certificate")
    return rows.order_by("proposed_at", "pk")


def subjects_of_number(text: str) -> list[UUID]:
    """Return the learners whose certificates' numbers hold ``text``; at most 200."""
    rows = Certificate.objects.filter(number__icontains=text).order_by("-issued_at").values_list("subject", flat=True)
    return list(rows[:200])
