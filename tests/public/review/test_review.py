"""From draft to published: four signed verdicts by somebody who is not the author."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.catalogue.models import CourseVersion
from public.operators.api import Me
from public.review import api as review
from public.review.models import Decision
from tenants.scope import enterprise_scope, platform_scope
from tests.public.desk import inside, operator
from tests.public.review.ground import AT, draft

pytestmark = pytest.mark.req("R3.1")


@pytest.fixture
def author(platform: None) -> Me:
    return Me(operator("AUTHOR"), "课程作者甲", "AUTHOR")


@pytest.fixture
def reviewer(platform: None) -> Me:
    return Me(operator("REVIEWER"), "审核员甲", "REVIEWER")


@pytest.fixture
def operations(platform: None) -> Me:
    return Me(operator("OPERATIONS"), "运营甲", "OPERATIONS")


@pytest.fixture
def version(author: Me) -> int:
    return draft(author.credential_id)


def state(version: int) -> str:
    return str(CourseVersion.objects.get(pk=version).state)


def judge(version: int, me: Me, *, angle: str = "FIT", verdict: str = "PASS", note: str = "", minutes: int = 1) -> None:
    review.decide(version_id=version, angle=angle, verdict=verdict, note=note, me=me, at=AT + timedelta(minutes=minutes))


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def test_goes_the_whole_way(version: int, author: Me, reviewer: Me, operations: Me) -> None:
    review.submit(version_id=version, me=author, at=AT)
    for angle in review.ANGLES:
        judge(version, reviewer, angle=angle)
    review.publish(version_id=version, me=operations, at=AT + timedelta(minutes=2))
    assert state(version) == "PUBLISHED"
    actions = AuditEvent.objects.filter(target=f"course-version:{version}").values_list("action", flat=True)
    assert sorted(actions) == ["course.judged"] * 4 + ["course.published", "course.submitted"]


def test_an_author_does_not_judge_their_own_work(version: int, author: Me) -> None:
    review.submit(version_id=version, me=author, at=AT)
    with refused("own_work"):
        judge(version, author)
    assert not Decision.objects.exists()


def test_the_database_itself_refuses_a_verdict_on_own_work(version: int, author: Me) -> None:
    row = Decision(version_id=version, angle="FIT", verdict="PASS", reviewer_id=author.credential_id, reviewer_name="甲", at=AT)
    with pytest.raises(DatabaseError, match="own work"), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    "statement", ["UPDATE review_decision SET verdict = 'PASS'", "DELETE FROM review_decision", "TRUNCATE review_decision"]
)
def test_a_signed_verdict_can_neither_change_nor_vanish(version: int, author: Me, reviewer: Me, statement: str) -> None:
    review.submit(version_id=version, me=author, at=AT)
    judge(version, reviewer, verdict="RETURN", note="请补充法规依据")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Decision.objects.get().verdict == "RETURN"


@pytest.mark.parametrize("missing", ["POLITICAL", "COMPLIANCE", "COMPLETENESS", "FIT"])
def test_three_of_four_do_not_publish(version: int, author: Me, reviewer: Me, operations: Me, missing: str) -> None:
    review.submit(version_id=version, me=author, at=AT)
    for angle in review.ANGLES:
        if angle != missing:
            judge(version, reviewer, angle=angle)
    with pytest.raises(DomainError) as error:
        review.publish(version_id=version, me=operations, at=AT)
    assert (error.value.code, error.value.details["angles"]) == ("not_passed", [missing])
    assert state(version) == "IN_REVIEW"


def test_a_return_goes_back_with_a_note_and_old_passes_do_not_count_again(
    version: int, author: Me, reviewer: Me, operations: Me
) -> None:
    review.submit(version_id=version, me=author, at=AT)
    for angle in review.ANGLES[:3]:
        judge(version, reviewer, angle=angle)
    judge(version, reviewer, angle=review.ANGLES[3], verdict="RETURN", note="请更换过期的标准")
    assert state(version) == "DRAFT"
    again = AT + timedelta(minutes=10)
    review.submit(version_id=version, me=author, at=again)
    judge(version, reviewer, angle=review.ANGLES[3], minutes=11)
    with refused("not_passed"):
        review.publish(version_id=version, me=operations, at=again)


def test_a_return_without_words_is_refused(version: int, author: Me, reviewer: Me) -> None:
    review.submit(version_id=version, me=author, at=AT)
    with refused("note_missing"):
        judge(version, reviewer, verdict="RETURN", note="  不行 ")
    assert state(version) == "IN_REVIEW"
    assert not Decision.objects.exists()


def test_a_draft_is_not_judged_and_not_published(version: int, reviewer: Me, operations: Me) -> None:
    with refused("wrong_state"):
        judge(version, reviewer)
    with refused("not_passed"):
        review.publish(version_id=version, me=operations, at=AT)


def test_only_the_author_submits_and_only_what_can_be_played(author: Me, reviewer: Me, version: int) -> None:
    with refused("not_author"):
        review.submit(version_id=version, me=reviewer, at=AT)
    silent = draft(author.credential_id, code="AQ-2", ready=False, title="未制作的课程")
    with refused("incomplete"):
        review.submit(version_id=silent, me=author, at=AT)
    assert {state(version), state(silent)} == {"DRAFT"}


@pytest.mark.req("R2.6")
def test_an_enterprise_sees_no_verdicts(version: int, author: Me, reviewer: Me, jia: object) -> None:
    with platform_scope():
        review.submit(version_id=version, me=author, at=AT)
        judge(version, reviewer)
    with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic():  # type: ignore[arg-type]
        Decision.objects.count()


def test_the_pages_carry_the_whole_way(version: int, author: Me, reviewer: Me, operations: Me) -> None:
    url = f"/desk/courses/{version}"
    desks = {me.role: inside(me.credential_id) for me in (author, reviewer, operations)}
    assert "提交审核" in desks["AUTHOR"].get(url).content.decode()
    assert desks["AUTHOR"].post(f"{url}/submit").status_code == 302
    assert "给出结论" in desks["REVIEWER"].get(url).content.decode()
    assert "给出结论" not in desks["AUTHOR"].get(url).content.decode()
    for angle in review.ANGLES:
        assert desks["REVIEWER"].post(f"{url}/decide", {"angle": angle, "verdict": "PASS"}).status_code == 302
    assert "发布课程" not in desks["REVIEWER"].get(url).content.decode()
    assert "受限空间作业安全" in desks["OPERATIONS"].get("/desk/courses?ready=1").content.decode()
    assert "发布课程" in desks["OPERATIONS"].get(url).content.decode()
    assert desks["OPERATIONS"].post(f"{url}/publish").status_code == 302
    assert state(version) == "PUBLISHED"
    assert desks["OPERATIONS"].post(f"{url}/publish").status_code == 409


def _page(browser: Client, url: str, data: dict[str, str]) -> tuple[int, str]:
    answer = browser.post(url, data)
    return answer.status_code, answer.content.decode()


def test_the_page_says_what_is_missing_and_keeps_the_words(version: int, author: Me, reviewer: Me) -> None:
    review.submit(version_id=version, me=author, at=AT)
    browser, url = inside(reviewer.credential_id), f"/desk/courses/{version}/decide"
    status, html = _page(browser, url, {"angle": "FIT", "verdict": "RETURN", "note": "短"})
    assert (status, "请写明需要修改的内容" in html) == (422, True)
    for wrong in (
        {"angle": "NOPE", "verdict": "PASS"},
        {"angle": "FIT"},
        {"angle": "FIT", "verdict": "RETURN", "note": "长" * 1001},
    ):
        assert _page(browser, url, wrong)[0] == 422
    assert not Decision.objects.exists()


def test_authors_see_only_their_own(version: int, author: Me, platform: None) -> None:
    other = inside(operator("AUTHOR", login="author-b"))
    assert "受限空间作业安全" not in other.get("/desk/courses").content.decode()
    assert other.get(f"/desk/courses/{version}").status_code == 404
    assert other.post(f"/desk/courses/{version}/submit").status_code == 403
    assert state(version) == "DRAFT"


def test_the_queues_count_what_waits(version: int, author: Me, reviewer: Me, operations: Me) -> None:
    def waiting(me: Me) -> bool:
        return "没有等您处理的事" not in inside(me.credential_id).get("/desk/").content.decode()

    assert not waiting(reviewer)
    review.submit(version_id=version, me=author, at=AT)
    assert waiting(reviewer)
    judge(version, reviewer, verdict="RETURN", note="请补充法规依据")
    assert (waiting(reviewer), waiting(author)) == (False, True)
    review.submit(version_id=version, me=author, at=AT + timedelta(minutes=5))
    for angle in review.ANGLES:
        judge(version, reviewer, angle=angle, minutes=6)
    assert (waiting(reviewer), waiting(operations)) == (False, True)
