"""Refusals of this floor."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError

_MINUTE_S = 60


class TooMany(DomainError):
    """Too many tries from one phone, login or address; says after how many seconds, or whole minutes, to try again."""

    STATUS = 429

    def __init__(self, retry_after_s: int, code: str = "too_many", message: Any = "") -> None:
        super().__init__(code, message or _wait(retry_after_s), status=self.STATUS, retry_after_s=retry_after_s)


def minutes(seconds: int) -> int:
    """Return seconds as whole minutes, rounded up."""
    return -(-seconds // _MINUTE_S)


def _wait(seconds: int) -> Any:
    if seconds <= 2 * _MINUTE_S:
        return _("操作太频繁，请在 %(s)s 秒后再试。") % {"s": seconds}
    return _("操作太频繁，请在 %(n)s 分钟后再试。") % {"n": minutes(seconds)}


class Unavailable(DomainError):
    """A service behind us does not answer; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("unavailable", _("系统暂时繁忙，您的操作没有生效，请稍后再试。"), status=503, retry_after_s=5)
