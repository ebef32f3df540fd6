"""Questions before they are published: handed in together, judged from four angles, published (clauses R2.8, 三.1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import canonical
from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.operators.api import Me
from public.questions import api as questions
from public.review import checklists, signing, workdays
from public.review.models import Angle, BatchVerdict, BatchVersion, Decision, QuestionBatch
from public.review.queries.policy import policy
from public.review.services import laws, log

State, Verdict = QuestionBatch.State, Decision.Verdict
LONGEST_REMARK = 300


@transaction.atomic
def submit(*, title: str, version_ids: Sequence[int], me: Me, at: datetime) -> QuestionBatch:
    """Put one's own drafts before the reviewers: freeze them, keep what they say, note the laws they name.

    :raises DomainError: ``title_missing``; ``nothing_chosen``, ``too_many``, ``not_ready``, ``not_found`` from `questions.submit`
    """
    name = worded(title, "title_missing", _("请为这批试题起个名称，至少 4 个字。"), field="title")
    frozen = questions.submit(version_ids=version_ids, me=me, at=at)
    content = {"questions": [item for _pk, item in frozen]}
    batch = QuestionBatch.objects.create(
        title=name[:80],
        content=content,
        digest=canonical.digest(content).hex(),
        size=len(frozen),
        author_id=me.credential_id,
        author_name=me.name,
        at=at,
        due_at=workdays.after(at, policy().sla_working_days),
    )
    BatchVersion.objects.bulk_create([BatchVersion(batch=batch, version_id=pk) for pk, _item in frozen])
    laws.register(pair for _pk, item in frozen for pair in questions.citations_of(item))
    _note("questions.submitted", batch, me, at, size=batch.size, digest=batch.digest)
    return batch


def _note(action: str, batch: QuestionBatch, me: Me, at: datetime, **details: Any) -> None:
    log.note(action, f"question-batch:{batch.uuid}", me, at, **details)


def held(batch: UUID) -> QuestionBatch:
    """Return a batch, held for the transaction.

    :raises DomainError: ``not_found``
    """
    row = QuestionBatch.objects.select_for_update().filter(uuid=batch).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这批试题，请从列表重新进入。"), status=404)
    return row


def refuse_unfit(batch: QuestionBatch, angle: str, me: Me) -> None:
    """Refuse whoever may not judge this angle of this batch, or judges too late.

    :raises DomainError: ``own_work``; ``wrong_state``, ``already_decided``; ``one_angle_each`` under the policy
    """
    if batch.author_id == me.credential_id:
        raise DomainError("own_work", _("不能审核自己编写的试题，请由其他审核员处理。"), status=403)
    if batch.state != State.IN_REVIEW:
        raise DomainError("wrong_state", _("这批试题当前不在审核中，请刷新页面查看最新状态。"), status=409)
    given = list(batch.verdicts.all())
    if any(row.angle == angle for row in given):
        raise DomainError("already_decided", _("这个方面刚刚已有结论，请刷新页面查看。"), status=409)
    mine = next((row for row in given if row.reviewer_id == me.credential_id), None)
    if mine is not None and policy().one_angle_each:
        message = _("同一位审核员只能审核一批试题的一个方面，您已审核“%(angle)s”。")
        raise DomainError("one_angle_each", message % {"angle": mine.get_angle_display()}, status=403)


@transaction.atomic
def decide(
    *,
    batch: UUID,
    angle: str,
    verdict: str,
    note: str,
    checks: Mapping[str, Any],
    me: Me,
    at: datetime,
    remarks: Mapping[str, str] | None = None,
) -> BatchVerdict:
    """Sign one verdict on one angle; ``RETURN`` makes all its questions drafts again, the fourth ``PASS`` lets it be published.

    :param checks: an answer to every item of the angle's list for questions; a "no" forbids a pass
    :param remarks: words on single questions, by code
    :raises DomainError: as :func:`refuse_unfit`; ``check_missing``, ``check_no``, ``note_missing``, ``remark_stray``; ``not_found``
    """
    angle, verdict = Angle(angle).value, Verdict(verdict).value
    row = held(batch)
    refuse_unfit(row, angle, me)
    signed = _signed(row, angle=angle, verdict=verdict, note=note, checks=checks, remarks=remarks or {}, me=me, at=at)
    if verdict == Verdict.RETURN:
        questions.give_back(version_ids=row.lines.values_list("version_id", flat=True))
        _move(row, State.RETURNED, at)
    elif row.verdicts.filter(verdict=Verdict.PASS).count() == len(Angle):
        _move(row, State.PASSED, None)
    _note("questions.judged", row, me, at, angle=angle, verdict=verdict, digest=signed.digest)
    return signed


def _signed(batch: QuestionBatch, *, checks: Mapping[str, Any], me: Me, at: datetime, **said: Any) -> BatchVerdict:
    checklist = checklists.of(checklists.for_questions(said["angle"]))
    answers, note, remarks = checklist.clean(checks), said["note"].strip(), _remarks(batch, said["remarks"])
    if said["verdict"] == Verdict.RETURN:
        if not remarks:
            worded(note, "note_missing", _("退回时请写明需要修改的内容，至少 4 个字，或在具体题目下写意见。"), field="note")
    else:
        checklists.refuse_noes(answers)
    row = BatchVerdict(
        batch=batch,
        angle=said["angle"],
        verdict=said["verdict"],
        note=note[:1000],
        remarks=remarks,
        checklist=checklist.name,
        checks=answers,
        reviewer_id=me.credential_id,
        reviewer_name=me.name,
        at=at,
    )
    signing.sign(row)
    row.save(force_insert=True)
    return row


def _remarks(batch: QuestionBatch, remarks: Mapping[str, str]) -> dict[str, str]:
    kept = {code: text.strip()[:LONGEST_REMARK] for code, text in remarks.items() if text.strip()}
    strays = set(kept) - {item["code"] for item in batch.content["questions"]}
    if strays:
        raise DomainError("remark_stray", _("意见里有不在这批试题中的编号，请刷新页面重试。"), status=422)
    return kept


def _move(batch: QuestionBatch, state: str, at: datetime | None) -> None:
    batch.state, batch.closed_at = state, at
    batch.save(update_fields=["state", "closed_at"])


@transaction.atomic
def publish(*, batch: UUID, me: Me, at: datetime) -> None:
    """Publish a batch whose four angles have passed, each with a whole signature over exactly what is published. Operations only.

    :raises DomainError: ``not_passed``, ``broken_signature``, ``wrong_state``; ``not_found``
    """
    row = held(batch)
    if row.state == State.PUBLISHED:
        raise DomainError("wrong_state", _("这批试题已经发布。"), status=409)
    if row.state != State.PASSED:
        raise DomainError("not_passed", _("四个方面全部通过后才能发布。"), status=409)
    given = list(row.verdicts.all())
    whole = {one.angle for one in given if one.verdict == Verdict.PASS and signing.verify(one)}
    if whole != set(Angle.values) or _now(row) != row.digest:
        raise DomainError("broken_signature", _("审核结论的签名校验没有通过，不能发布。请联系系统管理员。"), status=409)
    questions.publish(version_ids=row.lines.values_list("version_id", flat=True), me=me, at=at)
    _move(row, State.PUBLISHED, at)
    _note("questions.published", row, me, at, size=row.size)


def _now(batch: QuestionBatch) -> str:
    """Return the digest of what the versions say now."""
    refs = [questions.ref_of(item) for item in batch.content["questions"]]
    found = questions.items(refs)
    return canonical.digest({"questions": [found.get(ref) for ref in refs]}).hex()
