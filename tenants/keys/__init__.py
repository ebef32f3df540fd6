"""Sealing of what may not lie in clear (clause 五.1): each enterprise, and the platform, by data keys of its own.

``seal(b"…", purpose="learner-id")`` seals for the place one stands in; what the platform sealed (keys of films) is opened anywhere with
``owner=PLATFORM``. Values of version 1, made from ``SEALING_SECRET``, open until they are sealed anew.
"""

from tenants.keys.destroying import destroy, listed
from tenants.keys.owners import PLATFORM
from tenants.keys.sealing import index, person_seal, person_unseal, seal, unseal

__all__ = ["PLATFORM", "destroy", "index", "listed", "person_seal", "person_unseal", "seal", "unseal"]
