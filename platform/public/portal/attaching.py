"""Files of notices: with them an authority shows what it found, and an enterprise what it mended; both take either's. Runs on the platform."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from infra.kit import identity
from public.operators.api import signed_in
from public.portal import diary
from public.portal.diary import Kind
from public.portal.locking import State, held_by, held_in
from public.portal.models import Attachment, Rectification
from public.portal.shapes import WAITING, Answerer, Asker
from public.regulators.accounts import authority_of
from public.uploads import api as uploads
from tenants.api import require

PURPOSE, KINDS = "rectification", ("image", "document")
MOST, DAY_BYTES = 20, 1 << 30
"""Files that each side may add to one notice, and bytes that one person may send in 24 hours."""
OPEN = (*WAITING, State.ANSWERED)


def manager_uploader(request: HttpRequest) -> uploads.Uploader | None:
    """Return who owns the uploads of the manager who makes a request on the enterprise's site; whether the manager may is asked before."""
    place = require()
    if request.user.pk is None or place.is_platform:
        return None
    return uploads.Uploader(request.user.pk, place.schema, (PURPOSE,), DAY_BYTES)


def authority_uploader(request: HttpRequest) -> uploads.Uploader | None:
    """Let people of an authority upload, who have passed both steps."""
    credential = signed_in(request)
    who = authority_of(credential_id=credential.pk) if credential else None
    return uploads.Uploader(who.credential_id, "", (PURPOSE,), DAY_BYTES) if who else None


@transaction.atomic
def attach(*, rectification: UUID, upload: UUID, owner_id: int, by: Answerer) -> None:
    """Add a checked upload of this manager; told twice, once.

    :raises DomainError: 404; 409 ``wrong_state``, ``too_many_files``, ``not_ready``, ``taken``; 422 ``wrong_kind``
    """
    row = held_in(by.schema, rectification, *WAITING)
    if added := _add(row, upload, uploads.Sender(owner_id, by.schema, by.reference, by.at)):
        diary.by_enterprise(row, Kind.ATTACHED, by, text=added.file_name)


@transaction.atomic
def attach_by_authority(*, rectification: UUID, upload: UUID, asker: Asker) -> None:
    """Add a checked upload of somebody of the authority that sent the notice, while it is open; told twice, once.

    :raises DomainError: 403; 404; 409; 422 as in :func:`attach`
    """
    row = held_by(asker, rectification, *OPEN)
    if add(row, upload, asker) and row.state in WAITING:
        diary.tell(row, Kind.ATTACHED, at=asker.at)


def add(row: Rectification, upload: UUID, asker: Asker) -> bool:
    """Add an upload of the asker to a notice whose row is locked or new; says whether it was not there before.

    :raises DomainError: as in :func:`attach`
    """
    added = _add(row, upload, uploads.Sender(asker.who.credential_id, "", asker.actor, asker.at))
    if added:
        diary.by_authority(row, Kind.ATTACHED, asker, text=added.file_name)
    return added is not None


def _add(row: Rectification, upload: UUID, sender: uploads.Sender) -> Attachment | None:
    return uploads.attach(
        row.attachments, upload, sender=sender, purpose=PURPOSE, kinds=KINDS, most=MOST, named=identity.without_numbers
    )


def attachment(rectification_pk: int, upload: UUID) -> Attachment | None:
    """Return a file of a notice. Who may see the notice is asked before."""
    return Attachment.objects.filter(rectification_id=rectification_pk, upload=upload).first()


def download(rectification_pk: int, upload: UUID, *, shown: bool = False) -> HttpResponseBase:
    """Return a file of a notice as a download, or ``shown`` where it is a picture. Who may see the notice is asked before.

    :raises DomainError: 404
    """
    return uploads.given(attachment(rectification_pk, upload), shown=shown)
