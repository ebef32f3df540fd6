"""Front door of the authors' room: the same pages for any host that says who writes and in which frame."""

from public.authoring.place import Page, Place
from public.authoring.routing import Door, routes
from public.catalogue.api import authoring

Writer = authoring.Writer

__all__ = ["Door", "Page", "Place", "Writer", "routes"]
"""`Writer` comes from the catalogue: whoever opens a door says who stands in it."""
