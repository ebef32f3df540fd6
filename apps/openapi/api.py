"""Front door of the open interface: what is mounted, and the kinds of happenings that hooks are told."""

from apps.openapi.interface import PATH, VERSION, api, document, urls
from apps.openapi.keys import KeyView, Order
from apps.openapi.keys import make as make_key
from apps.openapi.scopes import Scope

__all__ = ["PATH", "VERSION", "KeyView", "Order", "Scope", "api", "document", "make_key", "urls"]
