"""The authority is told of complaints about its enterprises, without names and words; the enterprise reads none of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from infra.kit import clock
from infra.kit.exchange.records import publish
from public.complaints import deciding, following
from public.regulators.exchange import statistics as exchange_statistics
from public.regulators.models import FeedRecord
from tenants.scope import enterprise_scope, platform_scope
from tests.public.complaints.ground import NOON, REASON, accepted, desk, file

pytestmark = pytest.mark.req("R7.1")


def told() -> list[FeedRecord]:
    with platform_scope():
        return list(FeedRecord.objects.filter(kind="COMPLAINT").order_by("pk"))


def test_each_step_that_counts_is_told(db, jia):
    uuid = accepted(schema_name=jia.schema_name)
    with platform_scope():
        deciding.decide(complaint=uuid, outcome="UPHELD", reason=REASON, desk=desk())
        following.rate(complaint=uuid, stars=4, text="", at=NOON)
    assert [record.body["state"] for record in told()] == ["待受理", "处理中", "已办结", "已办结"]
    last = told()[-1]
    assert (last.schema_name, last.subject, last.body["decision"], last.body["satisfaction"]) == (
        jia.schema_name,
        uuid,
        "UPHELD",
        4,
    )
    fields = publish("COMPLAINT", last.body).fields
    assert {"decision": "UPHELD", "satisfaction": 4, "state": "已办结"}.items() <= fields.items(), (
        "it reaches the authority's system too"
    )


def test_nothing_of_the_person_or_the_words_is_told(db, jia):
    accepted(schema_name=jia.schema_name)
    said = json.dumps([record.body for record in told()], ensure_ascii=False)
    for word in ("学员甲", "13800000001", "xueyuan", "第一课", "学时还是"):
        assert word not in said


def test_without_an_enterprise_nobody_is_told(db):
    file()
    assert told() == []


def test_the_enterprise_does_not_read_it(db, jia):
    file(schema_name=jia.schema_name)
    with enterprise_scope(jia):
        assert not FeedRecord.objects.filter(kind="COMPLAINT").exists()
    assert len(told()) == 1


def test_the_enterprise_does_not_learn_it_from_the_figures_of_the_day_either(db, jia):
    file(schema_name=jia.schema_name)
    day = clock.shanghai_date(NOON)
    with platform_scope():
        assert exchange_statistics.count_day(day, at=NOON + timedelta(days=1)) == 1
        assert FeedRecord.objects.get(kind="DAILY", schema_name=jia.schema_name).body["complaints"] == 1
    with enterprise_scope(jia):
        assert not FeedRecord.objects.filter(body__has_key="complaints").exists()
