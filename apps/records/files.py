"""Files of the record at rest: sealed for the enterprise, under a purpose, in its part of the object store."""

from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from infra.kit import crypto
from infra.kit.errors import DomainError
from tenants import storage
from tenants.api import current_site


def keep(folder: str, data: bytes, *, purpose: str) -> str:
    """Keep bytes under a name that nobody can guess; returns the storage key."""
    sealed = crypto.seal(data, secret=settings.SEALING_SECRET, owner=str(current_site().uuid), purpose=purpose)
    return str(default_storage.save(storage.key(f"{folder}/{uuid4()}"), ContentFile(sealed)))


def read(key: str, *, purpose: str) -> bytes:
    """Return what :func:`keep` kept.

    :raises DomainError: 410 ``file_gone`` where the store has it no more
    :raises SealBroken: it was altered, or belongs to another enterprise or purpose
    """
    if not key or not default_storage.exists(key):
        raise DomainError("file_gone", _("文件已过期删除或不存在。"), status=410)
    with default_storage.open(key) as file:
        data = bytes(file.read())
    return crypto.unseal(data, secret=settings.SEALING_SECRET, owner=str(current_site().uuid), purpose=purpose)


def forget(key: str) -> None:
    """Remove a file; one that is gone already is no error."""
    default_storage.delete(key)
