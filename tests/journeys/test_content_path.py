"""A course from the author's file to the enterprise's list and back: upload in pieces with a broken line, subtitles, rights, four
reviewers of whom one returns it, publish, found by a misspelt word, selected, recalled. Pictures go to `build/screens/`.
"""

import re
import secrets

import pytest
from playwright.sync_api import expect

from infra.wiring.demo_accounts import PASSWORD, REVIEWERS
from tests.journeys import authors, material
from tests.journeys.test_first_path import choose, enter_desk

OWNER = "13800000000"
REASON = "画面中的示意尺寸有误，立即停用"


def open_angle(reviewer, version):
    """Open the angle that was given to this reviewer, with every item answered yes."""
    reviewer.go("anxue", f"/desk/courses/{version}")
    reviewer.page.get_by_role("link", name="去审核").click()
    for answer in reviewer.page.locator('.rv-checks input[value="yes"]').all():
        answer.check()


def sign(reviewer, verdict):
    """Sign the open angle."""
    choose(reviewer.page, "verdict", verdict)
    reviewer.page.get_by_role("button", name="签署结论").click()
    reviewer.page.wait_for_url(re.compile("/desk/reviews/mine"))


def return_with_a_pin(reviewer, version):
    """Pin a finding at second 12 and return the version."""
    page = reviewer.page
    reviewer.go("anxue", f"/desk/courses/{version}")
    page.get_by_role("link", name="去审核").click()
    page.select_option('[name="place"]', "SECOND")
    page.select_option('[name="lesson"]', "1")
    page.fill('[name="at"]', "00:12")
    page.fill('[name="text"]', "这一条没有说明要确认盲区没有人，请补上。")
    choose(page, "severity", "MUST")
    page.get_by_role("button", name="记录意见").click()
    expect(page.locator("#findings")).to_contain_text("00:12")
    pin = page.locator("[data-jump]").first
    pin.click()
    expect(page.locator("video")).to_be_visible()
    reviewer.shoot("content-pinned")
    for answer in page.locator('.rv-checks input[value="yes"]').all():
        answer.check()
    page.locator('.rv-checks input[value="no"]').last.check()
    page.fill('[name="note"]', "第 12 秒的要求不完整，修改后再审。")
    sign(reviewer, "RETURN")


def see_the_difference(reviewer, version):
    """The reviewer who returned it sees what changed, settles the finding, passes."""
    page = reviewer.page
    open_angle(reviewer, version)
    difference = page.locator(".ax-card", has_text="与上次提交的差异")
    expect(difference.locator("ins").filter(has_text="确认盲区")).to_be_visible()
    expect(difference).to_contain_text("字幕")
    reviewer.shoot("content-difference")
    page.get_by_role("button", name="确认解决").click()
    expect(page.locator("#findings")).to_contain_text("已解决")
    open_angle(reviewer, version)
    sign(reviewer, "PASS")


def publish(operations, version):
    """Publish what four reviewers passed."""
    page = operations.page
    operations.go("anxue", f"/desk/courses/{version}")
    operations.shoot("content-four")
    page.get_by_role("button", name="发布课程").click()
    page.locator("dialog[open] button", has_text="发布").last.click()
    expect(page.get_by_text("已发布").first).to_be_visible()
    operations.shoot("content-published")


def enter_enterprise(manager):
    """Sign in to the demo enterprise by password."""
    manager.go("demo", "/sign-in")
    manager.page.fill('[name="mobile"]', OWNER)
    manager.page.fill('[name="password"]', PASSWORD)
    manager.page.get_by_role("button", name="登录", exact=True).click()
    manager.page.wait_for_url(re.compile("/console"))


def find_and_select(manager, title, misspelt):
    """Find the course by a misspelt word and take it up."""
    page = manager.page
    manager.go("demo", "/console/courses")
    page.locator('[name="q"]').press_sequentially(misspelt)
    hit = page.locator("#found tr", has_text=title)
    expect(page.get_by_text(f"没有找到“{misspelt}”")).to_be_visible()
    expect(hit).to_be_visible()
    manager.shoot("content-found")
    hit.get_by_role("link", name=title).click()
    expect(page.locator("h1", has_text=title)).to_be_visible()
    manager.shoot("content-course")
    page.get_by_role("button", name="选用").click()
    expect(page.get_by_text("已选用").first).to_be_visible()
    manager.go("demo", "/console/courses/selection")
    expect(page.locator("#list tr", has_text=title)).to_be_visible()
    manager.shoot("content-selection")


def recall(operations, version):
    """Stop the course everywhere, with a reason."""
    page = operations.page
    operations.go("anxue", f"/desk/courses/{version}")
    page.fill('[name="reason"]', REASON)
    page.get_by_role("button", name="紧急召回").click()
    page.locator("dialog[open] button", has_text="召回").last.click()
    expect(page.get_by_text("已召回").first).to_be_visible()
    operations.shoot("content-recalled")


def hear_of_the_recall(manager, title):
    """The enterprise finds the notice with its reason, and the badge in its selection."""
    page = manager.page
    manager.go("demo", "/console/notices")
    notice = page.locator("[data-notice]", has_text=title)
    expect(notice).to_contain_text("课程召回")
    expect(notice).to_contain_text(REASON)
    manager.shoot("content-notice")
    manager.go("demo", "/console/courses/selection")
    expect(page.locator("#list tr", has_text=title)).to_contain_text("召回")
    manager.shoot("content-selection-recalled")
    manager.go("demo", "/console/courses?q=" + title)
    expect(page.locator("#found tr", has_text=title)).to_have_count(0)


@pytest.mark.req("R2.6", "R3.1", "R3.2", "R3.4", "R3.5", "R3.6")
def test_a_course_from_the_authors_file_to_its_recall(person, product, tmp_path):
    title = f"叉车盲区演练{secrets.token_hex(2)}"
    author, operations, *reviewers = (person("desktop") for _ in range(2 + len(REVIEWERS)))
    manager = person("phone")
    for one, login in ((author, "author"), (operations, "operations"), *zip(reviewers, REVIEWERS, strict=True)):
        enter_desk(one, login)

    version = authors.open_course(author, title)
    authors.upload_in_pieces(author, version, material.film(tmp_path, f"{title}.mp4"))
    authors.wait_for_film(author)
    editor = authors.write_subtitles(author)
    authors.refused_with_the_list(author, version)
    authors.register_rights(author, version, material.letter(tmp_path / "授权书.pdf"))
    authors.submit(author, version, "content-submitted")

    for reviewer in reviewers[:3]:
        open_angle(reviewer, version)
        sign(reviewer, "PASS")
    return_with_a_pin(reviewers[3], version)
    authors.answer_and_mend(author, version, editor)
    see_the_difference(reviewers[3], version)
    for reviewer in reviewers[:3]:
        open_angle(reviewer, version)
        sign(reviewer, "PASS")
    publish(operations, version)

    enter_enterprise(manager)
    find_and_select(manager, title, "叉车忙区演炼")
    recall(operations, version)
    hear_of_the_recall(manager, title)
    audit = product.manage("catalogue_audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
    for one in (author, operations, manager, *reviewers):
        assert one.problems == []
