"""Files of the record at rest: sealed for the enterprise, under a purpose, in its part of the object store."""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from tenants import keys, storage


def keep(folder: str, data: bytes, *, purpose: str) -> str:
    """Keep bytes under a name that nobody can guess; returns the storage key."""
    return str(default_storage.save(storage.key(f"{folder}/{uuid4()}"), ContentFile(keys.seal(data, purpose=purpose))))


def read(key: str, *, purpose: str) -> bytes:
    """Return what :func:`keep` kept.

    :raises DomainError: 410 ``file_gone`` where the store has it no more
    :raises SealBroken: it was altered, or belongs to another enterprise or purpose
    """
    if not key or not default_storage.exists(key):
        raise DomainError("file_gone", _("文件已过期删除或不存在。"), status=410)
    return opened(key, purpose=purpose)


def opened(key: str, *, purpose: str) -> bytes:
    """Return the same to a worker, who answers nobody.

    :raises FileNotFoundError: the store has it no more
    :raises SealBroken: as above
    """
    with default_storage.open(key) as file:
        data = bytes(file.read())
    return keys.unseal(data, purpose=purpose)


def forget(key: str) -> None:
    """Remove a file; one that is gone already is no error."""
    default_storage.delete(key)
