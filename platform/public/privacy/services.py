"""Writes: another version of a notice."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.api import Me
from public.privacy.models import NoticeVersion

MOST_PARAGRAPHS, LONGEST = 40, 600


@transaction.atomic
def publish(
    *,
    kind: str,
    version: str,
    valid_from: date,
    text: str,
    text_en: str,
    changes: str,
    changes_en: str,
    me: Me,
    at: datetime,
    ip: str,
) -> NoticeVersion:
    """Let another version of a notice hold from a day on, tomorrow at the earliest: whoever is told today was told today's.

    :param text: one paragraph a line, ``标题：内容``
    :raises DomainError: 422 ``in_the_past``, ``text_missing``, ``text_too_long``; 409 ``version_taken``, ``day_taken``
    """
    if valid_from <= clock.shanghai_date(at):
        raise DomainError("in_the_past", _("新版本最早从明天开始生效。"), status=422, field="valid_from")
    paragraphs, paragraphs_en = _lines(text, "text"), _lines(text_en, "text_en")
    kind, version = NoticeVersion.Kind(kind), version.strip()
    rows = NoticeVersion.objects.filter(kind=kind)
    if rows.filter(version=version).exists():
        raise DomainError("version_taken", _("这个版本号已经用过，请换一个。"), status=409, field="version")
    if rows.filter(valid_from=valid_from).exists():
        raise DomainError("day_taken", _("这一天已有一个版本生效，请换一天。"), status=409, field="valid_from")
    who = f"operator:{me.credential_id}"
    row = NoticeVersion.objects.create(
        kind=kind, version=version, valid_from=valid_from, paragraphs=paragraphs, paragraphs_en=paragraphs_en,
        changes=changes.strip(), changes_en=changes_en.strip(), by=who, at=at,
    )  # fmt: skip
    audit.record("privacy.notice", actor=who, target=f"notice:{kind}/{version}", at=at, ip=ip, valid_from=valid_from.isoformat())
    return row


def _lines(text: str, field: str) -> list[str]:
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if len(found) < 2:
        raise DomainError("text_missing", _("请写全告知内容，每段一行。"), status=422, field=field)
    if len(found) > MOST_PARAGRAPHS or any(len(line) > LONGEST for line in found):
        words = _("最多 %(n)d 段，每段不超过 %(m)d 个字。") % {"n": MOST_PARAGRAPHS, "m": LONGEST}
        raise DomainError("text_too_long", words, status=422, field=field)
    return found
