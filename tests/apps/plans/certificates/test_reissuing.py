"""The manager's way from a misspelt name to a right certificate, and what everybody sees afterwards."""

import io

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from apps.people.models import Learner, Notice
from apps.plans.certificates import reissuing
from apps.plans.models import Assignment
from apps.records import api as records
from apps.records.models import Certificate, Revocation
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.apps.plans.certificates.ground import house
from tests.apps.plans.certificates.test_pages import LIST, text_of
from tests.infra.wiring.permission_ground import signed_in

pytestmark = pytest.mark.req("R4.2", "R4.5")


def revoke(home, paper, reason="MISTAKE"):
    said = {"reason": reason, "words": "导入时姓名写错，已核对证件"}
    assert home.one.post(f"{LIST}/{paper.uuid}/revoke", said).status_code == 302
    row = Revocation.objects.latest("pk")
    assert home.two.post(f"{LIST}/revocations/{row.uuid}/decide", {"answer": "yes"}).status_code == 302


def rename(home, name="学员改"):
    Learner.objects.filter(pk=home.who[0].id).update(name=name)


def post(browser, paper):
    return browser.post(f"{LIST}/{paper.uuid}/reissue", follow=True)


def newest(home):
    return records.certificates_of(home.who[0].uuid)[0]


def test_a_misspelt_name_becomes_a_right_certificate(in_jia):
    home = house(in_jia, 2)
    old = home.papers[0]
    revoke(home, old)
    assert "换发后不会有任何不同" in text_of(home.one.get(f"{LIST}/{old.uuid}"))
    rename(home)
    page = text_of(home.one.get(f"{LIST}/{old.uuid}"))
    assert f"<del>{old.body['name']}</del>" in page
    assert "<b>学员改</b>" in page
    page = text_of(post(home.one, old))
    new = newest(home)
    assert "已换发" in page
    assert (new.number in page, old.number in page) == (True, True)
    assert Assignment.objects.get(uuid=old.issued_for).certificate_id == new.id
    found = text_of(home.one.get(LIST, {"state": "VALID"}))
    assert (new.number in found, old.number in found) == (True, False)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(home.one.get(LIST, {"export": "xlsx"}).content)).get_sheet_by_index(0)
    assert {line[0] for line in lines.to_python()[1:]} == {new.number, home.papers[1].number}
    page = text_of(home.one.get(f"{LIST}/{old.uuid}"))
    assert "已换发为" in page, "the old one is still there, and leads on"
    assert new.number in page
    assert "/reissue" not in page, "once"
    assert old.number in text_of(home.one.get(f"{LIST}/revocations"))
    public = text_of(Client().get(f"/verify/{old.code}", headers={"host": "anxue.localhost"}))
    assert "已为同一人换发内容正确的证明" in public
    assert f'/verify/{new.code}">{new.number}' in public
    heard = Notice.objects.get(kind="certificate.reissued")
    assert heard.learner_id == home.who[0].id
    archive = text_of(ground.learner_browser(in_jia, home.who[0]).get("/learn/archive"))
    for words in (old.number, new.number, "换发自", "已换发为", "换发培训证明"):
        assert words in archive
    file = records.learner_file(home.who[0].uuid, at=clock.now())
    (both,) = [table for one in file.sections for table in one.tables if "全部证明" in table.title]
    assert [(row[0], row[4]) for row in both.rows] == [(old.number, "已撤销"), (new.number, "有效")]
    assert "换发自" + old.number in printed(new)


def printed(paper):
    import pypdfium2

    text = pypdfium2.PdfDocument(records.certificate_pdf(paper.uuid))[0].get_textpage().get_text_bounded()
    return "".join(text.split())


def test_asked_twice_there_is_one_and_one_notice(in_jia):
    home = house(in_jia, 1)
    revoke(home, home.papers[0])
    rename(home)
    for _ in range(2):
        assert post(home.one, home.papers[0]).status_code == 200
    assert Certificate.objects.filter(subject=home.who[0].uuid).count() == 2
    assert Notice.objects.filter(kind="certificate.reissued").count() == 1
    (told,) = AuditEvent.objects.filter(action="certificates.reissued")
    assert told.target == f"certificate:{newest(home).uuid}"
    Learner.objects.filter(pk=home.who[0].id).update(restricted_at=clock.now())
    assert newest(home).number in text_of(post(home.one, home.papers[0])), "there it is, whatever became of the person since"
    assert Certificate.objects.filter(subject=home.who[0].uuid).count() == 2


def test_a_score_that_no_longer_passes_gives_no_certificate(in_jia):
    home = house(in_jia, 1)
    (old,) = home.papers
    revoke(home, old)
    Assignment.objects.update(exam_score=40)
    assert "没有达到发证条件" in text_of(post(home.one, old))
    Assignment.objects.update(exam_score=97)
    post(home.one, old)
    assert newest(home).body["exam_score"] == 97
    assert newest(home).body["completed_on"] == old.body["completed_on"]


@pytest.mark.parametrize("reason", ["UNTRUE", "IMPOSTOR"])
def test_who_did_not_learn_is_sent_to_another_training(in_jia, reason):
    home = house(in_jia, 1)
    revoke(home, home.papers[0], reason)
    rename(home)
    assert "本人重新完成后自动发放新证明" in text_of(home.one.get(f"{LIST}/{home.papers[0].uuid}"))
    assert "不能换发" in text_of(post(home.one, home.papers[0]))
    assert newest(home) == home.papers[0]


def test_one_whose_data_are_restricted_gets_none(in_jia):
    home = house(in_jia, 1)
    revoke(home, home.papers[0])
    rename(home)
    Learner.objects.filter(pk=home.who[0].id).update(restricted_at=clock.now())
    assert "不能换发" in text_of(post(home.one, home.papers[0]))
    assert newest(home) == home.papers[0]


def test_a_supervisor_sees_and_reissues_nothing(in_jia):
    home = house(in_jia)
    revoke(home, home.papers[0])
    rename(home)
    assert "/reissue" not in text_of(home.east.get(f"{LIST}/{home.papers[0].uuid}"))
    assert home.east.post(f"{LIST}/{home.papers[0].uuid}/reissue").status_code == 403
    with pytest.raises(DomainError) as caught:
        reissuing.reissue(
            certificate=home.papers[1].uuid, by=records.Decider(1, "主管丙", None), within=frozenset(), at=clock.now()
        )
    assert caught.value.status == 404
    assert newest(home) == home.papers[0]


@pytest.mark.req("R5.7")
def test_the_neighbour_finds_nothing_to_reissue(in_jia, yi):
    home = house(in_jia, 1)
    revoke(home, home.papers[0])
    rename(home)
    with platform_scope(), enterprise_scope(yi):
        from apps.people import api as people

        neighbour = signed_in(yi, people.open_owner(name="邻居", mobile="13700000009", password=None, at=ground.NOON))
    assert neighbour.post(f"{LIST}/{home.papers[0].uuid}/reissue").status_code == 404
    assert newest(home) == home.papers[0]
