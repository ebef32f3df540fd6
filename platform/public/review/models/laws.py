"""Laws and standards that versions stand on."""

from django.db import models


class LawArticle(models.Model):
    """One article of a law, or a whole law or standard (``article`` empty). ``changed_on`` is the newest change marked here."""

    law = models.CharField(max_length=80, help_text="Without the state's name and book marks, e.g. 安全生产法 or GB 30871-2022")
    article = models.CharField(max_length=12, blank=True, help_text="Number, e.g. 28 or 120-1")
    title = models.CharField(max_length=120, blank=True)
    changed_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["law", "article"], name="law_article_once")]

    def __str__(self) -> str:
        return f"{self.law} {self.article}".strip()

    @property
    def name(self) -> str:
        """As a notice says it: 安全生产法第28条."""
        return f"{self.law}第{self.article}条" if self.article else self.law


class Citation(models.Model):
    """A version names an article. Read from the version's legal basis when it is submitted."""

    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.PROTECT, related_name="citations")
    article = models.ForeignKey(LawArticle, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "article"], name="citation_once")]

    def __str__(self) -> str:
        return f"{self.version_id} -> {self.article_id}"
