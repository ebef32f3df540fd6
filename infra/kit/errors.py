"""The one error shape of the product: a code for machines, a sentence for people, an HTTP status for the edge."""

from typing import Any


class DomainError(Exception):
    """A refusal that the person can do something about.

    :param code: stable snake_case name, part of the API
    :param message: a sentence in the person's language that says what to do next (lazy translations allowed)
    :param status: HTTP status the edge answers with
    :param details: extra JSON values for clients, e.g. ``retry_after_s=30``; never personal data
    """

    def __init__(self, code: str, message: Any, *, status: int = 400, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.details = details

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON body: ``{"code": …, "message": …, …details}``."""
        return {"code": self.code, "message": str(self.message), **self.details}
