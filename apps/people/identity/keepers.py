"""What identity keeps of old months: bursts of frames with their sealed features, and proofs of presence on a terminal (clause 四.6)."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people.identity import vault
from apps.people.identity.models import FaceCheck, Identity, Outcome, Proof
from apps.records.api import KeptRow, Span, by_key, erase_kept
from infra.kit.crypto import SealBroken


class Faces:
    """Keeper of ``people_facecheck``. Pictures and features stay sealed with the person's own key: whoever withdraws destroys it here and there."""

    name, what, label, is_shared = "faces", "PROCESS", _("人脸核验记录和抓拍"), False

    def _rows(self) -> QuerySet[FaceCheck]:
        return FaceCheck.objects.exclude(outcome__in=[Outcome.PENDING, Outcome.REVIEW])

    def _within(self, span: Span) -> QuerySet[FaceCheck]:
        rows = self._rows().filter(at__gte=span.since, at__lt=span.until)
        return rows.exclude(learner__uuid__in=span.held).select_related("learner")

    def oldest(self) -> datetime | None:
        """Return the moment of the oldest judged check."""
        found: datetime | None = self._rows().aggregate(first=Min("at"))["first"]
        return found

    def count(self, span: Span) -> int:
        """Return how many are still there."""
        return self._within(span).count()

    def select(self, span: Span) -> Iterator[KeptRow]:
        """Yield the checks of a month."""
        for row in by_key(self._within(span)):
            yield KeptRow(row.pk, row.learner.uuid, row.at, _face(row), (row.frames,) if row.frames else ())

    def erase(self, package: UUID, rows: Sequence[KeptRow]) -> int:
        """Delete the rows, then their pictures."""
        ids = [row.id for row in rows]
        gone = erase_kept(package, self.name, ids)
        left = set(FaceCheck.objects.filter(pk__in=ids).values_list("pk", flat=True))
        vault.drop(*(name for row in rows if row.id in gone or row.id not in left for name in row.files))
        return len(ids) - len(left)


def pictures(row: KeptRow, data: bytes) -> list[bytes]:
    """Open the pictures of a check as they lie in a package; [] once the person's key is destroyed."""
    identity = Identity.objects.filter(learner__uuid=row.learner).first() if row.learner else None
    try:
        return vault.split(data, identity) if identity else []
    except (vault.Forgotten, SealBroken):  # withdrawn; or withdrawn and enrolled again, with another key
        return []


def _face(row: FaceCheck) -> dict[str, object]:
    return {
        "uuid": str(row.uuid),
        "purpose": row.purpose,
        "about": row.about,
        "terminal": row.terminal,
        "outcome": row.outcome,
        "provider": row.provider,
        "score": row.score,
        "flags": row.flags,
        "digests": row.digests,
        "features_sealed": base64.b64encode(bytes(row.features_sealed)).decode(),
        "judged_at": row.judged_at.isoformat() if row.judged_at else None,
        "decided_by": row.decided_by_id,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "note": row.note,
    }


class Proofs:
    """Keeper of ``people_proof``: on which terminal somebody proved to be there."""

    name, what, label, is_shared = "proofs", "PROCESS", _("终端上的身份证明"), False

    def _within(self, span: Span) -> QuerySet[Proof]:
        rows = Proof.objects.filter(at__gte=span.since, at__lt=span.until)
        return rows.exclude(learner__uuid__in=span.held).select_related("learner")

    def oldest(self) -> datetime | None:
        """Return the moment of the oldest proof."""
        found: datetime | None = Proof.objects.aggregate(first=Min("at"))["first"]
        return found

    def count(self, span: Span) -> int:
        """Return how many are still there."""
        return self._within(span).count()

    def select(self, span: Span) -> Iterator[KeptRow]:
        """Yield the proofs of a month."""
        for row in by_key(self._within(span)):
            check = str(row.check_uuid) if row.check_uuid else None
            body = {"terminal": row.terminal, "method": row.method, "check": check, "instead": row.instead}
            yield KeptRow(row.pk, row.learner.uuid, row.at, body)

    def erase(self, package: UUID, rows: Sequence[KeptRow]) -> int:
        """Delete the rows."""
        ids = [row.id for row in rows]
        erase_kept(package, self.name, ids)
        return len(ids) - Proof.objects.filter(pk__in=ids).count()
