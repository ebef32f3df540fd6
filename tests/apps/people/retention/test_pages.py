"""Pages of retention: what is kept where, holds, old months, everything; each role sees its own, the neighbour nothing."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.learning.models import StudySession
from apps.people import managing
from apps.people.models import Manager
from apps.records import api as records
from apps.records.retention import making
from apps.records.retention.api import Hold, Order, Package
from infra.kit import clock
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.apps.people.conftest import NOON, PASSWORD, browser
from tests.apps.records.retention import ground

pytestmark = pytest.mark.req("R4.6")


@pytest.fixture
def folder(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    return tmp_path


@pytest.fixture
def packed(staff, jia, folder):
    """学员甲 of 甲 has one old month, packed away."""
    with enterprise_scope(jia):
        ground.month(staff)
        ground.keep()
    return staff


def make(jia, kind):
    """What the worker does with the newest order."""
    with enterprise_scope(jia):
        order = Order.objects.filter(kind=kind).latest("at")
        return making.carry_out(order.uuid, signers=ground.signers(), at=clock.now())


def test_the_page_says_what_is_where_and_until_when(packed, manager):
    page = manager.get("/console/retention").content.decode()
    for words in ("2024-03", "学习过程数据", "只在归档包", "24 个月", "72 个月", "参考条件 四.6", "2030-04-01"):
        assert words in page, words
    assert "还没有归档包" not in page
    assert "没有符合条件" in manager.get("/console/retention?what=BEATS").content.decode()
    assert "2024-03" in manager.get("/console/retention?state=cold&year=2024").content.decode()


def test_a_learner_is_found_in_packages_that_name_nobody(packed, manager, jia):
    with enterprise_scope(jia):
        ground.colleague()
    assert "2024-03" in manager.get("/console/retention?q=学员甲").content.decode()
    assert "没有符合条件" in manager.get("/console/retention?q=学员乙").content.decode()
    assert "没有这名学员" in manager.get("/console/retention?q=没有这个人").content.decode()
    assert "有几名学员符合" in manager.get("/console/retention?q=学员").content.decode()


def test_a_package_that_is_not_whole_is_told_and_loses_nothing(staff, manager, jia, folder):
    with enterprise_scope(jia):
        ground.month(staff)
        ground.packed()
        (file,) = folder.rglob("*.axs")
        file.unlink()
        assert ground.keep().failed == 1
    page = manager.get("/console/retention").content.decode()
    assert "没有通过核对" in page
    assert "2024-03 学习过程数据" in page
    assert "在线数据待清理" in page


def test_the_list_leaves_as_a_workbook(packed, manager):
    answer = manager.get("/console/retention?export=xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_an_empty_page_says_that_nothing_needs_doing(staff, manager):
    assert "还没有归档包" in manager.get("/console/retention").content.decode()
    assert "现在没有保留" in manager.get("/console/retention/holds").content.decode()
    assert "还没有调阅过" in manager.get("/console/retention/restores").content.decode()
    assert "还没有导出过" in manager.get("/console/retention/exports").content.decode()


def test_lists_ask_the_same_number_of_questions_however_long_they_are(packed, manager, jia):
    def asked(path):
        manager.get(path)
        with CaptureQueriesContext(connection) as seen:
            manager.get(path)
        return len(seen)

    hold(manager, packed)
    paths = ("/console/retention", "/console/retention/holds")
    few = [asked(path) for path in paths]
    with enterprise_scope(jia):
        for n, month in enumerate((4, 5, 6)):
            view = ground.pupil(
                f"学员{'丙丁戊'[n]}", ("330106199909090089", "330602199512313370", "33010319700101001X")[n], f"1380000010{n}"
            )
            ground.proof(view, ground.OLD.replace(month=month))
            hold(manager, view)
        ground.keep()
        assert Package.objects.count() == 1, "on hold"
    assert [asked(path) for path in paths] == few


def hold(client, view, **more):
    said = {"learner": str(view.uuid) if view else "all", "reason": "3·12 事故调查", "until": "", **more}
    return client.post(f"/console/retention/holds?q={view.name if view else ''}", said)


def test_a_hold_is_placed_seen_and_ended_with_reasons(packed, manager, jia):
    assert hold(manager, packed).status_code == 302
    page = manager.get("/console/retention/holds").content.decode()
    assert "学员甲" in page
    assert "3·12 事故调查" in page
    with enterprise_scope(jia):
        row = Hold.objects.get()
    assert hold(manager, packed).status_code == 422
    assert manager.post(f"/console/retention/holds/{row.uuid}/end", {"reason": "x"}).status_code == 422
    with enterprise_scope(jia):
        assert Hold.objects.get().ended_at is None
    assert manager.post(f"/console/retention/holds/{row.uuid}/end", {"reason": "调查结束"}).status_code == 302
    assert "调查结束" in manager.get("/console/retention/holds?show=ended").content.decode()
    assert "现在没有保留" in manager.get("/console/retention/holds").content.decode()
    with enterprise_scope(jia):
        told = [entry.body["event"] for entry in records.entries_of(jia.uuid) if entry.body.get("hold")]
    assert told == ["held", "released"]


@pytest.mark.parametrize("more", [{"reason": ""}, {"until": "2020-01-01"}, {"learner": "nobody"}, {"until": "soon"}])
def test_a_hold_that_lacks_something_says_so_and_holds_nothing(packed, manager, jia, more):
    answer = hold(manager, packed, **more)
    assert answer.status_code == 422
    assert "ax-error" in answer.content.decode() or "invalid" in answer.content.decode()
    with enterprise_scope(jia):
        assert not Hold.objects.exists()


def order_restore(client, view, **more):
    said = {"learner": str(view.uuid), "month": "", "reason": "劳动仲裁取证", **more}
    return client.post(f"/console/retention/restores?q={view.name}", said)


def test_old_months_of_a_learner_are_seen_again_and_each_look_is_noted(packed, manager, jia):
    answer = order_restore(manager, packed)
    assert answer.status_code == 302
    assert "排队中" in manager.get(answer["Location"]).content.decode()
    make(jia, Order.Kind.RESTORE)
    page = manager.get(f"{answer['Location']}?part=sittings").content.decode()
    for words in ("198.51.100.7", "机械伤害防护", "学习终端、IP 和行为信号", "学员甲", "劳动仲裁取证"):
        assert words in page, words
    with enterprise_scope(jia):
        assert StudySession.objects.get().ip == "0.0.0.0"  # noqa: S104 - an erased address
        assert AuditEvent.objects.filter(action="retention.restored_seen").count() == 1
        row = Order.objects.get()
        assert AuditEvent.objects.get(action="retention.restored_seen").target == f"order:{row.uuid}"
    faces = manager.get(f"{answer['Location']}?part=faces").content.decode()
    (path,) = re.findall(r'href="([^"]*\.jpg)"', faces)
    assert manager.get(path).content == ground.PICTURE
    assert manager.get(path.replace("/1.jpg", "/2.jpg")).status_code == 404
    with enterprise_scope(jia):
        assert AuditEvent.objects.filter(action="retention.restored_picture_seen").count() == 1


def test_a_month_of_everybody_needs_its_month(packed, manager, jia):
    assert order_restore(manager, packed, learner="all").status_code == 422
    assert order_restore(manager, packed, learner="all", month="2024-3x").status_code == 422
    with enterprise_scope(jia):
        assert not Order.objects.exists()
    assert order_restore(manager, packed, learner="all", month="2024-03").status_code == 302
    assert make(jia, Order.Kind.RESTORE).rows == 4


def test_everything_leaves_only_with_the_name_typed_and_the_password_once_more(packed, manager, jia):
    assert manager.post("/console/retention/exports", {"name": "别家公司"}).status_code == 422
    with enterprise_scope(jia):
        assert not Order.objects.exists()
    address = manager.post("/console/retention/exports", {"name": jia.name})["Location"]
    order = make(jia, Order.Kind.EXPORT)
    page = manager.get(address).content.decode()
    assert order.sha256 in page
    refused = manager.post(f"{address}/file", {"password": "not-the-password"})
    assert refused.status_code == 422
    assert "密码不正确" in refused.content.decode()
    given = manager.post(f"{address}/file", {"password": PASSWORD})
    assert given["Content-Type"] == "application/zip"
    data = b"".join(given.streaming_content)
    assert len(data) == order.size == int(given["Content-Length"])
    assert "manifest.note" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    with enterprise_scope(jia):
        assert AuditEvent.objects.filter(action="retention.export_taken").count() == 1
    with enterprise_scope(jia):
        Order.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    assert manager.post(f"{address}/file", {"password": PASSWORD}).status_code == 410


def test_an_order_is_cancelled_from_its_page(packed, manager, jia):
    address = order_restore(manager, packed)["Location"]
    assert manager.post(f"{address}/cancel").status_code == 302
    assert "已取消" in manager.get(address).content.decode()
    assert make(jia, Order.Kind.RESTORE).state == Order.State.CANCELLED


def test_the_neighbour_sees_and_opens_nothing(packed, manager, neighbour, jia):
    hold(manager, packed)
    address = order_restore(manager, packed)["Location"]
    with enterprise_scope(jia):
        held = Hold.objects.get()
    for path in ("", "/holds", "/restores", "/exports"):
        page = neighbour.get(f"/console/retention{path}").content.decode()
        assert "<b>2024-03</b>" not in page
        assert "劳动仲裁取证" not in page
        assert "学员甲" not in page
    assert neighbour.get(address).status_code == 404
    assert neighbour.post(f"/console/retention/holds/{held.uuid}/end", {"reason": "邻居结束"}).status_code == 404
    with enterprise_scope(jia):
        assert Hold.objects.get().ended_at is None


def test_auditors_look_and_change_nothing_and_only_the_owner_takes_everything(packed, manager, jia):
    clients = {}
    with enterprise_scope(jia):
        me = Manager.objects.get(role=Manager.Role.OWNER)
        for n, role in enumerate((Manager.Role.AUDITOR, Manager.Role.TRAINING)):
            row = managing.invite(name="管理员", mobile=f"1390000002{n}", role=role, unit_id=None, by=me.pk, at=NOON)
            clients[role] = browser(jia)
            clients[role].force_login(row.credential)
    auditor, training = clients[Manager.Role.AUDITOR], clients[Manager.Role.TRAINING]
    assert auditor.get("/console/retention").status_code == 200
    assert hold(auditor, packed).status_code == 403
    assert order_restore(auditor, packed).status_code == 403
    assert training.get("/console/retention/exports").status_code == 403
    assert training.post("/console/retention/exports", {"name": jia.name}).status_code == 403
    with enterprise_scope(jia):
        assert not Hold.objects.exists()
        assert not Order.objects.exists()
    assert hold(training, packed).status_code == 302
