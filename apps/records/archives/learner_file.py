"""One learner's file (一人一档): the person, each training with learning, exams and signatures, certificates, corrections, seals.

A projection: what was recorded comes from the ledger, who the person is and what was asked comes through sockets. Fields after
安全生产法 art. 28, 浙江省安全生产条例 art. 14 and clause 四.6.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.records.archives import projecting, seals, sorting, words
from apps.records.archives.shapes import FileDocument, Section, Table
from apps.records.certificates.queries import certificates_of, standings
from apps.records.certificates.shapes import CertificateView
from apps.records.models import LedgerEntry
from apps.records.ports import FILE_PRINTER, PAPERS, PERSONS, TRAININGS, PaperFields, PersonFields, TrainingFields
from apps.records.queries import entries_of
from apps.records.shapes import EntryView
from infra.kit import clock
from tenants.api import current_site

KINDS: dict[str, Any] = {**dict(LedgerEntry.Kind.choices), LedgerEntry.Kind.CORRECTION: gettext_lazy("更正")}
"""What entries are called in a file; not only study time is corrected."""


def learner_file(subject: UUID, *, at: datetime) -> FileDocument:
    """Return a learner's file; whether the asker may see it is the caller's question.

    :raises DomainError: 404 ``not_found``
    """
    person = PERSONS.get().person(subject)
    trainings = TRAININGS.get().trainings(subject)
    entries = entries_of(subject)
    papers = PAPERS.get().papers([str(e.body["attempt"]) for e in entries if e.kind == "EXAM" and "attempt" in e.body])
    issued = certificates_of(subject)
    found = sorting.sort(entries, trainings, issued)
    site, seal = current_site(), seals.seal_of(subject)
    number = file_number(subject)
    return FileDocument(
        kind=_("一人一档"),
        title=person.name,
        subtitle=person.label,
        number=number,
        enterprise=site.name,
        uscc=site.uscc,
        facts=[(_("档案号"), number), *person.facts],
        sections=[
            *(_training(one, found.of.get(str(one.assignment), []), papers, person) for one in trainings),
            *_replaced(issued, at),
            *_others(person, entries),
            Section(_("记录与封存"), tables=[projecting.ledger(entries, KINDS, seals.sealed_numbers(subject))]),
        ],
        seal=seal,
        printed=_("生成时间 %(at)s") % {"at": words.moment(at)},
        stem=f"{_('一人一档')}-{person.name}-{number}",
        head_line=_sums(trainings, entries),
    )


def file_number(subject: UUID) -> str:
    """Return the number of a learner's file, e.g. ``DA-3F2504E04F``: the same as long as the person is on the books."""
    return f"DA-{subject.hex[:10].upper()}"


def _sums(trainings: Sequence[TrainingFields], entries: Sequence[EntryView]) -> str:
    """Return one sentence: how many trainings, how many done, how much confirmed time."""
    done = sum(1 for one in trainings if one.is_done)
    ms = sum(int(entry.body.get("effective_ms", 0)) for entry in entries)
    told = {"all": len(trainings), "done": done, "time": words.hours(max(0, ms)), "n": len(entries)}
    return _("培训 %(all)d 项，完成 %(done)d 项；累计有效学习 %(time)s；档案记录 %(n)d 条。") % told


def _training(one: TrainingFields, entries: Sequence[EntryView], papers: dict[str, PaperFields], person: PersonFields) -> Section:
    tables: list[Table] = [one.courses, projecting.study(entries), projecting.exams(entries, papers)]
    if (quizzes := projecting.quizzes(entries)) is not None:
        tables.append(quizzes)
    marks = projecting.marks(entries, learner=person.name, is_done=one.is_done)
    return Section(one.title, list(one.facts), tables, marks, state="proven" if one.is_done else "")


def _replaced(issued: Sequence[CertificateView], at: datetime) -> list[Section]:
    """Return all certificates, where one was issued in place of another: the trainings above name only what stands."""
    if not any(one.body.get("replaces") for one in issued):
        return []
    worth = standings(issued, on=clock.shanghai_date(at))
    rows = [
        [one.number, one.body["training"], one.body["name"], words.day(one.issued_at), worth[one.code].label,
         str(one.body.get("replaces") or words.NONE), told.other_number if (told := worth[one.code].replaced) else words.NONE]
        for one in reversed(issued)
    ]  # fmt: skip
    heads = [_("证明编号"), _("培训项目"), _("证明姓名"), _("发证日期"), _("状态"), _("换发自"), _("已换发为")]
    return [Section(_("培训证明"), tables=[Table(_("全部证明（原证明保留不变）"), heads, rows, (5, 5, 2, 3, 2, 5, 5))])]


def _others(person: PersonFields, entries: Sequence[EntryView]) -> list[Section]:
    found = [Section(_("特种作业与特种设备证书"), tables=[person.qualifications])] if person.qualifications.rows else []
    corrected = projecting.corrections(entries, KINDS)
    if corrected is not None:
        found.append(Section(_("更正记录"), tables=[corrected]))
    identity = projecting.identity(entries)
    if identity is not None:
        found.append(Section(_("身份核验"), tables=[identity], note=_("只保存摘要，照片不进入档案。")))
    return found


def file_pdf(document: FileDocument) -> bytes:
    """Return a file as PDF."""
    return FILE_PRINTER.get().file(document)
