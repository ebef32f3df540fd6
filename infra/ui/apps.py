"""The design kit as a Django app: it holds templates, static files and template tags, no rows."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Design kit (label ``ui``)."""

    name = "infra.ui"
    label = "ui"
    verbose_name = "界面"
