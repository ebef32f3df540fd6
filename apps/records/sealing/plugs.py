"""Fills the socket ``PROOFS`` of seals: the proof of a certificate for whoever holds its code."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.records.models import Certificate, LedgerEntry
from apps.records.sealing import proofs
from infra.kit.errors import DomainError
from tenants.api import enterprise_scope, site_by_schema


class LedgerProofs:
    """Plug for `public.seals.ports.PROOFS`."""

    def certificate(self, *, schema: str, code: str) -> dict[str, Any]:
        """Return the certificate's entry and its proof."""
        site = site_by_schema(schema)
        if site is None:
            raise _destroyed()
        with enterprise_scope(site):
            row = Certificate.objects.filter(code=code).first()
            entry = (
                LedgerEntry.objects.filter(
                    subject=row.subject, kind=LedgerEntry.Kind.CERTIFICATE, body__certificate=str(row.uuid)
                ).first()
                if row
                else None
            )
            if entry is None or row is None:
                raise _unknown()
            return {**proofs.proven_entry(entry.subject, entry.n), "later": _later(row)}


def _later(row: Certificate) -> list[dict[str, Any]]:
    """Return what became of a certificate, oldest first: its renewal, its revocation, what was issued in its place, each proven like itself."""
    about = Q(kind=LedgerEntry.Kind.REVOCATION, body__certificate=str(row.uuid))
    about |= Q(kind=LedgerEntry.Kind.RENEWAL, body__renewed=str(row.uuid))
    about |= Q(kind=LedgerEntry.Kind.CERTIFICATE, body__replaces=row.number)
    entries = LedgerEntry.objects.filter(about, subject=row.subject).order_by("n").values_list("n", flat=True)
    return [proofs.proven_entry(row.subject, n) for n in entries]


def _destroyed() -> DomainError:
    words = _(
        "开具证明的企业已注销，档案在法定保存期满后已销毁，不能再生成证据文件。证明本身仍可查验；以前下载的证据文件仍然有效。"
    )
    return DomainError("destroyed", words, status=410)


def _unknown() -> DomainError:
    return DomainError("not_found", _("没有找到这份证书，请核对查验码。"), status=404)
