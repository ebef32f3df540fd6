"""What a password must not be (NIST SP 800-63B-4 3.1.1: length, lists of known ones, one's own data; no rules about kinds of characters).

Length is Django's own validator, and so is the list of the 20,000 most common ones, to which `KnownPassword` adds what people here
really take: a bad password gets one sentence about being common, not one from each list.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.people import sealing
from apps.people.models import Learner
from tenants.api import Credential, Site, current, login_key

_WORDS = frozenset(
    """a aa aaa ab abc abcd abc123 admin aini anquan anxue asd asdf asdfgh baobao beijing chen china dearbook hangzhou hello huang
    iloveyou jiayou lihua li liu mima mimashi ningbo p passw password pass q qaz qazwsx qq qwe qwer qwerty qwertyuiop root shanghai
    shengchan sunshine taobao test wang weixin welcome woaini woaiwojia wodemima wojiushiwo wo xiaoming xuexi yang zhang zhejiang
    zhao zhongguo zxc zxcvbn zxcvbnm 1q2w3e 1q2w3e4r 1qaz2wsx 1qazxsw2 5201314 1314520""".split()
)
"""Stems: each with any digits and signs around it is among the first that are tried."""
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")


class KnownPassword(CommonPasswordValidator):
    """Refuses words everybody takes, and walks along the alphabet or the keyboard."""

    def validate(self, password: str, user: Any = None) -> None:
        """Look at one password.

        :raises ValidationError: it is among the first that are tried
        """
        plain = password.lower()
        stem = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
        if stem in _WORDS or plain in _WORDS or _is_walk(plain) or self._is_listed(password, user):
            raise ValidationError(_("这个密码太常见，一试就中。换一句只有自己知道的话更安全。"), code="password_known")

    def _is_listed(self, password: str, user: Any) -> bool:
        try:
            super().validate(password, user)
        except ValidationError:
            return True
        return False

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("不要用常见密码。")


class NotOneself:
    """Refuses passwords with the own name, mobile or ID number: the first thing that somebody who knows the person tries."""

    def validate(self, password: str, user: Any = None) -> None:
        """Look at one password of ``user``; without one, or on the platform, there is nothing to compare.

        :raises ValidationError: it is made of the person's own data
        """
        if not isinstance(user, Credential):
            return
        plain = password.lower()
        if any(part in plain for part in _own(user)) or any(login_key(digits) == user.login_key for digits in _runs(plain, 11)):
            words = _("密码里有您的姓名、手机号、生日或身份证号，认识您的人很容易猜到。请换一个。")
            raise ValidationError(words, code="password_own")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("不要含自己的姓名、手机号或身份证号。")


def _own(user: Credential) -> Iterator[str]:
    """Yield what a password must not contain, in small letters."""
    name = user.name.strip().lower()
    if len(name) >= 2:
        yield name
        spelt = _spelt(name)
        if len(spelt) >= 5:
            yield spelt
    scope = current()
    if scope is None or not isinstance(scope.tenant, Site):
        return
    row = Learner.objects.filter(credential=user).first()
    if row is not None:
        id_number, mobile = sealing.unseal(row.id_sealed, sealing.ID), sealing.unseal(row.mobile_sealed, sealing.MOBILE)
        yield from (id_number.lower(), id_number[6:14], id_number[-6:].lower(), mobile, mobile[-8:])


def _spelt(name: str) -> str:
    from pypinyin import lazy_pinyin  # loads its table only when somebody sets a password

    return "".join(lazy_pinyin(name)).lower()


def _runs(plain: str, length: int) -> Iterator[str]:
    """Yield every window of ``length`` digits."""
    for found in re.finditer(rf"(?=(\d{{{length}}}))", plain):
        yield found[1]


def _is_walk(plain: str) -> bool:
    """Whether four of five steps repeat the character or go to a neighbour in one of the rows."""
    steps = list(pairwise(plain))
    return len(steps) >= 3 and sum(_is_step(a, b) for a, b in steps) >= 0.8 * len(steps)


def _is_step(first: str, second: str) -> bool:
    return first == second or any(first + second in row or second + first in row for row in _ROWS)
