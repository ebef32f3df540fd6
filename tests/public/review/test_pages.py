"""The desk's pages of the review: the whole way by clicks, what is refused, what each role sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from infra.kit import clock
from public.catalogue.models import CourseVersion
from public.review import api as review
from public.review.models import Decision, Finding, LawArticle, ReReview, ReviewPolicy, ReviewTask
from tests.public.desk import inside, operator
from tests.public.review.ground import AT, House, draft

pytestmark = pytest.mark.req("R3.1")


def state(version: int) -> str:
    return str(CourseVersion.objects.get(pk=version).state)


def yes(angle: str, **more: str) -> dict[str, str]:
    return {**{f"check-{key}": value for key, value in review.every_check(angle).items()}, "verdict": "PASS", **more}


def html(browser: Client, url: str, status: int = 200) -> str:
    answer = browser.get(url)
    assert answer.status_code == status, answer.content.decode()
    return str(answer.content.decode())


def post(browser: Client, url: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
    answer = browser.post(url, data or {})
    return answer.status_code, answer.content.decode()


@pytest.fixture
def desks(people: House) -> dict[int, Client]:
    """A browser for each person by credential."""
    return {me.credential_id: inside(me.credential_id) for me in (people.author, *people.reviewers, people.operations)}


def test_the_pages_carry_the_whole_way(version: int, people: House, desks: dict[int, Client]) -> None:
    url = f"/desk/courses/{version}"
    author, operations = desks[people.author.credential_id], desks[people.operations.credential_id]
    assert "提交审核" in html(author, url)
    assert author.post(f"{url}/submit").status_code == 302
    assert "发布课程" not in html(operations, url)
    for angle in review.ANGLES:
        mine = desks[people.of(version, angle).credential_id]
        assert f"/review/{angle}" in html(mine, "/desk/reviews/mine")
        page = html(mine, f"{url}/review/{angle}")
        assert page.count('type="radio"') > 10
        assert "首次提交" in page
        assert mine.post(f"{url}/review/{angle}", yes(angle)).status_code == 302
    assert "受限空间作业安全" in html(operations, "/desk/courses?ready=1")
    assert "发布课程" in html(operations, url)
    assert operations.post(f"{url}/publish").status_code == 302
    assert state(version) == "PUBLISHED"
    assert operations.post(f"{url}/publish").status_code == 409
    assert "签名有效" in html(operations, url)


def test_a_rejection_with_a_pin_comes_back_answered_and_as_a_difference(
    version: int, people: House, desks: dict[int, Client]
) -> None:
    url = f"/desk/courses/{version}"
    author = desks[people.author.credential_id]
    author.post(f"{url}/submit")
    mine = desks[people.of(version, "FIT").credential_id]
    place = {"place": "SECOND", "lesson": "1", "at": "00:12", "severity": "MUST", "text": "这里的做法与规程不符"}
    assert mine.post(f"{url}/review/FIT/findings", place).status_code == 302
    page = html(mine, f"{url}/review/FIT")
    assert "00:12" in page
    assert 'data-second="12"' in page
    assert mine.post(f"{url}/review/FIT", yes("FIT", verdict="RETURN", note="请按意见修改")).status_code == 302
    status, page = post(author, f"{url}/submit")
    assert (status, "没有答复" in page) == (409, True)
    finding = Finding.objects.get()
    assert author.post(f"/desk/findings/{finding.pk}/answer", {"text": "已重新拍摄", "back": url}).headers["Location"] == url
    CourseVersion.objects.filter(pk=version).update(title="有限空间作业安全")
    assert author.post(f"{url}/submit").status_code == 302
    page = html(mine, f"{url}/review/FIT")
    assert "<ins>有</ins>" in page
    assert "已按上次的结论预填" in page
    assert mine.post(f"/desk/findings/{finding.pk}/resolve", {"back": "//evil.example/"}).headers["Location"] == url
    assert mine.post(f"{url}/review/FIT", yes("FIT")).status_code == 302


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (yes("FIT", verdict="RETURN", note="短"), "请写明需要修改的内容"),
        (yes("FIT", verdict=""), "有 1 处需要修改"),
        (yes("FIT", note="长" * 1001), "有 1 处需要修改"),
        ({"verdict": "PASS"}, "请回答这一项"),
        ({**yes("FIT"), "check-practice": "no"}, "检查清单中有“否”"),
        ({**yes("FIT"), "check-practice": "never"}, "有 1 处需要修改"),
    ],
)
def test_the_judging_page_says_what_is_missing_and_keeps_the_words(
    version: int, people: House, desks: dict[int, Client], data: dict[str, str], words: str
) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    mine = desks[people.of(version, "FIT").credential_id]
    status, page = post(mine, f"/desk/courses/{version}/review/FIT", data)
    assert (status, words in page) == (422, True)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"place": "SECOND", "lesson": "1", "at": "99:99", "severity": "MUST", "text": "时间写错了"}, "分:秒"),
        ({"place": "SECOND", "lesson": "1", "at": "50:00", "severity": "MUST", "text": "超过了时长"}, "超过了课件的时长"),
        ({"place": "SECOND", "lesson": "7", "at": "00:10", "severity": "MUST", "text": "没有这一课"}, "需要修改"),
        ({"place": "WHOLE", "severity": "MUST", "text": ""}, "需要修改"),
        ({"place": "QUESTION", "question": "无", "severity": "MUST", "text": "题目有错误"}, "没有这个编号"),
    ],
)
def test_a_finding_that_cannot_be_pinned_is_refused_beside_its_field(
    version: int, people: House, desks: dict[int, Client], data: dict[str, str], words: str
) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    mine = desks[people.of(version, "FIT").credential_id]
    status, page = post(mine, f"/desk/courses/{version}/review/FIT/findings", data)
    assert (status, words in page) == (422, True)
    assert not Finding.objects.exists()


def test_somebody_elses_angle_is_shown_without_a_form(version: int, people: House, desks: dict[int, Client]) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    mine = people.of(version, "FIT")
    other = desks[next(me for me in people.reviewers if me != mine).credential_id]
    page = html(other, f"/desk/courses/{version}/review/FIT")
    assert "签署结论" not in page
    assert post(other, f"/desk/courses/{version}/review/FIT", yes("FIT"))[0] == 403
    assert html(other, f"/desk/courses/{version}/review/NOPE", 404)
    assert not Decision.objects.exists()


def test_the_board_shows_load_and_gives_work_to_others(version: int, people: House, desks: dict[int, Client]) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    operations = desks[people.operations.credential_id]
    row = ReviewTask.objects.get(angle="FIT")
    page = html(operations, "/desk/reviews?late=1")  # AT lies days ago
    assert page.count("/desk/reviews/assign") == (4 if row.due_at < clock.now() else 0)
    page = html(operations, "/desk/reviews")
    assert page.count("/desk/reviews/assign") == 4
    assert "按时率" in page
    key, url = f"t{row.pk}", "/desk/reviews/assign"
    assert operations.post(url, {"key": key, "reviewer": "", "reason": "", "back": "/desk/reviews"}).status_code == 302
    assert ReviewTask.objects.get(pk=row.pk).assignee_id == row.assignee_id
    assert operations.post(url, {"key": key, "reviewer": "", "reason": "原审核员休假"}).status_code == 302
    assert ReviewTask.objects.get(pk=row.pk).assignee_id is None
    assert "领取" in html(desks[row.assignee_id or 0], "/desk/reviews/mine")
    assert desks[row.assignee_id or 0].post(f"/desk/reviews/tasks/{row.pk}/claim").status_code == 302
    assert ReviewTask.objects.get(pk=row.pk).state == "CLAIMED"
    for broken in (
        {},
        {"key": "x1"},
        {"key": "t1;", "reviewer": "1"},
        {"key": "t999999", "reviewer": ""},
        {"key": "t1", "reviewer": "a"},
    ):
        assert operations.post(url, broken).status_code == 404


def test_the_rules_are_changed_on_the_board_with_a_reason(people: House, desks: dict[int, Client]) -> None:
    operations, url = desks[people.operations.credential_id], "/desk/reviews/policy"
    data = {"sla_working_days": "2", "law_working_days": "5", "rereview_lead_days": "30", "one_angle_each": "on"}
    assert post(operations, url, data)[0] == 422
    assert post(operations, url, {**data, "sla_working_days": "0", "reason": "加快审核"})[0] == 422
    assert post(operations, url, {**data, "reason": "加快审核"})[0] == 302
    assert ReviewPolicy.objects.order_by("-pk")[0].sla_working_days == 2


def test_taking_back_needs_a_reason_and_operations(version: int, people: House, desks: dict[int, Client]) -> None:
    people.publish(version)
    operations, author = desks[people.operations.credential_id], desks[people.author.credential_id]
    url = f"/desk/courses/{version}"
    assert "紧急召回" in html(operations, url)
    assert "紧急召回" not in html(author, url)
    assert author.post(f"{url}/recall", {"reason": "随便试试"}).status_code == 403
    assert post(operations, f"{url}/recall", {"reason": ""})[0] == 422
    assert post(operations, f"{url}/nonsense", {"reason": "随便试试"})[0] == 404
    assert post(operations, f"{url}/undo", {"reason": "没有上一版"})[0] == 409
    assert state(version) == "PUBLISHED"
    assert operations.post(f"{url}/recall", {"reason": "事故案例有误"}).status_code == 302
    page = html(operations, url)
    assert "已召回" in page
    assert "事故案例有误" in page


def test_a_law_is_marked_as_changed_and_the_version_reviewed_again(version: int, people: House, desks: dict[int, Client]) -> None:
    people.publish(version)
    operations = desks[people.operations.credential_id]
    assert "GB 30871-2022" in html(operations, "/desk/laws")
    article = LawArticle.objects.get()
    url = f"/desk/laws/{article.pk}"
    assert "受限空间作业安全" in html(operations, url)
    assert post(operations, url, {"changed_on": "2027-01-01", "note": ""})[0] == 422
    assert post(operations, url, {"changed_on": "不是日期", "note": "标准换版"})[0] == 422
    assert not ReReview.objects.exists()
    assert post(operations, url, {"changed_on": "2027-01-01", "note": "标准换版"})[0] == 302
    row = ReReview.objects.get()
    mine = desks[row.assignee_id or 0]
    assert f"/desk/rereviews/{row.pk}" in html(mine, "/desk/reviews/mine?kind=again")
    page = html(mine, f"/desk/rereviews/{row.pk}")
    assert "标准换版" in page
    checks = {f"check-{key}": value for key, value in review.every_check("REREVIEW").items()}
    assert post(mine, f"/desk/rereviews/{row.pk}", {**checks, "outcome": "CHANGE"})[0] == 422
    assert post(mine, f"/desk/rereviews/{row.pk}", {**checks, "outcome": "CONFIRM"})[0] == 302
    assert "有效" in html(operations, f"/desk/rereviews/{row.pk}")
    assert post(mine, f"/desk/rereviews/{row.pk}", {**checks, "outcome": "CONFIRM"})[0] == 409
    added = post(operations, "/desk/laws/add", {"law": "《特种设备安全法》", "article": "第四十条"})
    assert added[0] == 302
    assert LawArticle.objects.filter(law="特种设备安全法", article="40").exists()
    assert post(operations, "/desk/laws/add", {"law": "特种设备安全法", "article": "abc"})[0] == 422


def test_authors_see_only_their_own(version: int, people: House) -> None:
    other = inside(operator("AUTHOR", login="author-b"))
    assert "受限空间作业安全" not in html(other, "/desk/courses")
    assert other.get(f"/desk/courses/{version}").status_code == 404
    assert other.post(f"/desk/courses/{version}/submit").status_code == 403
    assert state(version) == "DRAFT"


def test_other_roles_do_not_reach_the_pages(version: int, people: House, desks: dict[int, Client]) -> None:
    author, reviewer = desks[people.author.credential_id], desks[people.reviewers[0].credential_id]
    for url in ("/desk/reviews", "/desk/laws", "/desk/reviews/mine", f"/desk/courses/{version}/review/FIT"):
        assert author.get(url).status_code == 403
    for url in ("/desk/reviews", "/desk/laws"):
        assert reviewer.get(url).status_code == 403
    assert Client(HTTP_HOST="anxue.localhost:8000").get("/desk/reviews").status_code == 302


def test_the_queues_count_what_waits(version: int, people: House, desks: dict[int, Client]) -> None:
    def waiting(credential: int) -> bool:
        return "没有等您处理的事" not in html(desks[credential], "/desk/")

    everybody = [me.credential_id for me in people.reviewers]
    assert not any(map(waiting, everybody))
    review.submit(version_id=version, me=people.author, at=AT)
    assert all(map(waiting, everybody))
    people.judge(version, "FIT", verdict="RETURN", note="请补充法规依据")
    assert not any(map(waiting, everybody))
    assert waiting(people.author.credential_id)
    review.submit(version_id=version, me=people.author, at=AT + timedelta(minutes=5))
    for angle in review.ANGLES:
        people.judge(version, angle, minutes=6)
    assert waiting(people.operations.credential_id)


def test_the_pages_ask_a_constant_number_of_queries(people: House, desks: dict[int, Client]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    review.set_policy(reason="每人可审多个方面", me=people.operations, at=AT, one_angle_each=False)
    counts = []
    for n in range(2):
        review.submit(version_id=draft(people.author.credential_id, code=f"AQ-N{n}"), me=people.author, at=AT)
        with CaptureQueriesContext(connection) as found:
            html(desks[people.operations.credential_id], "/desk/reviews")
        counts.append(len(found))
    assert counts[0] == counts[1]
