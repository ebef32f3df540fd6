"""From draft to the papers and away again. Whether a version may be published is the review's business."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators.api import Me
from public.questions import log, rows
from public.questions.content import check
from public.questions.models import Citation, Question, QuestionVersion, Recheck
from public.questions.shapes import Item
from public.questions.writing import held

State = QuestionVersion.State
MOST_TOGETHER = 200


@transaction.atomic
def submit(*, version_ids: Sequence[int], me: Me, at: datetime) -> list[tuple[int, Item]]:
    """Freeze drafts of ``me`` and note the laws they name; return each id with its item, by code.

    :raises DomainError: ``nothing_chosen``, ``too_many``; ``not_ready`` with codes and complaints (``questions``); ``not_found``
    """
    wanted = set(version_ids)
    if not wanted:
        raise DomainError("nothing_chosen", _("请至少选择一道试题。"), status=422)
    if len(wanted) > MOST_TOGETHER:
        raise DomainError("too_many", _("一次最多提交 %(n)s 道试题，请分批提交。") % {"n": MOST_TOGETHER}, status=422)
    mine = QuestionVersion.objects.filter(
        pk__in=wanted, author_id=me.credential_id, state=State.DRAFT, question__retired_at__isnull=True
    )
    found = list(mine.select_for_update(of=("self",)).select_related("question").order_by("question__code"))
    if len(found) < len(wanted):
        message = _("所选试题中有的已提交、已删除或不是您编写的，请刷新页面重新选择。")
        raise DomainError("not_found", message, status=404)
    _refuse_unready(found)
    for row in found:
        row.state, row.submitted_at = State.IN_REVIEW, at
    QuestionVersion.objects.bulk_update(found, ["state", "submitted_at"])
    rows.cite(found)
    for row in found:
        log.write("question.submitted", f"question:{row.question.code}", me, at, version=row.number)
    return [(row.pk, rows.item(row)) for row in found]


def complaints(row: QuestionVersion) -> list[str]:
    """Return what keeps a version from being submitted to the shared bank, in words: it must also explain itself and name its law."""
    said = check(row.content)
    if not rows.citations_of(row.content):
        said.append(gettext("请写明法规依据，最好到条款，例如《中华人民共和国安全生产法》第四十三条。"))
    parts = row.content.get("parts") or [row.content]
    if not all(str(part.get("explanation") or row.content.get("explanation") or "").strip() for part in parts):
        said.append(gettext("请写解析：学员答错时靠它弄懂。"))
    return said


def _refuse_unready(found: list[QuestionVersion]) -> None:
    left = {row.question.code: said for row in found if (said := [str(one) for one in complaints(row)])}
    prints = [row.fingerprint for row in found]
    others = QuestionVersion.objects.filter(fingerprint__in=prints, state__in=[State.IN_REVIEW, State.PUBLISHED])
    taken = {row.fingerprint: row for row in others.select_related("question")}
    for number, row in enumerate(found):
        twin = taken.get(row.fingerprint)
        code = twin.question.code if twin and twin.question_id != row.question_id else ""
        if not code and row.fingerprint in prints[:number]:
            code = found[prints.index(row.fingerprint)].question.code
        if code:
            left.setdefault(row.question.code, []).append(str(_("与试题 %(code)s 重复。") % {"code": code}))
    if left:
        code, said = next(iter(left.items()))
        message = _("有 %(n)s 道试题还不能提交。%(code)s：%(words)s") % {"n": len(left), "code": code, "words": said[0]}
        raise DomainError("not_ready", message, status=422, questions=left)


@transaction.atomic
def give_back(*, version_ids: Iterable[int]) -> None:
    """Make versions in review drafts again, so that their author may mend them."""
    QuestionVersion.objects.filter(pk__in=list(version_ids), state=State.IN_REVIEW).update(state=State.DRAFT)


@transaction.atomic
def publish(*, version_ids: Iterable[int], me: Me, at: datetime) -> None:
    """Let papers draw these versions from now on, in place of former ones; what a change of law asked about them is answered.

    :raises DomainError: ``wrong_state`` unless all are in review
    """
    wanted = set(version_ids)
    found = list(
        QuestionVersion.objects.select_for_update(of=("self",))
        .select_related("question")
        .filter(pk__in=wanted, state=State.IN_REVIEW)
    )
    if len(found) < len(wanted):
        raise DomainError("wrong_state", _("有试题不在审核中，不能发布。请刷新页面查看最新状态。"), status=409)
    questions = [row.question_id for row in found]
    former = QuestionVersion.objects.filter(question_id__in=questions, state=State.PUBLISHED)
    former.update(state=State.RETIRED, retired_at=at)
    QuestionVersion.objects.filter(pk__in=wanted).update(state=State.PUBLISHED, published_at=at)
    _close(Recheck.objects.filter(question_id__in=questions, outcome=""), Recheck.Outcome.RENEWED, "", me, at)
    for row in found:
        log.write("question.published", f"question:{row.question.code}", me, at, version=row.number)


@transaction.atomic
def retire(*, question: UUID, reason: str, me: Me, at: datetime) -> None:
    """Take a question out of all future papers; papers that have it keep it.

    :raises DomainError: ``not_found``, ``retired``, ``in_work``, ``reason_missing``
    """
    row = held(question)
    if row.retired_at is not None:
        raise DomainError("retired", _("这道题已经停用。"), status=409)
    if row.versions.filter(state=State.IN_REVIEW).exists():
        raise DomainError("in_work", _("这道题有一个版本正在审核，请等审核结束再停用。"), status=409)
    why = reason.strip()
    if len(why) < 4:
        raise DomainError("reason_missing", _("请写明停用原因，至少 4 个字。"), status=422, field="reason")
    row.versions.filter(state=State.PUBLISHED).update(state=State.RETIRED, retired_at=at)
    row.retired_at, row.retired_reason = at, why[:200]
    row.save(update_fields=["retired_at", "retired_reason"])
    _close(row.rechecks.filter(outcome=""), Recheck.Outcome.RETIRED, why, me, at)
    log.write("question.retired", f"question:{row.code}", me, at, reason=why)


@transaction.atomic
def law_changed(*, law: str, article: str, changed_on: date, note: str, at: datetime) -> int:
    """Ask for a look at every published question that names a changed article; return how many are concerned.

    A change of a whole law concerns all who name any article of it; a change of one article also those who name the law.
    """
    ids = list(named_by(law, article).values_list("question_id", flat=True))
    for question in Question.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        Recheck.objects.update_or_create(
            question=question, law=law[:80], article=article[:12], outcome="",
            defaults={"changed_on": changed_on, "note": note[:300], "opened_at": at},
        )  # fmt: skip
    return len(ids)


def named_by(law: str, article: str = "") -> QuerySet[QuestionVersion]:
    """Return the published versions that a change of this article ("": of the whole law) concerns."""
    cited = Citation.objects.filter(law=law, **({"article__in": [article, ""]} if article else {}))
    return QuestionVersion.objects.filter(state=State.PUBLISHED, pk__in=cited.values("version_id"))


@transaction.atomic
def keep(*, recheck_id: int, words: str, me: Me, at: datetime) -> None:
    """Say that a question still holds although a law that it names has changed. Not the author's to say.

    :raises DomainError: ``not_found``, ``closed``, ``own_work``, ``words_missing``
    """
    row = Recheck.objects.select_for_update(of=("self",)).select_related("question").filter(pk=recheck_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这项核对，请刷新页面。"), status=404)
    if row.outcome:
        raise DomainError("closed", _("这项核对已经有结论。"), status=409)
    if row.question.versions.filter(state=State.PUBLISHED, author_id=me.credential_id).exists():
        raise DomainError("own_work", _("不能核对自己编写的试题，请由其他审核员处理。"), status=403)
    said = words.strip()
    if len(said) < 4:
        raise DomainError("words_missing", _("请写明核对了什么，至少 4 个字。"), status=422, field="words")
    _close(Recheck.objects.filter(pk=row.pk), Recheck.Outcome.KEPT, said, me, at)
    log.write("question.kept", f"question:{row.question.code}", me, at, law=row.law, article=row.article, words=said)


def _close(found: QuerySet[Recheck], outcome: str, words: str, me: Me, at: datetime) -> None:
    found.update(outcome=outcome, words=words[:200], closed_by=me.credential_id, closed_name=me.name, closed_at=at)
