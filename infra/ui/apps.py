"""The design kit as a Django app: it holds templates, static files and template tags, no rows."""

from typing import Any

from django import forms
from django.apps import AppConfig
from django.core import validators
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Design kit (label ``ui``)."""

    name = "infra.ui"
    label = "ui"
    verbose_name = "界面"

    def __init__(self, app_name: str, app_module: Any) -> None:
        """Let forms speak like the rest of the product, before any is imported; a field may still say it in its own words."""
        super().__init__(app_name, app_module)
        forms.Field.default_error_messages["required"] = _("请填写这一项（必填）。")
        validators.MinLengthValidator.message = _("请至少写 %(limit_value)d 个字。")
        validators.MaxLengthValidator.message = _("最多 %(limit_value)d 个字符，现在有 %(show_value)d 个。")
