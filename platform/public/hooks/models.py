"""One row for each enterprise that has, or ever had, a hook; an enterprise adds and sees only its own (row-level security)."""

from django.db import models

from tenants.database.stamps import EnterpriseSchema


class Listener(models.Model):
    """An enterprise with hooks. Hooks are never deleted, so the row stays too."""

    schema_name = models.CharField(max_length=63, unique=True, db_default=EnterpriseSchema())
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    def __str__(self) -> str:
        return self.schema_name
