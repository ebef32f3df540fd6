"""The celery application. One public schedule; work for enterprises is fanned out by the tasks themselves."""

import os

import django
from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.wiring.settings")
django.setup()

from django.conf import settings  # noqa: E402 - needs the settings above

from tenants.jobs import ScopedTask, on_platform  # noqa: E402

app = Celery("anxue", task_cls=ScopedTask)
app.conf.update(settings.CELERY)
app.autodiscover_tasks(lambda: [config.name for config in django.apps.apps.get_app_configs()])
app.conf.beat_schedule = {
    "make partitions": {"task": "audit.make_partitions", "schedule": crontab(hour=3, minute=10), "options": on_platform()},
    "fill the schema pool": {"task": "tenants.tasks.fill_pool", "schedule": 30.0, "options": on_platform(expires=25)},
}
