"""The object store: folders of this machine or any S3 service, behind Django's storage interface and a little more.

What is more: a range of a file's bytes, an entity tag, and an address that is good for a short time. Every way in checks that the file
belongs to the current place (`tenants.storage`).
"""

from typing import cast

from django.core.files.storage import default_storage

from tenants.objects.serving import serve
from tenants.objects.shapes import ObjectStore, Stored
from tenants.objects.walking import everything_below

__all__ = ["ObjectStore", "Stored", "everything_below", "serve", "store"]


def store() -> ObjectStore:
    """Return the store that ``STORAGE_URL`` names."""
    return cast("ObjectStore", default_storage)
