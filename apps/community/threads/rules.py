"""Pure rules of questions and answers."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from infra.kit import identity

SHORTEST, LONGEST, LONGEST_ANSWER = 5, 1000, 2000
"""Characters of a question or follow-up, and of an answer."""
REPORTS_PER_DAY = 10
SOON = timedelta(hours=9)
"""What is due within so long is reminded of: the whole working day of the morning reminder."""
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)")
_RESIDENT_ID = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:[ -]?\d){11}[ -]?[\dXx](?![0-9A-Za-z])")
_CARD = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,4})?(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds at a moment; see `models.TalkRule`."""

    answer_days: int
    edit_minutes: int
    per_hour: int
    names_shown: bool


DEFAULT = Rule(answer_days=2, edit_minutes=30, per_hour=6, names_shown=False)
"""Two working days: the same time that the platform gives itself for a first answer to a complaint."""


def plain(text: str) -> str:
    """Return a text as it is kept: half-width letters and digits, no invisible marks, no blank lines at its ends."""
    text = text.replace("\r\n", "\n")
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cf", "Cc", "Cs", "Co"})
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def personal_data(text: str) -> list[tuple[str, str]]:
    """Return what looks like personal data: (what it is, the masked value). Full-width and spaced digits are seen too."""
    half = unicodedata.normalize("NFKC", text)
    found, rest = [], half
    for label, pattern, mask in (
        (_("身份证号"), _RESIDENT_ID, identity.mask_resident_id),
        (_("手机号"), _MOBILE, _mask_mobile),
        (_("银行卡号"), _CARD, identity.mask_resident_id),
        (_("邮箱"), _MAIL, identity.mask_name),
    ):
        for hit in pattern.findall(rest):
            found.append((str(label), mask(re.sub(r"[ -]", "", hit))))
        rest = pattern.sub(" ", rest)
    return found


def _mask_mobile(value: str) -> str:
    return identity.mask_mobile(identity.normalise_mobile(value))


def may_edit(*, at: datetime, said_at: datetime, minutes: int) -> bool:
    """Whether one's own words may still be changed."""
    return at < said_at + timedelta(minutes=minutes)
