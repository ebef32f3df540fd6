"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError


class TooMany(DomainError):
    """Too many tries from one phone, login or address."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "too_many", _("操作太频繁，请在 %(s)s 秒后再试。") % {"s": retry_after_s}, status=429, retry_after_s=retry_after_s
        )


class Unavailable(DomainError):
    """A service behind us does not answer; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("unavailable", _("系统暂时繁忙，您的操作没有生效，请稍后再试。"), status=503, retry_after_s=5)
