"""Published versions judged again: after their cycle and when a law changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from public.catalogue import api as catalogue
from public.catalogue.models import CourseVersion
from public.questions import api as questions
from public.review import api as review
from public.review.models import Citation, LawArticle, ReReview
from public.review.queries import work
from public.review.services import laws
from tenants.scope import enterprise_scope
from tests.public.review.ground import AT, House, draft, refused, successor

pytestmark = pytest.mark.req("R3.1")
DUE = datetime(2027, 11, 1, 4, 0, tzinfo=UTC)
CHECKS = review.every_check("REREVIEW")


@pytest.fixture
def published(version: int, people: House) -> int:
    people.publish(version)
    return version


def in_charge(people: House, row: ReReview) -> object:
    return next(me for me in people.reviewers if me.credential_id == row.assignee_id)


def test_a_rereview_opens_thirty_days_before_it_is_due_and_only_once(published: int) -> None:
    assert review.open_due(at=DUE - timedelta(days=30)) == []
    assert review.open_due(at=DUE) == [published]
    assert review.open_due(at=DUE) == []
    row = ReReview.objects.get()
    assert (row.reason, row.due_on, row.state) == ("PERIODIC", date(2027, 11, 20), "OPEN")
    assert not work.open_work(at=DUE)[0].is_overdue
    assert work.open_work(at=DUE + timedelta(days=30))[0].is_overdue


def test_a_confirmation_is_signed_and_sets_the_next_date(published: int, people: House) -> None:
    review.open_due(at=DUE)
    row = ReReview.objects.get()
    mine = in_charge(people, row)
    with refused("check_no"):
        review.conclude(rereview_id=row.pk, outcome="CONFIRM", note="", checks={**CHECKS, "law": "no"}, me=mine, at=DUE)
    with refused("check_missing"):
        review.conclude(rereview_id=row.pk, outcome="CONFIRM", note="", checks={}, me=mine, at=DUE)
    review.conclude(rereview_id=row.pk, outcome="CONFIRM", note="", checks=CHECKS, me=mine, at=DUE)
    row.refresh_from_db()
    assert review.verify(row)
    assert CourseVersion.objects.get(pk=published).review_due_on == date(2028, 11, 1)
    assert review.open_due(at=DUE) == []
    row.note = "后来改的"
    assert not review.verify(row)
    with pytest.raises(DatabaseError, match="neither changes"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="neither changes"), transaction.atomic():
        row.delete()


def test_an_author_does_not_rereview_their_own_work(published: int, people: House) -> None:
    review.open_due(at=DUE)
    row = ReReview.objects.get()
    ReReview.objects.update(assignee_id=None)
    with refused("own_work"):
        review.conclude(rereview_id=row.pk, outcome="CONFIRM", note="", checks=CHECKS, me=people.author, at=DUE)
    row.state, row.outcome, row.signature, row.reviewer_id = "DONE", "CONFIRM", "x", people.author.credential_id
    with pytest.raises(DatabaseError, match="own work"), transaction.atomic():
        row.save()


@pytest.mark.parametrize(("outcome", "queue"), [("CHANGE", "to_renew"), ("RETIRE", None)])
def test_the_other_outcomes_need_words_and_wait_for_whoever_acts(
    published: int, people: House, outcome: str, queue: str | None
) -> None:
    review.open_due(at=DUE)
    row = ReReview.objects.get()
    mine = in_charge(people, row)
    with refused("note_missing"):
        review.conclude(rereview_id=row.pk, outcome=outcome, note="", checks=CHECKS, me=mine, at=DUE)
    review.conclude(rereview_id=row.pk, outcome=outcome, note="标准已经更新", checks=CHECKS, me=mine, at=DUE)
    assert work.outcome_versions(outcome) == {published}
    if queue:
        assert work.drafts_of(people.author.credential_id)[queue] == 1
    review.retire(version_id=published, reason="按复审结论下架", me=people.operations, at=DUE)
    assert work.outcome_versions(outcome) == set()


def test_a_replaced_or_retired_version_is_not_rereviewed_any_more(published: int, people: House) -> None:
    review.open_due(at=DUE)
    newer = successor(published)
    people.publish(newer, minutes=60 * 24 * 360)
    assert ReReview.objects.get().state == "OBSOLETE"


@pytest.mark.parametrize(
    ("basis", "found"),
    [
        ("安全生产法第二十八条", [("安全生产法", "28")]),
        ("《中华人民共和国安全生产法》第二十一条、第九十四条至第九十六条", [("安全生产法", n) for n in ("94", "95", "96", "21")]),
        ("刑法第一百三十四条之一", [("刑法", "134-1")]),
        ("工贸企业有限空间作业安全规定（应急管理部令第13号）", [("工贸企业有限空间作业安全规定", "")]),
        ("用电安全导则 GB/T 13869", [("GB/T 13869", "")]),
        ("GB30871-2022", [("GB 30871-2022", "")]),
        ("危险化学品安全法（2026-05-01施行）", [("危险化学品安全法", "")]),
        ("", []),
    ],
)
def test_reads_the_laws_that_a_version_names(basis: str, found: list[tuple[str, str]]) -> None:
    assert sorted(questions.citations(basis)) == sorted(found)


def test_reads_every_legal_basis_of_the_seed() -> None:
    from public.catalogue import seed

    for course in seed.courses():
        for basis in course["legal_basis"]:
            assert questions.citations(basis), basis


def test_a_law_change_opens_rereviews_and_tells_the_enterprises(people: House, jia: object) -> None:
    bases = {"AQ-A": ["安全生产法第二十八条"], "AQ-B": ["安全生产法"], "AQ-C": ["安全生产法第三十条"], "AQ-D": ["消防法第十六条"]}
    ids = {}
    for code, basis in bases.items():
        ids[code] = draft(people.author.credential_id, code=code, title=code)
        CourseVersion.objects.filter(pk=ids[code]).update(legal_basis=basis)
        people.publish(ids[code])
    silent = draft(people.author.credential_id, code="AQ-E")  # a draft is no concern of anybody
    article = LawArticle.objects.get(law="安全生产法", article="28")
    with refused("note_missing"):
        review.mark_changed(article_id=article.pk, changed_on=date(2027, 1, 1), note="", me=people.operations, at=AT)
    found = review.mark_changed(
        article_id=article.pk, changed_on=date(2027, 1, 1), note="培训学时要求提高", me=people.operations, at=AT
    )
    assert found == sorted([ids["AQ-A"], ids["AQ-B"]])
    assert set(ReReview.objects.values_list("version_id", "reason")) == {(ids["AQ-A"], "LAW"), (ids["AQ-B"], "LAW")}
    with enterprise_scope(jia):  # type: ignore[arg-type]
        (notice,) = catalogue.notices_for([ids["AQ-A"]])
        assert (notice.kind, "培训学时要求提高" in notice.text) == ("LAW", True)
        assert catalogue.notices_for([ids["AQ-D"], silent]) == []
    review.mark_changed(article_id=article.pk, changed_on=date(2027, 2, 1), note="再次修订", me=people.operations, at=AT)
    assert ReReview.objects.count() == 2
    whole, _made = LawArticle.objects.get_or_create(law="安全生产法", article="")
    assert (
        len(review.mark_changed(article_id=whole.pk, changed_on=date(2027, 3, 1), note="整部修订", me=people.operations, at=AT))
        == 3
    )


def test_a_law_change_makes_an_open_periodic_rereview_urgent(published: int, people: House) -> None:
    review.open_due(at=DUE)
    article = LawArticle.objects.get(law="GB 30871-2022")
    review.mark_changed(article_id=article.pk, changed_on=date(2027, 11, 1), note="标准换版", me=people.operations, at=DUE)
    row = ReReview.objects.get()
    assert (row.reason, row.due_on) == ("LAW", date(2027, 11, 8))


def test_citations_follow_the_version(version: int, people: House) -> None:
    laws.cite(version, ["安全生产法第二十八条", "消防法"])
    laws.cite(version, ["消防法"])
    assert list(Citation.objects.values_list("article__law", flat=True)) == ["消防法"]


def test_an_article_entered_by_hand_is_the_same_as_one_that_was_read(people: House) -> None:
    laws.cite(draft(people.author.credential_id), ["安全生产法第二十八条"])
    known = laws.add_article(law="《中华人民共和国安全生产法》", article="28", title="", me=people.operations, at=AT)
    assert LawArticle.objects.filter(law="安全生产法").get() == known
    with refused("bad_article"):
        laws.add_article(law="安全生产法", article="某条", title="", me=people.operations, at=AT)


@pytest.mark.parametrize(
    ("outcome", "note", "words"),
    [("CONFIRM", "", "继续有效"), ("CHANGE", "学时表述要改", "需要修订"), ("RETIRE", "整门课已不适用", "另选课程")],
)
def test_the_enterprises_hear_what_came_of_the_change(
    version: int, people: House, jia: object, outcome: str, note: str, words: str
) -> None:
    CourseVersion.objects.filter(pk=version).update(legal_basis=["安全生产法第二十八条"])
    people.publish(version)
    article = LawArticle.objects.get(law="安全生产法", article="28")
    review.mark_changed(article_id=article.pk, changed_on=date(2027, 1, 1), note="学时要求提高", me=people.operations, at=AT)
    row = ReReview.objects.get()
    later = AT + timedelta(days=2)
    review.conclude(rereview_id=row.pk, outcome=outcome, note=note, checks=CHECKS, me=in_charge(people, row), at=later)
    with enterprise_scope(jia):  # type: ignore[arg-type]
        newest, _first = catalogue.notices_for([version])
        assert (newest.kind, words in newest.text, "安全生产法第28条" in newest.text) == ("REVIEWED", True, True)


def test_a_periodic_rereview_is_no_news_to_the_enterprises(published: int, people: House, jia: object) -> None:
    review.open_due(at=DUE)
    row = ReReview.objects.get()
    review.conclude(rereview_id=row.pk, outcome="CONFIRM", note="", checks=CHECKS, me=in_charge(people, row), at=DUE)
    with enterprise_scope(jia):  # type: ignore[arg-type]
        assert catalogue.notices_for([published]) == []
