"""The authority's page: one day of its own jurisdiction."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from infra.kit import clock
from public.regulators import api as regulators
from public.regulators import feed
from public.regulators.models import Regulator
from tests.public.desk import inside, regulator
from tests.public.regulators.test_feed import submit

pytestmark = pytest.mark.req("R7.1")


def browser(prefix: str) -> Client:
    return inside(Regulator.objects.get(pk=regulator(prefix)).credential_id)


def test_counts_enterprises_people_and_records(platform: None, jia: Any) -> None:
    somebody = uuid.uuid4()
    submit(jia, n=2, at=clock.now(), subject=somebody)
    submit(jia, kind="EXAM", at=clock.now(), subject=somebody)
    html = browser("3301").get("/regulator/").content.decode()
    for words in ("杭州市", "辖区企业", "当天参训人数", "学习过程", "考试结果", "机械伤害预防"):
        assert words in html


def test_who_trained_is_counted_and_no_complaint_nor_enterprise(platform: None, jia: Any) -> None:
    somebody, at = uuid.uuid4(), clock.now()
    before = feed.figures(prefix="3301", day=clock.shanghai_date(at)).people
    submit(jia, n=2, at=at, subject=somebody)
    submit(jia, kind="EXAM", at=at, subject=somebody)
    submit(jia, kind="LEARNER", at=at)
    for kind, subject in (("COMPLAINT", uuid.uuid4()), ("ENTERPRISE", jia.uuid), ("DAILY", jia.uuid)):
        regulators.submit(kind=kind, subject=subject, body={}, at=at, schema_name=jia.schema_name)
    assert feed.figures(prefix="3301", day=clock.shanghai_date(at)).people == before + 1


@pytest.mark.req("R2.6")
def test_sees_nothing_of_the_neighbouring_jurisdiction(platform: None, jia: Any, yi: Any) -> None:
    submit(jia, at=clock.now())
    submit(yi, at=clock.now())
    theirs = browser("3302").get("/regulator/").content.decode()
    assert "宁波乙化工有限公司" in theirs
    assert "杭州甲机械有限公司" not in theirs


@pytest.mark.parametrize(("query", "seen"), [("", True), ("?kind=EXAM", False), ("?kind=NOPE", True), ("?q=甲机械", True), ("?q=乙化工", False),
                                             ("?day=2020-01-01", False), ("?day=x", True), ("?day=2999-01-01", True), ("?page=99", True)])  # fmt: skip
def test_filters_by_day_kind_and_name_and_survives_nonsense(platform: None, jia: Any, query: str, seen: bool) -> None:
    submit(jia, at=clock.now())
    answer = browser("3301").get(f"/regulator/{query}")
    assert answer.status_code == 200
    assert ("杭州甲机械有限公司" in answer.content.decode()) is seen


def test_pages_through_a_busy_day(platform: None, jia: Any) -> None:
    submit(jia, n=55, at=clock.now())
    submit(jia, at=clock.now() - timedelta(days=1))
    inside_now = browser("3301")
    assert inside_now.get("/regulator/").content.decode().count("机械伤害预防") == 50
    assert inside_now.get("/regulator/?page=2").content.decode().count("机械伤害预防") == 5


@pytest.mark.parametrize("prefix", ["", "3", "330", "33010", "3301061", "ab", "33%"])
def test_refuses_a_jurisdiction_that_is_none(platform: None, prefix: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        regulator(prefix)
    assert not Regulator.objects.exists()
