"""What the operator of the platform says about itself in public."""

from django.db import models

from public.site.announcing.models import Announcement, Seen
from public.site.papers.models import SitePaper
from public.site.status.models import Incident, ProbeHour, Word

__all__ = ["Announcement", "Incident", "ProbeHour", "Seen", "SiteFact", "SitePaper", "Word"]


class SiteFact(models.Model):
    """One public text, e.g. the complaint phone; kept by operations at the desk. Keys are in `facts.py`."""

    key = models.CharField(max_length=40, unique=True)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key
