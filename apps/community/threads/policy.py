"""What the enterprise has chosen: dated rules, own banned words, answers given again and again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.community.threads import rules
from apps.community.threads.models import BannedWord, Canned, TalkRule
from infra.kit.errors import DomainError
from public.audit import api as audit

MOST_WORDS, MOST_CANNED = 500, 100


def rule() -> rules.Rule:
    """Return what holds now, in one query."""
    row = TalkRule.objects.order_by("-at", "-pk").first()
    return rules.Rule(row.answer_days, row.edit_minutes, row.per_hour, row.names_shown) if row else rules.DEFAULT


def history(most: int = 10) -> list[TalkRule]:
    """Return the newest rules with who set them."""
    return list(TalkRule.objects.select_related("by").order_by("-at", "-pk")[:most])


@transaction.atomic
def set_rule(*, wanted: rules.Rule, by: int, at: datetime) -> None:
    """Let another rule hold from now on; the same one again writes nothing. What was asked before keeps its day.

    :raises DomainError: 422 ``out_of_bounds``
    """
    if not (1 <= wanted.answer_days <= 30 and 0 <= wanted.edit_minutes <= 1440 and 1 <= wanted.per_hour <= 100):
        raise DomainError("out_of_bounds", _("请填写允许范围内的数字。"), status=422)
    if wanted == (old := rule()):
        return
    before, said = ({name: getattr(one, name) for name in wanted.__slots__} for one in (old, wanted))
    TalkRule.objects.create(**said, by_id=by, at=at)
    audit.record("talk.rule", actor=f"manager:{by}", target="talk", at=at, before=before, after=said)


@transaction.atomic
def set_banned(*, words: str, by: int, at: datetime) -> int:
    """Make exactly these the enterprise's own banned words, one a line; return how many.

    :raises DomainError: 422 ``too_many_words``, ``word_length``
    """
    wanted = list(dict.fromkeys(word for line in words.splitlines() if (word := line.strip())))
    if len(wanted) > MOST_WORDS:
        raise DomainError("too_many_words", _("最多 500 个词，请删减。"), status=422, field="words")
    if bad := next((word for word in wanted if not 2 <= len(word) <= 30), ""):
        said = _("每行一个词，2 到 30 个字：“%(word)s”不合适。") % {"word": bad[:30]}
        raise DomainError("word_length", said, status=422, field="words")
    BannedWord.objects.exclude(word__in=wanted).delete()
    BannedWord.objects.bulk_create([BannedWord(word=word, at=at) for word in wanted], ignore_conflicts=True)
    audit.record("talk.banned_words", actor=f"manager:{by}", target="talk", at=at, n=len(wanted))
    return len(wanted)


def banned() -> list[str]:
    """Return the enterprise's own banned words."""
    return list(BannedWord.objects.order_by("word").values_list("word", flat=True))


def canned() -> list[Canned]:
    """Return the answers that are given again and again, by title."""
    return list(Canned.objects.order_by("title", "pk"))


@transaction.atomic
def add_canned(*, title: str, words: str, at: datetime) -> Canned:
    """Keep one more.

    :raises DomainError: 422 ``words_missing``; 409 ``too_many_canned``
    """
    title, words = title.strip()[:60], rules.plain(words)
    if not title or not words:
        raise DomainError("words_missing", _("请填写标题和内容。"), status=422, field="title")
    if Canned.objects.count() >= MOST_CANNED:
        raise DomainError("too_many_canned", _("最多 100 条常用答复，请先删除不用的。"), status=409, field="title")
    return Canned.objects.create(title=title, words=words[: rules.LONGEST_ANSWER], at=at)


def remove_canned(*, uuid: UUID) -> None:
    """Forget one; done twice, nothing happens."""
    Canned.objects.filter(uuid=uuid).delete()
