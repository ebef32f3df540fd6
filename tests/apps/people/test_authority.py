"""Notices of an authority in the console: who reads, who answers, who is told; nothing of next door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.people.models import Manager, Notice
from infra.kit import clock
from public.portal import asking, watching
from public.portal.shapes import Asker
from tenants import opening
from tenants.scope import enterprise_scope, platform_scope
from tests.public.portal.ground import DAYS, ask, authority, kinds, row, upload

pytestmark = pytest.mark.req("R7.1")


def sent(site: Any) -> UUID:
    now = clock.now()
    with platform_scope():
        return ask(site, by=Asker(authority(), now, "10.0.0.1"), due_on=clock.shanghai_date(now) + 9 * DAYS)


def told(site: Any) -> list[str]:
    with enterprise_scope(site):
        return list(Notice.objects.filter(kind__startswith="rectification.").order_by("pk").values_list("kind", flat=True))


def test_the_owner_is_told_reads_and_answers(manager: Client, jia: Any) -> None:
    notice = sent(jia)
    assert told(jia) == ["rectification.asked"]
    path, waits = f"/console/rectifications/{notice}", "1 份整改通知等您答复"
    assert waits in manager.get("/console").content.decode()
    assert "焊工未做复训" in manager.get("/console/rectifications").content.decode()
    html = manager.get(path).content.decode()
    for words in ("《安全生产法》第二十八条", "某市应急管理局", "提交整改情况"):
        assert words in html
    assert manager.post(f"{path}/answer", {"text": ""}).status_code == 422
    assert manager.post(f"{path}/answer", {"text": "好的"}).status_code == 422
    assert row(notice).state == "ASKED"
    assert manager.post(f"{path}/answer", {"text": "两名焊工已完成复训并考试合格。"}).status_code == 302
    assert manager.post(f"{path}/answer", {"text": "两名焊工已完成复训并考试合格。"}).status_code == 409
    assert kinds(notice) == ["ASKED", "SEEN", "ANSWERED"]
    assert "等待监管部门复核" in manager.get(path).content.decode()
    assert waits not in manager.get("/console").content.decode()
    with platform_scope():
        asking.accept(rectification=notice, text="", asker=Asker(authority(), clock.now(), "10.0.0.1"))
    assert told(jia) == ["rectification.asked", "rectification.accepted"]


def test_what_is_overdue_is_told_and_said_on_the_page(manager: Client, jia: Any) -> None:
    notice = sent(jia)
    with platform_scope():
        watching.watch(at=clock.now() + 7 * DAYS)
        watching.watch(at=clock.now() + 10 * DAYS)
        watching.watch(at=clock.now() + 17 * DAYS)
    assert told(jia) == ["rectification.asked", "rectification.soon", "rectification.late", "rectification.late"]
    assert row(notice).stage == 3


def test_files_are_attached_by_their_owner_and_given_back(manager: Client, jia: Any) -> None:
    notice = sent(jia)
    with enterprise_scope(jia):
        credential = Manager.objects.get(role="OWNER").credential_id
    own, foreign = upload(jia, credential), upload(jia, credential + 1)
    path = f"/console/rectifications/{notice}/files"
    assert manager.post(path, {"upload": str(foreign.uuid)}).status_code == 404
    assert manager.post(path, {"upload": "x"}).status_code == 400
    assert "复训签到.png" in manager.post(path, {"upload": str(own.uuid)}).content.decode()
    assert manager.get(f"{path}/{foreign.uuid}").status_code == 404
    assert kinds(notice) == ["ASKED", "ATTACHED"]


@pytest.mark.req("R2.6")
def test_the_neighbour_sees_nothing(neighbour: Client, jia: Any) -> None:
    notice = sent(jia)
    path = f"/console/rectifications/{notice}"
    assert "焊工未做复训" not in neighbour.get("/console/rectifications").content.decode()
    assert neighbour.get(path).status_code == 404
    assert neighbour.post(f"{path}/answer", {"text": "两名焊工已完成复训。"}).status_code == 404
    assert neighbour.post(f"{path}/files", {"upload": str(notice)}).status_code == 404
    assert neighbour.get(f"{path}/files/{notice}").status_code == 404
    assert kinds(notice) == ["ASKED"]


def test_an_auditor_reads_answers_nothing_and_is_not_taken_for_the_enterprise(manager: Client, jia: Any) -> None:
    notice = sent(jia)
    with enterprise_scope(jia):
        Manager.objects.filter(role="OWNER").update(role="AUDITOR")
    assert manager.get(f"/console/rectifications/{notice}").status_code == 200
    assert manager.post(f"/console/rectifications/{notice}/answer", {"text": "两名焊工已完成复训。"}).status_code == 403
    assert kinds(notice) == ["ASKED"]


def test_a_longer_list_costs_no_more_queries(manager: Client, jia: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert manager.get("/console/rectifications").status_code == 200
        return len(found)

    sent(jia)
    asked()
    few = asked()
    for _n in range(4):
        sent(jia)
    assert asked() == few


def test_a_suspended_enterprise_still_answers_and_a_closed_one_no_more(manager: Client, jia: Any) -> None:
    notice = sent(jia)
    with enterprise_scope(jia):
        owner = Manager.objects.get(role="OWNER").credential_id
    file, path = upload(jia, owner), f"/console/rectifications/{notice}"
    with platform_scope():
        opening.set_status(enterprise_id=jia.id, status="SUSPENDED", reason="逾期未缴费")
    assert manager.get(path).status_code == 200
    assert manager.get("/api/rectification-files").status_code != 403
    assert manager.post(f"{path}/files", {"upload": str(file.uuid)}).status_code == 200
    assert manager.post(f"{path}/answer", {"text": "两名焊工已完成复训并考试合格。"}).status_code == 302
    with platform_scope():
        opening.set_status(enterprise_id=jia.id, status="CLOSED", reason="公司搬迁")
    assert manager.get(path).status_code == 403
    assert kinds(notice) == ["ASKED", "SEEN", "ATTACHED", "ANSWERED"]
