"""Writing banks and questions (clause R2.8). A change is a new version; nothing is deleted."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.bank import queries
from apps.exams.bank.models import Bank, Question, QuestionVersion
from infra.kit.errors import DomainError
from public.questions import api as questions
from public.questions.reading import tidy, tidy_lines

LONGEST_TITLE, LONGEST_TOPIC = 60, 40
MOST_AT_ONCE = 500
_BATCH = 1_000


def open_bank(*, title: str, topic: str, about: str, by: int, at: datetime) -> Bank:
    """Add a bank.

    :raises DomainError: 422 ``text_missing``, ``bank_title_twice``
    """
    values = _bank_values(title, topic, about)
    return _unique(lambda: Bank.objects.create(**values, created_by_id=by, created_at=at))


def change_bank(*, uuid: UUID, title: str, topic: str, about: str) -> Bank:
    """Rename a bank, or change what its questions belong to by default; questions keep what they say.

    :raises DomainError: 404 ``not_found``; 422 ``text_missing``, ``bank_title_twice``
    """
    row, values = queries.bank(uuid), _bank_values(title, topic, about)

    def save() -> Bank:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*values])
        return row

    return _unique(save)


def archive_bank(*, uuid: UUID, at: datetime) -> Bank:
    """Take a bank off the list: no paper draws from it any more; old papers keep their questions."""
    row = queries.bank(uuid)
    row.archived_at = row.archived_at or at
    row.save(update_fields=["archived_at"])
    return row


def restore_bank(*, uuid: UUID) -> Bank:
    """Put a bank back.

    :raises DomainError: 404 ``not_found``; 422 ``bank_title_twice``
    """
    row = queries.bank(uuid)

    def save() -> Bank:
        row.archived_at = None
        row.save(update_fields=["archived_at"])
        return row

    return _unique(save)


def _unique(save: Any) -> Bank:
    try:
        with transaction.atomic():
            found: Bank = save()
            return found
    except IntegrityError as error:
        words = _("已有同名的题库，请换一个名称。")
        raise DomainError("bank_title_twice", words, status=422, field="title") from error


def _bank_values(title: str, topic: str, about: str) -> dict[str, str]:
    values = {"title": tidy(title)[:LONGEST_TITLE], "topic": tidy(topic)[:LONGEST_TOPIC], "about": about.strip()[:300]}
    for name, words in (("title", _("请填写题库名称。")), ("topic", _("请填写知识主题，例如 安全生产法。"))):
        if not values[name]:
            raise DomainError("text_missing", words, status=422, field=name)
    return values


@transaction.atomic
def add(*, bank: UUID, content: Mapping[str, Any], by: int, at: datetime) -> Question:
    """Add a question.

    :raises DomainError: 404 ``not_found``; 409 ``bank_archived``; 422 ``question_unfit`` with the complaints in words
    """
    home = open_for_writing(bank)
    clean = fit(content)
    return add_all(bank=home, rows=[("", clean)], by=by, at=at)[0]


@transaction.atomic
def change(*, uuid: UUID, content: Mapping[str, Any], seen: int, note: str, by: int, at: datetime) -> Question:
    """Write a new version; saying the same again changes nothing.

    :param seen: number of the version that was changed
    :raises DomainError: 404 ``not_found``; 409 ``changed_meanwhile``, ``bank_archived``; 422 ``question_unfit``
    """
    row = Question.objects.select_for_update(of=("self",)).select_related("bank").filter(uuid=uuid).first()
    if row is None:
        queries.question(uuid)
        raise AssertionError(uuid)
    if row.bank.archived_at:
        raise _archived()
    if row.version != seen:
        words = _("这道题刚刚被别人改过。请打开最新的一版，再改一次。")
        raise DomainError("changed_meanwhile", words, status=409)
    clean = fit(content)
    if queries.newest(row).content == clean:
        return row
    change_all(rows=[(row, clean)], note=note.strip()[:200], by=by, at=at)
    return row


@transaction.atomic
def archive(*, uuids: Collection[UUID], at: datetime) -> int:
    """Take questions out of drawing and return how many; papers and attempts keep them.

    :raises DomainError: 422 ``nothing_chosen``, ``too_many``
    """
    return _chosen(uuids).filter(archived_at=None).update(archived_at=at)


@transaction.atomic
def restore(*, uuids: Collection[UUID]) -> int:
    """Put archived questions back and return how many."""
    return _chosen(uuids).exclude(archived_at=None).update(archived_at=None)


@transaction.atomic
def move(*, uuids: Collection[UUID], bank: UUID) -> int:
    """Put questions into another bank and return how many moved.

    :raises DomainError: 404 ``not_found``; 409 ``bank_archived``; 422 ``nothing_chosen``, ``too_many``
    """
    home = open_for_writing(bank)
    return _chosen(uuids).exclude(bank=home).update(bank=home)


def _chosen(uuids: Collection[UUID]) -> QuerySet[Question]:
    if not uuids:
        raise DomainError("nothing_chosen", _("请先勾选试题。"), status=422)
    if len(uuids) > MOST_AT_ONCE:
        raise DomainError("too_many", _("一次最多处理 %(n)d 道题，请分几次。") % {"n": MOST_AT_ONCE}, status=422)
    return Question.objects.filter(uuid__in=uuids)


def open_for_writing(uuid: UUID) -> Bank:
    """Return a bank that takes questions.

    :raises DomainError: 404 ``not_found``; 409 ``bank_archived``
    """
    row = queries.bank(uuid)
    if row.archived_at:
        raise _archived()
    return row


def _archived() -> DomainError:
    return DomainError("bank_archived", _("这个题库已归档，不能再改。请先恢复题库。"), status=409)


def fit(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content as it is kept, in tidy words.

    :raises DomainError: 422 ``question_unfit``; its ``complaints`` say what is wrong
    """
    clean = tidied(content)
    if said := questions.check(clean):
        raise DomainError("question_unfit", said[0], status=422, complaints=said)
    return clean


def tidied(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content without odd spaces, multiple answers in order; a case without options and answer of its own."""
    clean = dict(content)
    for name in ("stem", "explanation", "basis"):
        clean[name] = tidy_lines(str(clean.get(name, "")))
    if "topic" in clean:
        clean["topic"] = tidy(str(clean["topic"]))
        clean["points"] = list(dict.fromkeys(tidy(point) for point in clean.get("points", []) if tidy(point)))
    clean["options"] = [{"key": one["key"], "text": tidy_lines(one["text"])} for one in clean.get("options", [])]
    if clean.get("kind") == "multiple":
        clean["answer"] = sorted(clean.get("answer", []))
    if clean.get("kind") == "case":
        clean["parts"] = [tidied(part) for part in clean.get("parts", [])]
        clean["options"], clean["answer"] = [], []
    return clean


def add_all(
    *, bank: Bank, rows: Sequence[tuple[str, Mapping[str, Any]]], by: int, at: datetime, done: Callable[[int], None] | None = None
) -> list[Question]:
    """Add fit contents in their order, a thousand in three statements; the caller holds the transaction.

    :param rows: (code or "", content); a code that is taken, or none, gives the next of ours: E00001
    :param done: told how many are written, after each thousand
    """
    keys = _next_keys(len(rows))
    asked = {code for code, _content in rows if code}
    taken = set(Question.objects.filter(code__in=asked | {f"E{key:05d}" for key in keys}).values_list("code", flat=True))
    made = []
    for key, (code, content) in zip(keys, rows, strict=True):
        own = code if code and code not in taken else _free_code(key, taken, asked)
        taken.add(own)
        made.append(Question(pk=key, bank=bank, code=own, created_at=at, changed_at=at, **columns(content)))
    for start in range(0, len(made), _BATCH):
        part = made[start : start + _BATCH]
        Question.objects.bulk_create(part)
        _add_versions([(row, content) for row, (_code, content) in zip(part, rows[start:], strict=False)], "", by, at)
        if done is not None:
            done(start + len(part))
    return made


def _free_code(key: int, taken: set[str], asked: Collection[str]) -> str:
    """Return a code of ours that nobody has: a file of another enterprise may have brought the one that is next."""
    while (code := f"E{key:05d}") in taken or code in asked:
        (key,) = _next_keys(1)
        taken |= set(Question.objects.filter(code=f"E{key:05d}").values_list("code", flat=True))
    return code


def change_all(*, rows: Sequence[tuple[Question, Mapping[str, Any]]], note: str, by: int, at: datetime) -> None:
    """Write new versions of locked questions; archived ones come back. The caller holds the transaction."""
    names: list[str] = []
    for row, content in rows:
        values = columns(content) | {"version": row.version + 1, "changed_at": at, "archived_at": None}
        names = [*values]
        for name, value in values.items():
            setattr(row, name, value)
    if rows:
        Question.objects.bulk_update([row for row, _content in rows], names, batch_size=500)
        _add_versions(rows, note, by, at)


def _add_versions(rows: Sequence[tuple[Question, Mapping[str, Any]]], note: str, by: int, at: datetime) -> None:
    made = [
        QuestionVersion(question=row, number=row.version, content=dict(content), note=note, by_id=by, at=at)
        for row, content in rows
    ]
    QuestionVersion.objects.bulk_create(made, batch_size=1_000)


def _next_keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        table = Question._meta.db_table
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return sorted(key for (key,) in cursor.fetchall())


def columns(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a question that follow from a fit content."""
    named = [content.get("basis", ""), *(part.get("basis", "") for part in content.get("parts", []))]
    basis = "\n".join(dict.fromkeys(line for line in named if line))
    return {
        "kind": content["kind"],
        "topic": content["topic"],
        "points": content.get("points", []),
        "difficulty": content["difficulty"],
        "stem": content["stem"],
        "basis": basis,
        "cites": cites(basis),
        "items": len(content.get("parts", [])) or 1,
        "words": questions.words(content),
        "fingerprint": questions.fingerprint(content),
    }


def cites(basis: str) -> list[str]:
    """Return the articles that a basis names as ``law|article``, of several laws between ``；`` or on lines."""
    parts = basis.replace("；", "\n").replace(";", "\n").replace("、《", "\n《").split("\n")
    return list(dict.fromkeys(f"{law}|{article}" for part in parts for law, article in questions.citations(part)))
