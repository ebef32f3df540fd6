"""Files of questions between upload and commit: read, judged, mended line by line, written whole or not at all (clause R2.8)."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.bank import judging, queueing, writing
from apps.exams.bank.models import Bank, BankImport, ImportLine, Question
from infra.kit.errors import DomainError
from public.questions import api as questions
from public.questions import reading
from public.questions.reading import Reading

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
    name = PurePath(file_name.replace("\\", "/")).name[-200:]
    if queueing.is_large(data, text):
        return _queued(home, name, queueing.keep(data, text), by, at)
    found = reading.read_text(text, topic=home.topic) if text else reading.read(data, topic=home.topic)
    with transaction.atomic():
        _give_up_old(home, at)
        return _filled(BankImport.objects.create(bank=home, file_name=name, by_id=by, at=at), found)


@transaction.atomic
def _queued(home: Bank, name: str, key: str, by: int, at: datetime) -> BankImport:
    _give_up_old(home, at)
    job = BankImport(bank=home, file_name=name, state=State.READING, storage_key=key, by_id=by, at=at)
    queueing.ring(job, at)
    job.save()
    return job


def read_in(job: BankImport, *, at: datetime) -> BankImport:
    """Read the file of a locked job that waits for it; a worker's part of :func:`receive`.

    :raises BadFile: the file cannot be used
    """
    found = queueing.read_kept(job.storage_key, topic=job.bank.topic)
    queueing.tell(job.uuid, 0, len(found.drafts))
    job.state = State.READY
    queueing.forget(job)
    return _filled(job, found)


def _filled(job: BankImport, found: Reading) -> BankImport:
    """Judge what was read and keep it."""
    strays = [{"line": line, **remark.as_json()} for line, remark in found.strays]
    job.strays = strays[:200]
    job.save()
    lines = judging.lines(job, found)
    judging.settle(job, lines, judging.known(job, lines))
    ImportLine.objects.bulk_create(lines, batch_size=_BATCH)
    return job


def _give_up_old(bank: Bank, at: datetime) -> None:
    waiting = bank.imports.filter(state=State.READY).order_by("-at", "-pk")
    for job in waiting[MOST_OPEN - 1 :]:
        _end(job, State.GIVEN_UP, at)


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
    judging.judge(line, clean, judging.contents(job.bank, [line.code]) if line.code else {}, is_wrong=False)
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
    changed = judging.settle(job, lines, judging.known(job, lines))
    ImportLine.objects.bulk_update(changed, ["outcome", "twin"], batch_size=_BATCH)


@transaction.atomic
def commit(*, job_uuid: UUID, whole: bool, by: int, at: datetime) -> BankImport:
    """Write an import into its bank: everything that is right or, with ``whole``, nothing unless all is right.

    Many questions are left to a worker: the job is ``WRITING`` then, and nothing is in the bank yet.

    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``, ``bank_archived``, ``not_all_right``, ``nothing_right``
    """
    job = _waiting(job_uuid)
    writing.open_for_writing(job.bank.uuid)
    job.asked, job.problem = {"whole": whole, "by": by, "since": at.isoformat()}, ""
    if job.lines.count() <= queueing.LARGE_LINES:
        return write_out(job, at=at)
    _refuse_useless(counts(job), whole=whole)
    job.state = State.WRITING
    queueing.tell(job.uuid, 0, job.lines.count())
    queueing.ring(job, at)
    job.save()
    return job


def _refuse_useless(counted: Mapping[str, int], *, whole: bool) -> None:
    if whole and counted[Outcome.WRONG]:
        words = _("还有 %(n)s 题没有改好，一题也没有导入。请改好标红的题，或选择只导入正确的题。")
        raise DomainError("not_all_right", words % {"n": counted[Outcome.WRONG]}, status=409)
    if not counted[Outcome.NEW] + counted[Outcome.UPDATE]:
        raise DomainError("nothing_right", _("没有可以导入的题。请先改好标红的题，或保留重复的题。"), status=409)


def write_out(job: BankImport, *, at: datetime) -> BankImport:
    """Write a locked job into its bank as it was ``asked``; in the caller's transaction.

    :raises DomainError: as :func:`commit`
    """
    whole, by = bool(job.asked["whole"]), int(job.asked["by"])
    writing.open_for_writing(job.bank.uuid)
    Bank.objects.select_for_update().get(pk=job.bank_id)  # two imports into one bank would not see each other's questions
    _resettle(job)
    counted = counts(job)
    _refuse_useless(counted, whole=whole)
    total = counted[Outcome.NEW] + counted[Outcome.UPDATE]
    new = job.lines.filter(outcome=Outcome.NEW).order_by("place").values_list("code", "content")
    writing.add_all(bank=job.bank, rows=list(new), by=by, at=at, done=lambda n: queueing.tell(job.uuid, n, total))
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
