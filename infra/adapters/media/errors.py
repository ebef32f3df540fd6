"""The named refusal of all media work."""

from infra.kit.errors import DomainError


class MediaError(DomainError):
    """A media job that cannot be done, with a reason for machines and a sentence for people.

    :param message: simplified Chinese, says what to do next (also the gettext msgid)
    :param reason: stable snake_case name, e.g. ``not_media``, ``no_video``, ``truncated``, ``no_space``
    :param details: extra JSON values, never file contents
    """

    def __init__(self, message: str, reason: str, **details: object) -> None:
        super().__init__(f"media_{reason}", message, status=422, **details)
        self.reason = reason

    def __str__(self) -> str:
        """Return reason and message, for logs."""
        return f"{self.reason}: {self.message}"
