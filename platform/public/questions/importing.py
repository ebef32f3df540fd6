"""Files of questions into drafts: read, shown with what is doubtful, written only after a yes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators.api import Me
from public.questions import log, reading
from public.questions.content import KINDS, LONGEST_NAME, check
from public.questions.fingerprints import fingerprint
from public.questions.models import ImportJob, QuestionVersion, SharedBank
from public.questions.reading.samples import ABOUT, SAMPLES
from public.questions.writing import add

State = QuestionVersion.State
DOCX = reading.DOCX


@transaction.atomic
def read(*, bank: UUID, data: bytes | str, file_name: str, topic: str, me: Me, at: datetime) -> ImportJob:
    """Read a file or pasted text and keep what was found; a former file of ``me`` that still waits is dropped.

    :param topic: what questions without a topic of their own belong to
    :raises DomainError: ``no_bank``; `reading.BadFile`
    """
    into = SharedBank.objects.filter(uuid=bank).first()
    if into is None:
        raise DomainError("no_bank", _("没有找到这个题库，请重新选择。"), status=404, field="bank")
    found = reading.read_text(data, topic=topic) if isinstance(data, str) else reading.read(data, topic=topic)
    ImportJob.objects.filter(author_id=me.credential_id, done_at__isnull=True).delete()
    return ImportJob.objects.create(
        bank=into,
        author_id=me.credential_id,
        file_name=file_name[:120],
        lines=_lines(found.drafts),
        strays=[[line, remark.as_json()] for line, remark in found.strays],
        created_at=at,
    )


def _lines(drafts: list[reading.Draft]) -> list[dict[str, Any]]:
    prints = [fingerprint(draft.content) for draft in drafts]
    live = QuestionVersion.objects.exclude(state=State.RETIRED).filter(fingerprint__in=prints)
    taken: dict[str, str] = dict(live.values_list("fingerprint", "question__code"))
    kept = []
    for draft, print_ in zip(drafts, prints, strict=True):
        sound = not check(draft.content) and all(remark.is_doubt for remark in draft.remarks)
        kept.append(
            {
                "line": draft.line,
                "sheet": draft.sheet,
                "content": draft.content,
                "remarks": [remark.as_json() for remark in draft.remarks],
                "twin": taken.get(print_, ""),
                "ok": sound and print_ not in taken,
            }
        )
        taken.setdefault(print_, str(_("第 %(n)s 行") % {"n": draft.line}))
    return kept


def job(uuid: UUID, me: Me) -> ImportJob:
    """Return a file that ``me`` has sent.

    :raises DomainError: ``not_found``, also for somebody else's
    """
    row = ImportJob.objects.select_related("bank").filter(uuid=uuid, author_id=me.credential_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次导入，请重新选择文件。"), status=404)
    return row


def complaints(line: dict[str, Any]) -> list[str]:
    """Return what is wrong with a kept line or doubtful about it, in words."""
    return [*(reading.remark_words(one) for one in line["remarks"]), *check(line["content"])]


def may_be_draft(line: dict[str, Any]) -> bool:
    """Whether a line can be kept as a draft that somebody mends: it is no copy, and kind, topic and stem are there."""
    content = line["content"]
    named = 1 <= len(content["topic"]) <= LONGEST_NAME and content["difficulty"] in range(1, 6)
    return not line["twin"] and content["kind"] in KINDS and named and bool(content["stem"])


def stray_words(kept: dict[str, Any]) -> str:
    """Return what is said of something in the file that belongs to no question."""
    return reading.remark_words(kept)


def sheet_template() -> bytes:
    """Return a workbook with one question of each kind, to be filled in."""
    return reading.workbook(SAMPLES, title=str(_("试题")))


def word_template() -> bytes:
    """Return a Word document with one question of each kind."""
    return reading.document(SAMPLES, title=str(_("试题")), about=ABOUT)


@transaction.atomic
def write(*, uuid: UUID, with_flaws: bool, me: Me, at: datetime) -> int:
    """Write the lines as drafts and return how many; done twice, nothing more is written.

    :param with_flaws: also those that must be mended before they can be submitted
    :raises DomainError: ``not_found``, ``nothing_to_write``
    """
    row = ImportJob.objects.select_for_update(of=("self",)).select_related("bank").filter(uuid=uuid).first()
    if row is None or row.author_id != me.credential_id:
        raise DomainError("not_found", _("没有找到这次导入，请重新选择文件。"), status=404)
    if row.done_at is not None:
        return row.made
    fit = [line["content"] for line in row.lines if line["ok"] or (with_flaws and may_be_draft(line))]
    if not fit:
        raise DomainError("nothing_to_write", _("没有可以导入的试题，请按提示改好文件后重新选择。"), status=422)
    add(bank=row.bank.uuid, contents=fit, me=me, at=at)
    row.done_at, row.made = at, len(fit)
    row.save(update_fields=["done_at", "made"])
    log.write("questions.imported", f"bank:{row.bank.uuid}", me, at, questions=row.made, lines=len(row.lines))
    return row.made
