"""Pure rules about people."""

from infra.kit import identity
from tenants import keys


def person_key(resident_id: str) -> str:
    """Return the key of a natural person: equal in every enterprise, worthless without the secret (clauses 二.3, 五.1).

    :param resident_id: 18 places, normalised or not
    """
    normal = identity.normalise_resident_id(resident_id)
    return keys.index(normal, purpose="person")


def mobile_index(mobile: str) -> str:
    """Return the blind index under which a mobile number (normalised or not) is found."""
    normal = identity.normalise_mobile(mobile)
    return keys.index(normal, purpose="mobile")
