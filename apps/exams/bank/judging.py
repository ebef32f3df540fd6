"""What becomes of each line of an import: whether it can be a question, and what it repeats."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.exams.bank import duplicates, writing
from apps.exams.bank.models import Bank, BankImport, ImportLine, Question, QuestionVersion
from public.questions import api as questions
from public.questions.reading import Draft, Reading

Outcome = ImportLine.Outcome


def lines(job: BankImport, found: Reading) -> list[ImportLine]:
    """Return what was read as lines, not saved yet, each judged by itself; one query."""
    codes = {draft.code for draft in found.drafts if draft.code}
    known = contents(job.bank, codes)
    return [_line(job, place, draft, known) for place, draft in enumerate(found.drafts, 1)]


def _line(job: BankImport, place: int, draft: Draft, known: Mapping[str, Any]) -> ImportLine:
    line = ImportLine(job=job, place=place, line=draft.line, sheet=draft.sheet[:40], code=draft.code)
    line.remarks = [remark.as_json() for remark in draft.remarks]
    judge(line, writing.tidied(draft.content), known, is_wrong=any(not remark.is_doubt for remark in draft.remarks))
    return line


def judge(line: ImportLine, content: dict[str, Any], known: Mapping[str, Any], *, is_wrong: bool) -> None:
    """Lay down what a line says and whether that can be a question."""
    line.content = content
    line.is_wrong = is_wrong or bool(questions.check(content))
    line.fingerprint = "" if line.is_wrong else questions.fingerprint(content)
    line.is_same = not line.is_wrong and known.get(line.code) == content


def contents(bank: Bank, codes: Iterable[str]) -> dict[str, Any]:
    """Return what questions of the bank say now, by code; one query."""
    rows = QuestionVersion.objects.filter(question__bank=bank, question__code__in=set(codes), question__archived_at=None)
    newest = rows.select_related("question").order_by("number")
    return {row.question.code: row.content for row in newest if row.number == row.question.version}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is there already: codes of this bank, and who says what the fingerprints stand for."""

    codes: set[str]
    twins: dict[str, duplicates.Twin]


def known(job: BankImport, lines: Sequence[ImportLine]) -> _Known:
    """Return what is there already of what these lines say; three queries."""
    codes = Question.objects.filter(bank=job.bank, code__in={line.code for line in lines if line.code})
    twins = duplicates.twins(line.fingerprint for line in lines if line.fingerprint)
    return _Known(set(codes.values_list("code", flat=True)), twins)


def settle(job: BankImport, lines: Sequence[ImportLine], known: _Known) -> list[ImportLine]:
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
