"""What seals need from above: the tree of an enterprise is the record's."""

from typing import Any, Protocol

from infra.kit.ports import Socket


class ProofSource(Protocol):
    """Knows how to prove what stands in an enterprise's ledger."""

    def certificate(self, *, schema: str, code: str) -> dict[str, Any]:
        """Return the entry of a certificate with its proof towards a signed head, as JSON; called on the platform.

        ``later``: entries about its renewal and revocation, each with a proof of its own.

        :raises DomainError: 404 ``not_found``; 409 ``not_sealed_yet`` within its first minute
        """


PROOFS: Socket[ProofSource] = Socket("seals.PROOFS")
