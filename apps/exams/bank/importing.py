"""Files of questions between upload and commit: read, judged, mended line by line, written whole or not at all (clause R2.8)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.bank import duplicates, writing
from apps.exams.bank.models import Bank, BankImport, ImportLine, Question, QuestionVersion
from infra.kit.errors import DomainError
from public.questions import api as questions
from public.questions import reading
from public.questions.reading import Draft, Reading

Outcome, State = ImportLine.Outcome, BankImport.State
MOST_OPEN = 20
"""Imports of one bank that may wait at a time; older ones are given up."""
_BATCH = 1_000


def receive(*, bank: UUID, file_name: str, by: int, at: datetime, data: bytes = b"", text: str = "") -> BankImport:
    """Read a file, or pasted text, and keep its questions for a manager to look at. Nothing is in the bank yet.

    :raises BadFile: the file cannot be used; its words say what to do
    :raises DomainError: 404 ``not_found``; 409 ``bank_archived``
    """
    home = writing.open_for_writing(bank)
    found = reading.read_text(text, topic=home.topic) if text else reading.read(data, topic=home.topic)
    with transaction.atomic():
        _give_up_old(home, at)
        name = PurePath(file_name.replace("\\", "/")).name
        strays = [{"line": line, **remark.as_json()} for line, remark in found.strays]
        job = BankImport.objects.create(bank=home, file_name=name[-200:], strays=strays[:200], by_id=by, at=at)
        lines = _lines(job, found)
        _settle(job, lines, _known(job, lines))
        ImportLine.objects.bulk_create(lines, batch_size=_BATCH)
    return job


def _give_up_old(bank: Bank, at: datetime) -> None:
    waiting = bank.imports.filter(state=State.READY).order_by("-at", "-pk")
    for job in waiting[MOST_OPEN - 1 :]:
        _end(job, State.GIVEN_UP, at)


def _lines(job: BankImport, found: Reading) -> list[ImportLine]:
    codes = {draft.code for draft in found.drafts if draft.code}
    known = _contents(job.bank, codes)
    return [_line(job, place, draft, known) for place, draft in enumerate(found.drafts, 1)]


def _line(job: BankImport, place: int, draft: Draft, known: Mapping[str, Any]) -> ImportLine:
    line = ImportLine(job=job, place=place, line=draft.line, sheet=draft.sheet[:40], code=draft.code)
    line.remarks = [remark.as_json() for remark in draft.remarks]
    _judge(line, writing.tidied(draft.content), known, is_wrong=any(not remark.is_doubt for remark in draft.remarks))
    return line


def _judge(line: ImportLine, content: dict[str, Any], known: Mapping[str, Any], *, is_wrong: bool) -> None:
    """Lay down what a line says and whether that can be a question."""
    line.content = content
    line.is_wrong = is_wrong or bool(questions.check(content))
    line.fingerprint = "" if line.is_wrong else questions.fingerprint(content)
    line.is_same = not line.is_wrong and known.get(line.code) == content


def _contents(bank: Bank, codes: Iterable[str]) -> dict[str, Any]:
    """Return what questions of the bank say now, by code; one query."""
    rows = QuestionVersion.objects.filter(question__bank=bank, question__code__in=set(codes), question__archived_at=None)
    newest = rows.select_related("question").order_by("number")
    return {row.question.code: row.content for row in newest if row.number == row.question.version}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is there already: codes of this bank, and who says what the fingerprints stand for."""

    codes: set[str]
    twins: dict[str, duplicates.Twin]


def _known(job: BankImport, lines: Sequence[ImportLine]) -> _Known:
    codes = Question.objects.filter(bank=job.bank, code__in={line.code for line in lines if line.code})
    twins = duplicates.twins(line.fingerprint for line in lines if line.fingerprint)
    return _Known(set(codes.values_list("code", flat=True)), twins)


def _settle(job: BankImport, lines: Sequence[ImportLine], known: _Known) -> list[ImportLine]:
    """Say what becomes of each line beside the others, in their order; returns those for which that changed."""
    changed = []
    prints: dict[str, int] = {}
    codes: dict[str, int] = {}
    for line in lines:
        before = (line.outcome, line.twin)
        line.outcome, line.twin = _outcome(line, known, prints, codes)
        if line.outcome not in {Outcome.DROPPED, Outcome.WRONG}:
            prints.setdefault(line.fingerprint, line.line)
            if line.code:
                codes.setdefault(line.code, line.line)
        if (line.outcome, line.twin) != before:
            changed.append(line)
    return changed


def _outcome(line: ImportLine, known: _Known, prints: Mapping[str, int], codes: Mapping[str, int]) -> tuple[str, dict[str, Any]]:
    if line.dropped:
        return Outcome.DROPPED, {}
    if line.is_wrong:
        return Outcome.WRONG, {}
    if line.code in codes:
        return Outcome.WRONG, {"line": codes[line.code], "code": line.code}
    if line.code in known.codes:
        return (Outcome.SAME if line.is_same else Outcome.UPDATE), {}
    twin: dict[str, Any] = {"line": prints[line.fingerprint]} if line.fingerprint in prints else {}
    if not twin and (held := known.twins.get(line.fingerprint)):
        twin = held.as_json()
    return (Outcome.TWIN if twin and not line.kept else Outcome.NEW), twin


def job_of(uuid: UUID, *, lock: bool = False) -> BankImport:
    """Return an import with its bank.

    :raises DomainError: 404 ``not_found``
    """
    rows = BankImport.objects.select_related("bank", "by")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次导入，请从题库重新上传。"), status=404)
    return row


def line_of(job: BankImport, place: int) -> ImportLine:
    """Return a line of an import.

    :raises DomainError: 404 ``not_found``
    """
    row = job.lines.filter(place=place).first()
    if row is None:
        raise DomainError("not_found", _("这次导入里没有这道题，可能已经导入或放弃。"), status=404)
    return row


def counts(job: BankImport) -> dict[str, int]:
    """Return how many lines have each outcome; every outcome is named. One query."""
    counted = Counter(job.lines.values_list("outcome", flat=True))
    return {outcome: counted[outcome] for outcome in Outcome.values}


@transaction.atomic
def mend(*, job_uuid: UUID, place: int, content: Mapping[str, Any]) -> list[str]:
    """Put what a manager wrote in the place of a line and judge it again; returns what is still wrong, in words.

    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``
    """
    job = _waiting(job_uuid)
    line = line_of(job, place)
    clean = writing.tidied(content)
    line.remarks = []
    _judge(line, clean, _contents(job.bank, [line.code]) if line.code else {}, is_wrong=False)
    line.save()
    _resettle(job)
    return questions.check(clean)


@transaction.atomic
def decide(*, job_uuid: UUID, place: int, dropped: bool = False, kept: bool = False) -> ImportLine:
    """Take a line out, put it back, or let it in although it repeats another question.

    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``
    """
    job = _waiting(job_uuid)
    line = line_of(job, place)
    line.dropped, line.kept = dropped, kept
    line.save(update_fields=["dropped", "kept"])
    _resettle(job)
    line.refresh_from_db()
    return line


def _resettle(job: BankImport) -> None:
    """Judge all lines beside each other and beside the banks as they are now; their contents need not be read."""
    lines = list(job.lines.defer("content", "remarks").order_by("place"))
    changed = _settle(job, lines, _known(job, lines))
    ImportLine.objects.bulk_update(changed, ["outcome", "twin"], batch_size=_BATCH)


@transaction.atomic
def commit(*, job_uuid: UUID, whole: bool, by: int, at: datetime) -> BankImport:
    """Write an import into its bank: everything that is right or, with ``whole``, nothing unless all is right.

    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``, ``bank_archived``, ``not_all_right``, ``nothing_right``
    """
    job = _waiting(job_uuid)
    writing.open_for_writing(job.bank.uuid)
    Bank.objects.select_for_update().get(pk=job.bank_id)  # two imports into one bank would not see each other's questions
    _resettle(job)
    counted = counts(job)
    if whole and counted[Outcome.WRONG]:
        words = _("还有 %(n)s 题没有改好，一题也没有导入。请改好标红的题，或选择只导入正确的题。")
        raise DomainError("not_all_right", words % {"n": counted[Outcome.WRONG]}, status=409)
    if not counted[Outcome.NEW] + counted[Outcome.UPDATE]:
        raise DomainError("nothing_right", _("没有可以导入的题。请先改好标红的题，或保留重复的题。"), status=409)
    new = job.lines.filter(outcome=Outcome.NEW).order_by("place").values_list("code", "content")
    writing.add_all(bank=job.bank, rows=list(new), by=by, at=at)
    update = dict(job.lines.filter(outcome=Outcome.UPDATE).values_list("code", "content"))
    rows = Question.objects.select_for_update(of=("self",)).filter(bank=job.bank, code__in=update)
    writing.change_all(rows=[(row, update[row.code]) for row in rows], note=_note(job), by=by, at=at)
    job.added, job.changed = counted[Outcome.NEW], counted[Outcome.UPDATE]
    job.left_out = counted[Outcome.WRONG] + counted[Outcome.TWIN] + counted[Outcome.DROPPED]
    return _end(job, State.DONE, at)


def _note(job: BankImport) -> str:
    return str(_("从“%(file)s”导入") % {"file": job.file_name[-120:]})


@transaction.atomic
def give_up(*, job_uuid: UUID, at: datetime) -> BankImport:
    """Forget an import that waits; nothing is written.

    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``
    """
    return _end(_waiting(job_uuid), State.GIVEN_UP, at)


def _waiting(uuid: UUID) -> BankImport:
    job = job_of(uuid, lock=True)
    if job.state != State.READY:
        words = _("这次导入的状态已经变了：%(state)s。请刷新页面再看。")
        raise DomainError("not_waiting", words % {"state": job.get_state_display()}, status=409)
    return job


def _end(job: BankImport, state: BankImport.State, at: datetime) -> BankImport:
    job.state, job.ended_at = state, at
    job.save()
    job.lines.all().delete()
    return job


def complaints(line: ImportLine) -> list[str]:
    """Return what is wrong or doubtful about a line, in words."""
    said = [reading.remark_words(kept) for kept in line.remarks]
    if not line.is_wrong and "code" in line.twin and "line" in line.twin:
        said.append(_("编号与第 %(line)s 行的题相同，请改掉一个编号后重新上传，或移除这一题。") % line.twin)
    hard = [kept for kept in line.remarks if not reading.Remark(kept["code"]).is_doubt]
    return said if hard else [*said, *questions.check(line.content)]
