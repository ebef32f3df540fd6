"""The product's own web application with pages more into which somebody on the way has put things of others."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.wiring.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - needs the application
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from infra.wiring.urls.enterprise import urlpatterns as enterprise  # noqa: E402
from infra.wiring.urls.platform import urlpatterns as platform  # noqa: E402

handler500 = "infra.wiring.edge.crashed"
PAGE = """<!doctype html><title>课程</title><h1>课程</h1>
<script src="http://ads.localhost:{port}/insert.js"></script>
<script>document.title = "插入"</script>
<img src="http://ads.localhost:{port}/pixel.gif" alt="">
<iframe src="http://ads.localhost:{port}/frame"></iframe>"""


def inserted(request: HttpRequest, learner: str) -> HttpResponse:
    """Return a page as a network on the way might deliver it."""
    return HttpResponse(PAGE.format(port=request.get_port()))


urlpatterns = [path("trial/<str:learner>/inserted", inserted), *enterprise, *platform]
settings.ENTERPRISE_URLCONF = settings.ROOT_URLCONF = __name__
