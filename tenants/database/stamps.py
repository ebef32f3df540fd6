"""What the database itself writes into a row."""

from django.db import models
from django.db.models import Func


class EnterpriseSchema(Func):
    """The schema of the database role that runs the statement; stamped by the database, not by the application (decision 0029)."""

    function = "enterprise_schema"
    output_field = models.CharField()
