"""The manager's pages of certificates: listed with what each is worth, revoked by two, never another enterprise's."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people.models import Learner, Notice
from apps.records import api as records
from apps.records.models import Revocation
from infra.kit import clock
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.apps.plans.certificates.ground import complete, house
from tests.infra.wiring.permission_ground import signed_in

LIST = "/console/certificates"


def text_of(answer):
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def revoke(home, paper, *, answer="yes", words=""):
    said = {"reason": "UNTRUE", "words": "与班组考勤不符，已核实"}
    assert home.one.post(f"{LIST}/{paper.uuid}/revoke", said).status_code == 302
    row = Revocation.objects.latest("pk")
    return home.two.post(f"{LIST}/revocations/{row.uuid}/decide", {"answer": answer, "words": words}, follow=True)


@pytest.mark.req("R4.5")
def test_lists_what_each_is_worth_and_finds_by_state(in_jia):
    home = house(in_jia)
    revoke(home, home.papers[0])
    html = text_of(home.one.get(LIST))
    for paper in home.papers:
        assert paper.number in html
    assert "主要负责人安全培训证明" in text_of(home.one.get(f"{LIST}/{home.papers[1].uuid}"))
    found = text_of(home.one.get(LIST, {"state": "REVOKED"}))
    assert [paper.number in found for paper in home.papers] == [True, False, False]
    found = text_of(home.one.get(LIST, {"q": home.who[1].name, "plan": str(home.plan)}))
    assert [paper.number in found for paper in home.papers] == [False, True, False]
    assert "没有符合条件的证明" in text_of(home.one.get(LIST, {"state": "EXPIRED"}))


def test_an_empty_list_says_what_comes_first(in_jia):
    assert "还没有培训证明" in text_of(house(in_jia, 1, done=0).one.get(LIST))


def test_the_list_asks_as_many_questions_for_thirty_as_for_three(in_jia):
    home = house(in_jia)

    def questions():
        home.one.get(LIST)
        with CaptureQueriesContext(connection) as seen:
            text_of(home.one.get(LIST, {"sort": "until"}))
        return len(seen)

    few = questions()
    more = [ground.learner(n) for n in range(10, 25)]
    ground.open_plan(
        title="另一次",
        requirement_id=ground.requirement(code="CY-MORE"),
        version_ids=[ground.make_course("AQ-CY-T2")],
        exam_needed=False,
    )
    for view in more:
        complete(view, exam=False)
    assert questions() == few


def test_the_file_holds_what_is_listed_and_no_formula(in_jia):
    home = house(in_jia, 2)
    Learner.objects.filter(pk=home.who[0].id).update(name="=1+1")
    answer = home.one.get(LIST, {"export": "xlsx", "q": home.papers[0].number})
    heads, line = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert (heads[0], line[0]) == ("证明编号", home.papers[0].number)
    assert line[9] == "有效"
    assert ground.resident_id(0) not in str(line)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.req("R4.2")
def test_two_managers_revoke_and_the_holder_hears_of_it(in_jia):
    home = house(in_jia, 1)
    (paper,) = home.papers
    page = text_of(home.one.get(f"{LIST}/{paper.uuid}/revoke"))
    assert "另一位管理员审批" in page
    assert "这份证明已撤销" in text_of(revoke(home, paper))
    heard = Notice.objects.get(kind="certificate.revoked")
    assert heard.learner_id == home.who[0].id
    assert Notice.objects.filter(kind="certificate.proposed").exclude(manager_id=home.me).exists()
    learner = ground.learner_browser(in_jia, home.who[0])
    html = text_of(learner.get("/learn/archive"))
    assert "学习记录不实" in html
    assert "培训证明撤销" in html
    assert "已 撤 销" in printed(learner, paper)
    row = text_of(home.one.get(f"/console/plans/{home.plan}")).partition(paper.number)[2]
    assert "已撤销" in row.partition("</tr>")[0], "the plan's list says so too"


def printed(browser, paper):
    import pypdfium2

    answer = browser.get(f"/learn/certificates/{paper.uuid}.pdf")
    return pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded()


def test_a_correction_that_touches_it_is_shown_where_its_state_is_decided(in_jia):
    home = house(in_jia, 1)
    (paper,) = home.papers
    assert "记录有更正" not in text_of(home.one.get(f"{LIST}/{paper.uuid}"))
    (n,) = [one.n for one in records.entries_of(paper.subject) if one.kind == "CERTIFICATE"]
    one, two = records.Acting("manager:1", "安全员"), records.Acting("manager:2", "管理员乙")
    made = records.propose_correction(
        subject=paper.subject,
        n=n,
        values={"training": "主要负责人复训"},
        reason="项目名称写错",
        evidence=None,
        by=one,
        at=clock.now(),
    )
    records.decide_correction(correction=made.uuid, approve=True, by=two, at=clock.now())
    assert "记录有更正" in text_of(home.one.get(f"{LIST}/{paper.uuid}"))


def test_who_proposed_cannot_approve_and_nothing_changes(in_jia):
    home = house(in_jia, 1)
    (paper,) = home.papers
    home.one.post(f"{LIST}/{paper.uuid}/revoke", {"reason": "OTHER", "words": "重复发放，已核实"})
    row = Revocation.objects.get()
    answer = home.one.post(f"{LIST}/revocations/{row.uuid}/decide", {"answer": "yes"}, follow=True)
    assert "申请人不能审批自己的申请" in text_of(answer)
    assert Revocation.objects.get().state == "PROPOSED"
    assert "撤回申请" in text_of(home.one.get(f"{LIST}/{paper.uuid}"))
    assert home.one.post(f"{LIST}/revocations/{row.uuid}/withdraw", follow=True).status_code == 200
    assert Revocation.objects.get().state == "WITHDRAWN"


def test_declining_needs_words(in_jia):
    home = house(in_jia, 1)
    assert "请写明理由" in text_of(revoke(home, home.papers[0], answer="no"))
    assert Revocation.objects.get().state == "PROPOSED"


def test_a_proposal_without_a_story_is_shown_again(in_jia):
    home = house(in_jia, 1)
    answer = home.one.post(f"{LIST}/{home.papers[0].uuid}/revoke", {"reason": "OTHER", "words": "错"})
    assert answer.status_code == 422
    assert "请写明理由" in answer.content.decode()
    assert not Revocation.objects.exists()


def test_a_supervisor_sees_the_own_unit_and_changes_nothing(in_jia):
    home = house(in_jia)
    html = text_of(home.east.get(LIST))
    assert [paper.number in html for paper in home.papers] == [True, False, True]
    assert "生成文件" not in html
    assert ("东厂" in html, "西厂" in html) == (True, False), "no other unit's name, not even in the filter"
    assert home.east.get(f"{LIST}/{home.papers[1].uuid}").status_code == 404
    revoke(home, home.papers[1])
    assert home.papers[1].number not in text_of(home.east.get(f"{LIST}/revocations"))
    assert home.east.post(f"{LIST}/{home.papers[0].uuid}/revoke", {}).status_code == 403


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_nothing(in_jia, yi):
    home = house(in_jia, 1)
    revoke(home, home.papers[0])
    with platform_scope(), enterprise_scope(yi):
        from apps.people import api as people

        other = people.open_owner(name="邻居", mobile="13700000008", password=None, at=ground.NOON)
        neighbour = signed_in(yi, other)
    for path in (LIST, f"{LIST}/revocations"):
        assert home.papers[0].number not in text_of(neighbour.get(path))
    assert neighbour.get(f"{LIST}/{home.papers[0].uuid}").status_code == 404
    assert neighbour.post(f"{LIST}/{home.papers[0].uuid}/revoke", {}).status_code == 404


def test_a_renewed_one_names_the_new_one(in_jia):
    home = house(in_jia, 1, at=clock.now() - timedelta(days=300))
    wanted = ground.requirement("ANNUAL", code="FZ-GEN")
    ground.open_plan(title="年度再培训", requirement_id=wanted, version_ids=[ground.make_course("AQ-CY-T3")], exam_needed=False)
    new = complete(home.who[0], exam=False)
    html = text_of(home.one.get(f"{LIST}/{home.papers[0].uuid}"))
    assert "已续期" in html
    assert new.number in html
    assert home.papers[0].number in text_of(home.one.get(f"{LIST}/{new.uuid}"))
