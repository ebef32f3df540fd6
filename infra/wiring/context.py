"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the enterprise of the request for titles and menus."""
    return {"enterprise": getattr(request, "enterprise", None)}
