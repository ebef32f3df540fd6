"""WSGI entry."""

import gc
import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.wiring.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - needs the application

from public.search import api as search  # noqa: E402

# A socket nobody filled, or production without a text message vendor, must stop the start, not the first person who needs it.
call_command("check")
if not settings.DEV_TOOLS:
    search.warm_up()  # a demo starts sooner without
gc.collect()
gc.freeze()  # what was loaded stays: neither its loading nor a request waits while it is searched for garbage
gc.enable()
