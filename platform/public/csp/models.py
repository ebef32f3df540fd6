"""Rows."""

from django.db import models


class CspReport(models.Model):
    """How often on one day browsers refused one kind of thing on one kind of page (clause 二.6)."""

    day = models.DateField(help_text="In Asia/Shanghai")
    directive = models.CharField(max_length=40, help_text="The rule that was broken, e.g. script-src-elem")
    blocked = models.CharField(max_length=200, help_text="Origin (https://host) or a word: inline, eval, data …")
    page = models.CharField(max_length=200, help_text="Pattern of the page's address, never the address itself")
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "directive", "blocked", "page"], name="csp_one_row_a_kind")]
        indexes = [models.Index(fields=["-day", "-id"])]

    def __str__(self) -> str:
        return f"{self.day} {self.directive} {self.blocked} × {self.count}"
