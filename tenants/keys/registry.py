"""The one list of what is sealed with data keys. Models say it themselves, as they say ``append_only``:

- ``sealed_columns = {"id_sealed": "learner-id"}``: a column and its purpose; ``{name}`` in it stands for that column of the row
- ``sealed_files = {"storage_key": "class-file"}``: a column that names a sealed file in the object store
- ``sealed_for_enterprise = {"key_sealed": "retention"}``: a column of a table of `public` in which each row (``schema_name``) is one enterprise's
- ``sealed_by_person = ("template_sealed",)``: sealed with a person's own key, itself a sealed column: nothing to do when the enterprise's key changes
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.db import models


@dataclass(frozen=True, slots=True)
class Column:
    """One sealed column, or one that names sealed files."""

    model: type[models.Model]
    field: str
    purpose: str
    is_file: bool = False
    is_shared: bool = False

    @property
    def parts(self) -> list[str]:
        """The columns that the purpose is made of."""
        return [name for _text, name, _spec, _conversion in string.Formatter().parse(self.purpose) if name]

    @property
    def title(self) -> str:
        """Return ``app.Model.field``."""
        return f"{self.model._meta.label}.{self.field}"


@lru_cache(maxsize=2)
def columns(*, of_platform: bool) -> tuple[Column, ...]:
    """Return what an enterprise seals, or what the platform does; columns first, then files, always in the same order."""
    names = settings.SHARED_APPS if of_platform else settings.TENANT_APPS
    found = [column for model in _models(names) for column in _of(model)]
    if not of_platform:
        found += [column for model in _models(settings.SHARED_APPS) for column in _shared(model)]
    return tuple(sorted(found, key=lambda column: (column.is_file, column.title)))


def _models(app_names: list[str]) -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name in app_names:
            yield from config.get_models()


def _of(model: type[models.Model]) -> Iterator[Column]:
    for flag, is_file in (("sealed_columns", False), ("sealed_files", True)):
        for field, purpose in getattr(model, flag, {}).items():
            yield Column(model, field, purpose, is_file)


def _shared(model: type[models.Model]) -> Iterator[Column]:
    for field, purpose in getattr(model, "sealed_for_enterprise", {}).items():
        yield Column(model, field, purpose, is_shared=True)
