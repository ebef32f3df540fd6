"""Many certificates at once: printed into a ZIP, or issued after a look at everybody; stopped, fetched once it is there, forgotten."""

import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from apps.plans import api as plans
from apps.plans.certificates import batches, building
from apps.plans.models import Assignment, CertificateBatch
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import orders
from tenants.scope import enterprise_scope
from tests.apps.plans.certificates.ground import house, learnt
from tests.infra.wiring.permission_ground import signed_in

PRINT, ORIGIN = "/console/certificates/print", "https://anxue.example"


def order(home, kind="SHEETS", papers=None):
    ids = [paper.id for paper in (home.papers if papers is None else papers)]
    return batches.order_print(kind=kind, ids=ids, origin=ORIGIN, by=home.me, at=clock.now())


def work(row):
    return building.work(row.uuid, at=clock.now())


def test_prints_pages_of_one_file_with_the_list(in_jia):
    home = house(in_jia)
    answer = home.one.post(PRINT, {"kind": "SHEETS"})
    row = work(CertificateBatch.objects.get())
    assert (row.state, row.done, row.total) == ("DONE", 3, 3)
    page = home.one.get(answer["Location"]).content.decode()
    assert "文件已生成" in page
    fetched = home.one.get(f"{answer['Location']}/file")
    made = zipfile.ZipFile(io.BytesIO(fetched.getvalue()))
    assert fetched.headers["Content-Length"] == str(row.size)
    assert made.namelist() == ["打印-0001-0003.pdf", "证明清单.xlsx"]
    pages = pypdfium2.PdfDocument(made.read("打印-0001-0003.pdf"))
    words = [page.get_textpage().get_text_bounded() for page in pages]
    assert [paper.number in said for paper, said in zip(home.papers, words, strict=True)] == [True] * 3
    assert f"http://anxue.localhost/verify/{home.papers[0].code}" in words[0]


def test_gives_each_of_the_chosen_a_signed_file(in_jia):
    home = house(in_jia)
    chosen = home.papers[:2]
    home.one.post(PRINT, {"kind": "FILES", "ids": [paper.id for paper in chosen]})
    row = work(CertificateBatch.objects.get())
    made = zipfile.ZipFile(io.BytesIO(b"".join(batches.file_of(row, at=clock.now()))))
    assert made.namelist() == [*(f"证明/{paper.number}.pdf" for paper in chosen), "证明清单.xlsx"]
    assert b"ETSI.CAdES.detached" in made.read(made.namelist()[0])


def test_prints_what_the_filters_of_the_list_let_through(in_jia):
    home = house(in_jia)
    home.one.post(PRINT, {"q": home.who[1].name})
    assert CertificateBatch.objects.get().ids == [home.papers[1].id]


@pytest.mark.req("R3.5")
def test_issues_what_is_due_and_nothing_twice(in_jia):
    home = house(in_jia, 4, done=1)
    for view in home.who[1:3]:
        learnt(view)
    answer = home.one.post("/console/certificates/issue", {"plan": str(home.plan)})
    row = work(CertificateBatch.objects.get())
    assert (row.state, row.total, row.made) == ("DONE", 3, 2)
    assert "新发 2 份证明" in home.one.get(answer["Location"]).content.decode()
    assert [len(records.certificates_of(view.uuid)) for view in home.who] == [1, 1, 1, 0]
    again = batches.order_issue(plan=home.plan, by=home.me, at=clock.now())
    assert (work(again).made, Assignment.objects.filter(certificate__isnull=False).count()) == (0, 3)


def test_a_worker_that_died_begins_anew(in_jia):
    home = house(in_jia, 1)
    row = order(home)
    CertificateBatch.objects.update(state="RUNNING", done=1)
    assert work(row).state == "DONE"
    assert work(row).sha256 == CertificateBatch.objects.get().sha256, "an ended one is not done again"


def test_what_a_worker_issued_before_it_died_is_counted(in_jia):
    home = house(in_jia, 3, done=1)
    for view in home.who[1:]:
        learnt(view)
    row = batches.order_issue(plan=home.plan, by=home.me, at=clock.now())
    plans.review_completion(learner_id=home.who[1].id, at=clock.now())
    CertificateBatch.objects.update(state="RUNNING")
    assert (work(row).made, Assignment.objects.filter(certificate__isnull=False).count()) == (2, 3)


def test_one_at_a_time_and_a_lost_one_does_not_block_for_ever(in_jia):
    home = house(in_jia, 1)
    order(home)
    with pytest.raises(DomainError) as caught:
        order(home)
    assert (caught.value.code, CertificateBatch.objects.count()) == ("batch_running", 1)
    CertificateBatch.objects.update(rung_at=clock.now() - timedelta(hours=2))
    order(home)
    assert sorted(CertificateBatch.objects.values_list("state", flat=True)) == ["FAILED", "QUEUED"]


@pytest.mark.parametrize(("ids", "code"), [([], "nothing_chosen"), (range(1001), "too_many")])
def test_refuses_nothing_and_too_many(in_jia, ids, code):
    home = house(in_jia, 1)
    with pytest.raises(DomainError) as caught:
        batches.order_print(kind="SHEETS", ids=list(ids), origin=ORIGIN, by=home.me, at=clock.now())
    assert (caught.value.code, CertificateBatch.objects.exists()) == (code, False)


def test_cancelled_it_leaves_no_file(in_jia):
    home = house(in_jia, 2)
    row = order(home, "FILES")
    answer = home.one.post(f"/console/certificates/batches/{row.uuid}/cancel", follow=True)
    assert "已取消" in answer.content.decode()
    assert work(row).state == "CANCELLED"
    row = order(home, "FILES")
    CertificateBatch.objects.filter(pk=row.pk).update(state="RUNNING")
    batches.cancel(uuid=row.uuid, at=clock.now())
    with pytest.raises(orders.Cancelled):
        building._tell(row, 1)
    assert CertificateBatch.objects.get(pk=row.pk).storage_key == ""


def test_fetched_too_early_or_too_late_it_says_so(in_jia):
    home = house(in_jia, 1)
    row = order(home)
    url = f"/console/certificates/batches/{row.uuid}/file"
    assert home.one.get(url).status_code == 409
    work(row)
    key = CertificateBatch.objects.get().storage_key
    assert default_storage.exists(key)
    assert home.papers[0].number.encode() not in default_storage.open(key).read(), "it lies sealed"
    CertificateBatch.objects.update(expires_at=clock.now())
    assert batches.forget_old(at=clock.now()) == 1
    assert not default_storage.exists(key)
    assert home.one.get(url).status_code == 410


@pytest.mark.req("R5.7")
def test_the_neighbour_finds_no_batch(in_jia, yi):
    row = order(house(in_jia, 1))
    with enterprise_scope(yi):
        from apps.people import api as people

        neighbour = signed_in(yi, people.open_owner(name="邻居", mobile="13700000008", password=None, at=clock.now()))
    for path in (f"batches/{row.uuid}", f"batches/{row.uuid}/file", f"batches/{uuid4()}"):
        assert neighbour.get(f"/console/certificates/{path}").status_code == 404
