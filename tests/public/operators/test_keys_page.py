"""Operations see whose keys there are and have them changed; nobody else does, and no key is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from public.audit.models import AuditEvent
from tenants import keys
from tenants.keys import rotation
from tenants.keys.models import DataKey, Rotation
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public.desk import desk
from tests.public.lifecycle.test_enterprises import many


@pytest.fixture
def operations(platform: None, jia: Any, yi: Any) -> Client:
    for site in (jia, yi):
        with enterprise_scope(site):
            keys.seal(b"x", purpose="x")
    return desk("OPERATIONS")


@pytest.mark.req("R5.1")
def test_shows_whose_keys_there_are_and_never_a_key(operations: Client, jia: Any) -> None:
    html = operations.get("/desk/keys?q=甲机械").content.decode()
    assert "杭州甲机械有限公司" in html
    assert "从未更换" in html
    assert "AES-256-GCM" in html
    for row in DataKey.objects.filter(destroyed_at=None):
        assert bytes(row.wrapped).hex()[:16] not in html


def test_changes_one_key_shows_how_far_it_is_and_notes_who_asked(operations: Client, jia: Any, yi: Any) -> None:
    for _ in range(2):
        assert operations.post("/desk/keys/rotate", {"enterprise": jia.id}).status_code == 302
    (job,) = Rotation.objects.all()
    assert (job.owner, job.state) == (str(jia.uuid), "QUEUED")
    assert AuditEvent.objects.filter(action="keys.rotation_asked", schema_name=jia.schema_name).count() == 2
    page = operations.get("/desk/keys?state=open").content.decode()
    assert "排队中" in page
    assert "every 3s" in page
    assert "宁波乙化工有限公司" not in page

    Rotation.objects.update(state="RUNNING", done=30, total=120, started_at=NOON)
    assert "已换 30 / 120 项" in operations.get("/desk/keys?q=甲机械").content.decode()
    Rotation.objects.update(state="DONE", done=120, broken=2, ended_at=NOON)
    page = operations.get("/desk/keys?state=broken").content.decode()
    assert "2 项无法解密，原样保留" in page
    assert "every 3s" not in page
    assert "宁波乙化工有限公司" in operations.get("/desk/keys?state=never&q=乙化工").content.decode()

    operations.post("/desk/keys/rotate", {"enterprise": jia.id})
    Rotation.objects.filter(broken=0).update(state="DONE", done=122, ended_at=NOON)
    assert "没有符合条件的企业" in operations.get("/desk/keys?state=broken").content.decode(), "mended since"


def test_changes_the_platform_s_key_and_everybody_s(operations: Client, jia: Any, yi: Any) -> None:
    operations.post("/desk/keys/rotate", {})
    assert [job.owner for job in Rotation.objects.all()] == [keys.PLATFORM]
    operations.post("/desk/keys/rotate-all")
    owners = set(Rotation.objects.values_list("owner", flat=True))
    assert owners >= {keys.PLATFORM, str(jia.uuid), str(yi.uuid)}
    assert AuditEvent.objects.filter(action="keys.all_rotations_asked").count() == 1


@pytest.mark.parametrize("enterprise", ["999999", "abc", "-1"])
def test_an_unknown_enterprise_is_refused_and_nothing_changes(operations: Client, enterprise: str) -> None:
    assert operations.post("/desk/keys/rotate", {"enterprise": enterprise}).status_code == 404
    assert not Rotation.objects.exists()


@pytest.mark.req("R5.7")
@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_see_and_change_nothing(platform: None, jia: Any, role: str) -> None:
    browser = desk(role)
    assert browser.get("/desk/keys").status_code == 403
    assert browser.post("/desk/keys/rotate", {"enterprise": jia.id}).status_code == 403
    assert browser.post("/desk/keys/rotate-all").status_code == 403
    assert "/desk/keys" not in browser.get("/desk/").content.decode()
    assert not Rotation.objects.exists()


def test_an_enterprise_s_host_has_no_such_page(operations: Client, jia: Any) -> None:
    assert Client(HTTP_HOST=jia.host).get("/desk/keys").status_code == 404


def test_a_page_costs_the_same_few_queries_however_many_there_are(operations: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert operations.get("/desk/keys").status_code == 200
        return len(captured)

    few = cost()
    many(15)
    rotation.ask_all(by="command", at=NOON)
    assert cost() == few <= 12


def test_finds_by_name_and_says_so_when_there_is_nothing(operations: Client) -> None:
    assert "没有符合条件的企业" in operations.get("/desk/keys?q=没有这家").content.decode()
    html = operations.get("/desk/keys?q=甲机械").content.decode()
    assert "杭州甲机械有限公司" in html
    assert "宁波乙化工有限公司" not in html
