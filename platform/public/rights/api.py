"""Front door of the rights register."""

from public.rights.expiry import alert_soon, retire_expired
from public.rights.gate import gaps_of, rights_gaps
from public.rights.models import Kind, Licence
from public.rights.place import Page, Place
from public.rights.queries import ending
from public.rights.routing import Door, routes
from public.rights.services import Facts, Person, amend, answer_people, copy_assets, register, remove, renew
from public.rights.services import current as assets_of

KINDS = tuple(Kind.values)
LICENCES = tuple(Licence.values)

__all__ = [
    "KINDS",
    "LICENCES",
    "Door",
    "Facts",
    "Page",
    "Person",
    "Place",
    "alert_soon",
    "amend",
    "answer_people",
    "assets_of",
    "copy_assets",
    "ending",
    "gaps_of",
    "register",
    "remove",
    "renew",
    "retire_expired",
    "rights_gaps",
    "routes",
]
