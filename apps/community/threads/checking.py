"""What people write, looked at before it is kept: length, personal data, banned words, and how often."""

from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from apps.community.threads import rules
from apps.community.threads.models import BannedWord
from infra.kit.errors import DomainError
from tenants import limits
from tenants.api import require

_LIST = Path(__file__).with_name("banned.txt")


@cache
def built_in() -> tuple[str, ...]:
    """Return the product's own list of banned words."""
    lines = (line.strip() for line in _LIST.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def checked(words: str, *, field: str = "words", longest: int = rules.LONGEST) -> str:
    """Return the words as they are kept.

    :raises DomainError: 422 ``too_short``, ``too_long``, ``personal_data``, ``banned_word``, each with ``field``
    """
    text = rules.plain(words)
    if len(text) < rules.SHORTEST:
        raise _unfit("too_short", _("请再写详细一些，至少 5 个字。"), field)
    if len(text) > longest:
        raise _unfit("too_long", _("最多 %(n)d 个字，请删短一些。") % {"n": longest}, field)
    refuse_personal(text, field=field)
    if word := banned_in(text):
        raise _unfit("banned_word", _("内容里有不允许使用的词“%(word)s”，请修改后再提交。") % {"word": word}, field)
    return text


def refuse_personal(text: str, *, field: str) -> None:
    """Refuse a text with numbers of persons.

    :raises DomainError: 422 ``personal_data``; its words show the number masked
    """
    if found := rules.personal_data(text):
        what, shown = found[0]
        words = _("内容里有像%(what)s的文字（%(shown)s），请删去后再提交。请不要写电话、证件号等个人信息。")
        raise _unfit("personal_data", words % {"what": what, "shown": shown}, field)


def banned_in(text: str) -> str:
    """Return the first banned word that the text holds, "" without any; spaces and case do not help. One query."""
    packed = "".join(text.lower().split())
    known = (*built_in(), *BannedWord.objects.values_list("word", flat=True))
    return next((word for word in known if "".join(word.lower().split()) in packed), "")


def spend(rate: str, what: str, learner_id: int) -> None:
    """Count one try of a learner.

    :raises TooMany: says after how long to try again
    """
    limits.spend(rate, f"talk-{what}", require().schema, str(learner_id))


def _unfit(code: str, words: object, field: str) -> DomainError:
    return DomainError(code, words, status=422, field=field)
