"""The learner's pages as an app on the phone: its manifest, its worker, and the page that is shown without a network.

The worker keeps static files, found by the hash in their names, and the offline page. It never keeps a page, an answer of the API or a
key, for those hold personal data; a test holds it to that.
"""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET

from apps.people import api as people
from tenants.api import current_site

THEME, PAGE = "#0b5cad", "#f4f6f9"
"""The kit's colours (`tokens.css`): an enterprise has none of its own yet."""
_SHELL = (
    "tabler/tabler.min.css",
    "icons/tabler-icons.min.css",
    "ui/tokens.css",
    "ui/components.css",
    "ui/shells.css",
    "ui/js/theme.js",
)
"""What the offline page needs; pages of learners have loaded it already."""


@require_GET
@people.declares(people.Permission.PUBLIC)
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app of this enterprise: its name, our colours, where it begins."""
    site = current_site()
    sizes = (("icon-192", "192x192", "any"), ("icon-512", "512x512", "any"), ("maskable-512", "512x512", "maskable"))
    found: dict[str, Any] = {
        "id": "/learn",
        "name": f"{site.name} · 安全培训",
        "short_name": site.name[:12],
        "lang": "zh-Hans",
        "start_url": reverse("learn-home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": PAGE,
        "icons": [
            {"src": static(f"app/{name}.png"), "sizes": size, "type": "image/png", "purpose": purpose}
            for name, size, purpose in sizes
        ],
    }
    response = HttpResponse(json.dumps(found, ensure_ascii=False), content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@people.declares(people.Permission.PUBLIC)
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker; another release is another text, so browsers take it and drop what the old one kept."""
    shell = [static(path) for path in _SHELL]
    release = json.dumps([shell, getattr(staticfiles_storage, "manifest_hash", ""), _offline()])
    values = {
        "version": hashlib.sha256(release.encode()).hexdigest()[:16],
        "offline": reverse("app-offline"),
        "shell": json.dumps(shell),
        "static": json.dumps(str(settings.STATIC_URL)),
    }
    response = HttpResponse(render_to_string("ui/worker.js", values), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@people.declares(people.Permission.PUBLIC)
def offline(request: HttpRequest) -> HttpResponse:
    """Show what to do without a network. The same for everybody: kept on the device, it must tell nothing of anybody."""
    response = HttpResponse(_offline())
    response["Cache-Control"] = "no-cache"
    return response


def _offline() -> str:
    """Rendered without the request, so that neither name nor session can get into it; Chinese, for it is kept for all."""
    with override("zh-hans"):
        return render_to_string("ui/offline.html")
