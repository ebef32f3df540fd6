"""The ledger and certificates."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router

from apps.openapi import cursors
from apps.openapi.cursors import Cursor, Limit
from apps.openapi.operations import operation
from apps.openapi.scopes import Scope
from apps.openapi.shapes import CertificateOut, CertificatePage, RecordOut, RecordPage, VerifiedOut
from apps.people import api as people
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.regulators import api as regulators

router = Router(tags=["records"])
_RECORDS, _CERTIFICATES = "records", "certificates"
Kind = Literal[
    "REGISTRATION", "STUDY_SESSION", "PROOF", "VOID", "CORRECTION", "EXAM", "CERTIFICATE", "SIGN_OFF", "CLASS", "QUIZ", "RENEWAL",
    "REVOCATION",
]  # fmt: skip
KINDS: tuple[str, ...] = Kind.__args__  # type: ignore[attr-defined]
"""What other systems may read. Consent, checks of faces, keys and requests about personal data stay in the house."""


@operation(
    router, "GET", "/records", scope=Scope.RECORDS_READ, answers=RecordPage, summary=gettext_noop("学习档案"), name="listRecords"
)
def entries(
    request: HttpRequest,
    cursor: Cursor = "",
    limit: Limit = cursors.USUAL,
    kind: Annotated[Kind | None, Query(description="Only entries of this kind")] = None,
    learner: Annotated[UUID | None, Query(description="Only entries of this learner")] = None,
) -> RecordPage:
    """Return entries in the order in which they were sealed, within a minute of being made. Going on from ``next`` misses none."""
    place = cursors.read(cursor, of=_RECORDS, first=-1)
    wanted = [kind] if kind else KINDS
    found = records.entries_after(place, limit=limit, kinds=wanted, subject=learner, without=people.withheld())
    last = found[-1].place if found else place
    following = cursors.written(_RECORDS, last) if last >= 0 else ""
    return RecordPage(items=[record_out(one) for one in found], next=following)


def record_out(one: records.PlacedEntry) -> RecordOut:
    """Return the public shape of an entry."""
    said = one.entry
    return RecordOut(
        place=one.place, learner_id=one.subject, n=said.n, kind=said.kind, at=said.at, body=said.body, hash=said.hash_hex
    )


@operation(
    router,
    "GET",
    "/certificates",
    scope=Scope.CERTIFICATES_READ,
    answers=CertificatePage,
    summary=gettext_noop("培训证明列表"),
    name="listCertificates",
)
def certificates(
    request: HttpRequest,
    cursor: Cursor = "",
    limit: Limit = cursors.USUAL,
    learner: Annotated[UUID | None, Query(description="Only those of this learner")] = None,
) -> CertificatePage:
    """Return certificates in the order of their serial numbers. Going on from the last one misses none."""
    place = cursors.read(cursor, of=_CERTIFICATES)
    found = records.certificates_after(place, limit=limit + 1, subject=learner, without=people.withheld())
    shown, following = cursors.page(found, limit=limit, of=_CERTIFICATES, places=[serial for serial, _view in found])
    views = [view for _serial, view in shown]
    standings = records.standings(views, on=clock.shanghai_date(clock.now()))
    return CertificatePage(items=[certificate_out(one, standings[one.code]) for one in views], next=following)


@operation(
    router,
    "GET",
    "/certificates/{certificate}",
    scope=Scope.CERTIFICATES_READ,
    answers=CertificateOut,
    summary=gettext_noop("一份培训证明"),
    name="getCertificate",
)
def certificate(request: HttpRequest, certificate: UUID) -> CertificateOut:
    """Return one certificate and what it is worth today."""
    view = records.certificate(certificate)
    if view.subject in people.withheld():
        raise DomainError("not_found", _("没有这份证明，请核对链接。"), status=404)
    return certificate_out(view, records.standings([view], on=clock.shanghai_date(clock.now()))[view.code])


def certificate_out(view: records.CertificateView, standing: records.Standing) -> CertificateOut:
    """Return the public shape of a certificate."""
    return CertificateOut(
        id=view.uuid,
        number=view.number,
        learner_id=view.subject,
        training=str(view.body.get("training", "")),
        state=standing.state.value,
        issued_at=view.issued_at,
        valid_until=date.fromisoformat(view.valid_until) if view.valid_until else None,
        verify_code=view.code,
        fingerprint=view.fingerprint,
        body=view.body,
    )


@operation(
    router,
    "GET",
    "/verify/{code}",
    scope=Scope.CERTIFICATES_READ,
    answers=VerifiedOut,
    summary=gettext_noop("核验培训证明"),
    name="verifyCertificate",
)
def verify(request: HttpRequest, code: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,32}$")]) -> VerifiedOut:
    """Return what a stranger may know of a certificate of whichever enterprise, by the code in its QR code."""
    found = regulators.certificate(code)
    if found is None:
        raise DomainError("not_found", _("没有这份证明，请核对编码。"), status=404)
    return VerifiedOut(
        code=found.code,
        number=found.number,
        is_genuine=found.is_genuine,
        state=found.state.value,
        issued_at=found.issued_at,
        body=found.body,
        signature=found.signature,
        key_id=found.key_id,
    )
