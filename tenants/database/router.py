"""Which app's tables belong into which schema; only the owner migrates."""

from typing import Any

from django.conf import settings
from django.db import connections
from django_tenants.routers import TenantSyncRouter


class SchemaRouter(TenantSyncRouter):  # type: ignore[misc]
    """Shared apps into `public`, tenant apps into each enterprise, and only through the alias ``owner``."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        """Return False for an app that has no tables in the current schema."""
        if not settings.DATABASES.get(db, {}).get("OWNER"):
            return False
        on_platform = connections[db].schema_name == "public"  # type: ignore[attr-defined]
        apps = settings.SHARED_APPS if on_platform else settings.TENANT_APPS
        return None if self.app_in_list(app_label, apps) else False
