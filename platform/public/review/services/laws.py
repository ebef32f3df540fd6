"""Which versions stand on which articles, and what follows when one changes."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.catalogue import api as catalogue
from public.operators.api import Me
from public.questions import api as questions
from public.review import workdays
from public.review.models import Citation, LawArticle, ReReview
from public.review.queries.laws import citing
from public.review.queries.policy import policy
from public.review.services import log, rereviews


@transaction.atomic
def cite(version_id: int, legal_basis: Iterable[str]) -> None:
    """Note the articles that a version names; those it named before and names no more are dropped."""
    wanted = {pair for basis in legal_basis for pair in questions.citations(str(basis))}
    ids = {LawArticle.objects.get_or_create(law=law[:80], article=article[:12])[0].pk for law, article in sorted(wanted)}
    Citation.objects.filter(version_id=version_id).exclude(article_id__in=ids).delete()
    rows = [Citation(version_id=version_id, article_id=pk) for pk in sorted(ids)]
    Citation.objects.bulk_create(rows, ignore_conflicts=True)


def register(pairs: Iterable[tuple[str, str]]) -> None:
    """Enter the articles that something else than a course names, so that their change can be marked."""
    wanted = {(law[:80], article[:12]) for law, article in pairs}
    known = set(LawArticle.objects.filter(law__in={law for law, _article in wanted}).values_list("law", "article"))
    LawArticle.objects.bulk_create(
        [LawArticle(law=law, article=article) for law, article in sorted(wanted - known)], ignore_conflicts=True
    )


@transaction.atomic
def add_article(*, law: str, article: str, title: str, me: Me, at: datetime) -> LawArticle:
    """Enter an article that no version named so far; a known one is returned.

    :param article: a number as written, 第二十八条 or 28, or "" for the whole law
    :raises DomainError: ``bad_article``; ``text_missing``
    """
    name = worded(questions.law_name(law), "text_missing", _("请填写法律、法规或标准的名称，至少 4 个字。"), field="law")
    number = ""
    if article.strip():
        text = article.strip()
        found = questions.citations(f"{name}{text if '第' in text else f'第{text}条'}")
        number = found[0][1] if found else ""
        if not number:
            raise DomainError("bad_article", _("条款请填写数字或“第二十八条”这样的写法。"), status=422, field="article")
    row, made = LawArticle.objects.get_or_create(law=name[:80], article=number[:12], defaults={"title": title.strip()[:120]})
    if made:
        log.note("law.added", f"law-article:{row.pk}", me, at, law=row.law, article=row.article)
    return row


@transaction.atomic
def mark_changed(*, article_id: int, changed_on: date, note: str, me: Me, at: datetime) -> list[int]:
    """Mark an article as changed: every published version that names it is reviewed again, its enterprises are told.

    A change of a whole law concerns all who name any article of it; a change of one article also those who name the law.

    :param changed_on: day on which the change enters into force
    :returns: the versions concerned
    :raises DomainError: ``note_missing``; ``not_found``
    """
    said = worded(note, "note_missing", _("请写明改了什么，至少 4 个字，企业会看到。"), field="note")
    row = LawArticle.objects.select_for_update().filter(pk=article_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个条款。请从法规列表重新进入。"), status=404)
    row.changed_on, row.note = changed_on, said[:300]
    row.save(update_fields=["changed_on", "note"])
    versions = citing(row)
    due = clock.shanghai_date(workdays.after(at, policy().law_working_days))
    for version_id in versions:
        rereviews.open_one(version_id, reason=ReReview.Reason.LAW, due_on=due, at=at, article=row)
        text = f"课程引用的{row.name}自 {changed_on:%Y-%m-%d} 起有变化：{said}。平台正在复审，课程可继续使用，结果会另行通知。"
        catalogue.notify(version_id=version_id, kind="LAW", text=text, at=at)
        log.write("course.law_changed", version_id, me, at, law=row.law, article=row.article)
    asked = questions.law_changed(law=row.law, article=row.article, changed_on=changed_on, note=said, at=at)
    log.note(
        "law.changed",
        f"law-article:{row.pk}",
        me,
        at,
        changed_on=changed_on.isoformat(),
        note=said,
        versions=len(versions),
        questions=asked,
    )
    return versions
