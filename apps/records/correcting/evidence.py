"""What somebody lays beside a proposed correction: one picture or document, judged by what it is."""

import hashlib
import tempfile
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path, PurePath
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.records import files
from apps.records.correcting.models import Correction
from infra.kit import identity
from infra.kit.errors import DomainError
from public.uploads.ports import INSPECTOR, SCANNER

MOST_BYTES = 9_000_000
"""Below the 10 MB that one request may bring."""
ACCEPT = ".pdf,.pptx,.jpg,.jpeg,.png,.webp"
PURPOSE = "correction-evidence"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was handed in."""

    name: str
    data: bytes


def attach(row: Correction, found: Evidence) -> None:
    """Seal a file beside an unsaved correction.

    :raises DomainError: ``too_large``, ``virus``, and what the inspector says of hostile or broken files; ``field`` names the form's
    """
    if len(found.data) > MOST_BYTES:
        raise DomainError("too_large", _("单个文件不能超过 9 MB，请压缩图片或分成几个文件。"), field="evidence")
    if SCANNER.get().scan(BytesIO(found.data)).virus:
        raise DomainError("virus", _("文件含有病毒，没有保存。请检查电脑后重新选择文件。"), field="evidence")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(found.data)
        row.evidence_type = INSPECTOR.get().inspect(path, kinds={"image", "document"}, file_name=found.name).content_type
    row.evidence_name = _name(found.name)
    row.evidence_sha256 = hashlib.sha256(found.data).hexdigest()
    row.evidence_key = files.keep("corrections", found.data, purpose=PURPOSE)


def content(row: Correction) -> bytes:
    """Return the bytes of a correction's evidence.

    :raises DomainError: 410 ``file_gone``
    """
    return files.read(row.evidence_key, purpose=PURPOSE)


def opened(name: str) -> bytes:
    """Return the evidence of that storage name.

    :raises FileNotFoundError: the store has lost it
    :raises SealBroken: it was altered
    """
    return files.opened(name, purpose=PURPOSE)


def forget(subject: UUID) -> None:
    """Remove the evidence of all corrections of a learner, once the caller's transaction is committed; digests and decisions stay."""
    rows = Correction.objects.filter(entry__subject=subject).exclude(evidence_key="")
    keys = list(rows.values_list("evidence_key", flat=True))
    rows.update(evidence_key="", evidence_name="")
    for key in keys:
        transaction.on_commit(partial(files.forget, key))


def _name(file_name: str) -> str:
    name = "".join(c for c in PurePath(file_name.replace("\\", "/")).name if c.isprintable())
    return identity.without_numbers(name)[-120:] or "file"  # the name goes into the ledger too
