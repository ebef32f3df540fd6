"""How askers are reached, kept sealed with the platform's data key. Runs on the platform."""

import json
from uuid import UUID

from public.helpdesk.models import Ticket
from public.helpdesk.shapes import Contact
from tenants import keys


def sealed(uuid: UUID, contact: Contact) -> bytes | None:
    """Return the sealed contact of one ticket, None where nothing was said."""
    if contact.is_empty:
        return None
    said = {"name": contact.name, "mobile": contact.mobile, "mail": contact.mail}
    return keys.seal(json.dumps(said, ensure_ascii=False).encode(), purpose=f"help-ticket/{uuid}")


def contact_of(row: Ticket) -> Contact:
    """Return the contact of a ticket in clear; empty where nothing was said."""
    if row.contact_sealed is None:
        return Contact()
    return Contact(**json.loads(keys.unseal(row.contact_sealed, purpose=f"help-ticket/{row.uuid}")))


def masked(contact: Contact) -> Contact:
    """Return the same so that it may stand on a page: 张**, 138****1234, a***@example.com."""
    head, at, host = contact.mail.partition("@")
    return Contact(
        name=contact.name[:1] + "*" * min(2, max(0, len(contact.name) - 1)),
        mobile=f"{contact.mobile[:3]}****{contact.mobile[-4:]}" if len(contact.mobile) >= 7 else "*" * len(contact.mobile),
        mail=f"{head[:1]}***{at}{host}" if at else "",
    )
