"""What the authority pulls: its own jurisdiction, signed, complete, page by page."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from infra.kit import canonical, clock, signing
from public.audit.models import AuditEvent
from public.regulators import api as regulators
from public.regulators import feed
from public.regulators.models import FeedRecord, Regulator
from tenants.scope import enterprise_scope, platform_scope
from tests.public.desk import HOST, inside, regulator

pytestmark = [pytest.mark.req("R7.1"), pytest.mark.req("R7.2")]
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DAY = "2026-11-20"


def submit(site: Any, *, n: int = 1, kind: str = "SESSION", at: datetime = AT, subject: uuid.UUID | None = None) -> None:
    with enterprise_scope(site):
        for i in range(n):
            regulators.submit(kind=kind, subject=subject or uuid.uuid4(), body={"course": "机械伤害预防", "i": i}, at=at)


@pytest.fixture
def key(platform: None) -> str:
    return regulators.new_api_key(regulator_id=regulator("3301"), at=AT)


def pull(key: str, **query: Any) -> Any:
    query = {"day": DAY} | query
    return Client(HTTP_HOST=HOST).get("/api/regulator/feed", query, headers={"Authorization": f"Bearer {key}"})


def test_carries_the_four_kinds_of_its_own_jurisdiction(key: str, jia: Any) -> None:
    for kind in ("LEARNER", "STUDY_SESSION", "EXAM", "CERTIFICATE"):
        submit(jia, kind=kind)
    body = pull(key).json()
    assert [record["kind"] for record in body["records"]] == ["LEARNER", "SESSION", "EXAM", "CERTIFICATE"]
    assert (body["day"], body["division_prefix"], body["next"], body["complete"]) == (DAY, "3301", None, True)
    assert body["enterprises"] == [
        {
            "id": str(jia.uuid),
            "name": "杭州甲机械有限公司",
            "uscc": "91330106MA2BKXT393",
            "division_code": "330106",
            "industry_code": "C34",
            "hazard": "GENERAL",
        }
    ]
    assert {record["enterprise"] for record in body["records"]} == {str(jia.uuid)}
    assert body["records"][0]["at"] == "2026-11-20T12:00:00.000+08:00"


@pytest.mark.req("R5.4")
def test_what_an_authority_takes_is_in_the_log_of_exchanges_with_its_digest(key: str, jia: Any) -> None:
    pull(key)
    assert not AuditEvent.objects.filter(action="exchange.out.feed").exists(), "nothing was taken"
    submit(jia, n=2)
    answer = pull(key)
    told = AuditEvent.objects.get(action="exchange.out.feed")
    assert (told.direction, told.details["party"], told.details["rows"]) == ("OUT", "authority:3301", 2)
    assert (told.details["sha256"], told.details["label"]) == (hashlib.sha256(answer.content).hexdigest(), "2-TRAINING")


@pytest.mark.req("R2.6")
def test_sees_nothing_of_the_neighbouring_jurisdiction(key: str, jia: Any, yi: Any) -> None:
    submit(jia)
    submit(yi)
    assert pull(key).content.decode().count("杭州甲机械有限公司") == 1
    assert "宁波乙化工" not in pull(key).content.decode()
    other = regulators.new_api_key(regulator_id=regulator("3302"), at=AT)
    assert "杭州甲" not in pull(other).content.decode()
    whole = regulators.new_api_key(regulator_id=regulator("33"), at=AT)
    assert len(pull(whole).json()["records"]) == 2
    county = regulators.new_api_key(regulator_id=regulator("330108"), at=AT)
    assert pull(county).json()["records"] == []


def test_the_signature_fits_and_a_changed_byte_does_not(key: str, jia: Any) -> None:
    submit(jia)
    answer = pull(key)
    published = Client(HTTP_HOST=HOST).get("/.well-known/anxue-keys.json").json()["keys"]
    public = next(base64.b64decode(k["public_key"]) for k in published if k["key_id"] == answer["X-Anxue-Key-Id"])
    assert signing.verify(answer.content, answer["X-Anxue-Signature"], public)
    assert answer.content == canonical.encode(json.loads(answer.content)), "canonical as sent"
    for place in (0, len(answer.content) // 2, len(answer.content) - 1):
        changed = bytearray(answer.content)
        changed[place] ^= 1
        assert not signing.verify(bytes(changed), answer["X-Anxue-Signature"], public)


def test_pages_through_without_losing_or_repeating(key: str, jia: Any) -> None:
    submit(jia, n=7)
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        body = pull(key, after=after, limit=3).json()
        seen += [record["id"] for record in body["records"]]
        after = body["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == 7


def test_a_day_is_that_of_zhejiang(key: str, jia: Any) -> None:
    submit(jia, at=datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC))
    submit(jia, at=datetime(2026, 11, 19, 16, 0, 0, tzinfo=UTC))
    assert len(pull(key).json()["records"]) == 1
    assert len(pull(key, day="2026-11-19").json()["records"]) == 1


@pytest.mark.parametrize(
    ("after_midnight", "complete"), [(timedelta(minutes=4), False), (timedelta(minutes=5), True), (-timedelta(hours=1), False)]
)
def test_says_whether_the_day_can_still_grow(platform: None, after_midnight: timedelta, complete: bool) -> None:
    day = date(2026, 11, 20)
    sent = feed.parcel(prefix="33", day=day, after=0, limit=1, at=clock.shanghai_day(day)[1] + after_midnight)
    assert json.loads(sent.body)["complete"] is complete


@pytest.mark.parametrize(
    "query",
    [
        {"day": "2026-13-01"},
        {"day": "x"},
        {"day": ""},
        {"after": -1},
        {"after": "x"},
        {"limit": 0},
        {"limit": 1001},
        {"after": 10**30},
    ],
)
def test_refuses_a_query_it_cannot_read(key: str, query: dict[str, Any]) -> None:
    assert pull(key, **query).status_code == 422


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer axr_wrong", "Basic YTpi", "Bearer \u00e9"])
def test_a_stranger_gets_nothing(platform: None, jia: Any, header: str | None) -> None:
    submit(jia)
    headers = {} if header is None else {"Authorization": header}
    answer = Client(HTTP_HOST=HOST).get("/api/regulator/feed", {"day": DAY}, headers=headers)
    assert answer.status_code == 401
    assert b"records" not in answer.content


def test_guessing_keys_is_limited(platform: None) -> None:
    codes = {pull(f"axr_{n}").status_code for n in range(61)}
    assert codes == {401, 429}


def test_a_new_key_ends_the_old_one_and_only_its_hash_is_kept(platform: None) -> None:
    who = regulator("3301")
    old, new = (regulators.new_api_key(regulator_id=who, at=AT) for _ in range(2))
    assert (pull(old).status_code, pull(new).status_code) == (401, 200)
    assert new not in str(Regulator.objects.filter(pk=who).values().get())


def test_the_key_is_shown_once(platform: None) -> None:
    who = regulator("3301")
    browser = inside(Regulator.objects.get(pk=who).credential_id)
    page = browser.post("/regulator/key").content.decode()
    assert "data-api-key>axr_" in page
    assert "axr_" not in browser.get("/regulator/").content.decode()


def test_the_feed_is_not_on_enterprise_hosts(key: str, jia: Any) -> None:
    answer = Client(HTTP_HOST="jia.localhost").get(
        "/api/regulator/feed", {"day": DAY}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 404


def test_an_unknown_kind_is_refused(in_jia: Any) -> None:
    with pytest.raises(ValueError, match="GOSSIP"):
        regulators.submit(kind="GOSSIP", subject=uuid.uuid4(), body={}, at=AT)


@pytest.mark.req("R2.6")
def test_an_enterprise_sees_only_its_own_records_and_cannot_pose_as_another(db: None, jia: Any, yi: Any) -> None:
    with platform_scope():
        before = FeedRecord.objects.count()  # what tests on several connections left, for nothing takes it away
    submit(jia)
    submit(yi)
    with enterprise_scope(yi):
        assert {row.schema_name for row in FeedRecord.objects.all()} == {yi.schema_name}
        with pytest.raises(DatabaseError), transaction.atomic():
            FeedRecord.objects.create(
                kind="EXAM", subject=uuid.uuid4(), body={}, day=AT.date(), at=AT, schema_name=jia.schema_name
            )
        for change in (lambda: FeedRecord.objects.update(body={}), lambda: FeedRecord.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    with platform_scope():
        assert FeedRecord.objects.count() == before + 2
