"""What authors do in the shared banks: banks, new questions, drafts, next versions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators.api import Me
from public.questions import log, rows
from public.questions.models import Question, QuestionVersion, SharedBank

State = QuestionVersion.State
IN_WORK = (State.DRAFT, State.IN_REVIEW)


def not_found() -> DomainError:
    """Return the refusal for a question that does not exist."""
    return DomainError("not_found", _("没有找到这道试题，请从题库列表重新进入。"), status=404)


@transaction.atomic
def open_bank(*, title: str, about: str, me: Me, at: datetime) -> SharedBank:
    """Open a bank under a name of its own.

    :raises DomainError: ``bank_title``, ``bank_exists``
    """
    name = title.strip()
    if not 2 <= len(name) <= 60:
        raise DomainError("bank_title", _("题库名称应为 2 到 60 个字。"), status=422, field="title")
    try:
        with transaction.atomic():
            row = SharedBank.objects.create(title=name, about=about.strip()[:300], created_at=at)
    except IntegrityError:
        raise DomainError("bank_exists", _("已经有同名的题库，请换一个名称。"), status=409, field="title") from None
    log.write("bank.opened", f"bank:{row.uuid}", me, at, title=name)
    return row


@transaction.atomic
def add(*, bank: UUID, contents: Iterable[Mapping[str, Any]], me: Me, at: datetime) -> list[QuestionVersion]:
    """Write new questions as drafts of ``me``, in this order; what a draft still lacks is said by ``check``.

    :param contents: each with a kind, a topic and a difficulty at least
    :raises DomainError: ``no_bank``
    """
    into = SharedBank.objects.filter(uuid=bank).first()
    if into is None:
        raise DomainError("no_bank", _("没有找到这个题库，请重新选择。"), status=404, field="bank")
    said = list(contents)
    made = Question.objects.bulk_create([Question(bank=into, code=uuid4().hex[:20], created_at=at) for _content in said])
    for question in made:
        question.code = f"Q{question.pk:05d}"
    Question.objects.bulk_update(made, ["code"], batch_size=500)
    drafts = [_draft(question, 1, content, me=me, at=at) for question, content in zip(made, said, strict=True)]
    QuestionVersion.objects.bulk_create(drafts, batch_size=500)
    if made:
        log.write("questions.added", f"bank:{into.uuid}", me, at, n=len(made), first=made[0].code, last=made[-1].code)
    return drafts


def _draft(
    question: Question, number: int, content: Mapping[str, Any], *, me: Me, at: datetime, note: str = ""
) -> QuestionVersion:
    return QuestionVersion(
        question=question,
        number=number,
        author_id=me.credential_id,
        created_at=at,
        note=note,
        **rows.columns(content),
    )


@transaction.atomic
def save(*, version_id: int, content: Mapping[str, Any], me: Me) -> QuestionVersion:
    """Keep a draft's content; the last save wins.

    :raises DomainError: ``not_found``; ``not_author``; ``not_draft`` once it was submitted
    """
    row = own_draft(version_id, me)
    for name, value in rows.columns(content).items():
        setattr(row, name, value)
    row.save()
    return row


@transaction.atomic
def own_draft(version_id: int, me: Me) -> QuestionVersion:
    """Return a draft of ``me``, held while a transaction lasts.

    :raises DomainError: as :func:`save`
    """
    found = QuestionVersion.objects.select_for_update(of=("self",)).select_related("question").filter(pk=version_id).first()
    if found is None:
        raise not_found()
    if found.author_id != me.credential_id:
        raise DomainError("not_author", _("只能修改自己编写的试题。"), status=403)
    if found.state != State.DRAFT:
        raise DomainError("not_draft", _("这个版本已提交，不能再改。需要修改时请建立新版本。"), status=409)
    return found


@transaction.atomic
def revise(*, question: UUID, note: str, me: Me, at: datetime) -> QuestionVersion:
    """Begin the next version of a question with the words of its newest.

    :param note: why, in words
    :raises DomainError: ``not_found``, ``retired``, ``in_work``, ``note_missing``
    """
    row = held(question)
    if row.retired_at is not None:
        raise DomainError("retired", _("这道题已停用，不能再出新版本。请新建一道题。"), status=409)
    newest = row.versions.order_by("-number").first()
    if newest is None or newest.state in IN_WORK:
        raise DomainError("in_work", _("这道题已有一个版本在编写或审核，请先完成它。"), status=409)
    why = note.strip()
    if len(why) < 4:
        raise DomainError("note_missing", _("请写明为什么要改，至少 4 个字。"), status=422, field="note")
    made = _draft(row, newest.number + 1, newest.content, me=me, at=at, note=why[:200])
    made.save(force_insert=True)
    log.write("question.revised", f"question:{row.code}", me, at, version=made.number, note=why)
    return made


def held(question: UUID) -> Question:
    """Return a question, held for the transaction.

    :raises DomainError: ``not_found``
    """
    row = Question.objects.select_for_update().filter(uuid=question).first()
    if row is None:
        raise not_found()
    return row


@transaction.atomic
def discard(*, version_id: int, me: Me, at: datetime) -> None:
    """Throw one's own draft away; a question that has no other version goes with it.

    :raises DomainError: as :func:`save`; ``was_submitted``: what reviewers have read stays
    """
    row = own_draft(version_id, me)
    if row.submitted_at is not None:
        raise DomainError("was_submitted", _("这份草稿提交过审核，不能删除。不再需要时请停用这道题。"), status=409)
    question, number = row.question, row.number
    row.delete()
    if number == 1:
        question.delete()
    log.write("question.discarded", f"question:{question.code}", me, at, version=number)
