"""What partners ask of us over REST: signed, in time, once; their own records only."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from infra.kit import clock
from infra.kit.exchange import documents, stamps
from infra.kit.exchange.suites import Keys, Suite, make_pair
from public.audit.models import AuditEvent
from public.regulators.exchange import partners, queueing, receipts, reconciling, rules
from public.regulators.exchange.models import DayFile, Delivery, Partner
from tests.public.desk import HOST
from tests.public.regulators.exchange.ground import AT, DAY, ME, open_partner, states, submit

pytestmark = [pytest.mark.req("R7.2"), pytest.mark.req("R5.6")]
BASE = "/api/exchange/v1"


class There:
    """A partner's system that calls us. ``change`` alters a request after it was signed."""

    def __init__(self, suite: Suite = Suite.SM, **more: Any) -> None:
        public, private = make_pair(suite) if suite is not Suite.SHARED else (b"", b"")
        self.row: Partner = open_partner(suite=suite.value, their_public=public, **more)
        shared = b"shared secret of 24 byte" if suite is Suite.SHARED else b""
        self.keys = Keys(suite, private, public, bytes(self.row.own_public), shared)

    def ask(
        self, method: str, where: str, document: Any = None, *, at: datetime | None = None, nonce: str = "", **change: Any
    ) -> Any:
        body = b"" if document is None else json.dumps(document).encode()
        stamp = stamps.stamp(
            self.keys,
            method=method,
            path=BASE + where,
            key=self.row.access_key,
            body=body,
            nonce=nonce or secrets.token_urlsafe(18),
            at=at or clock.now(),
        )
        headers = {**stamp.headers(), **change.get("headers", {})}
        sent = change.get("body", body)
        return Client(HTTP_HOST=HOST).generic(
            change.get("method", method), change.get("path", BASE + where), sent, content_type="application/json", headers=headers
        )

    def checked(self, answer: Any, nonce: str) -> None:
        """Let an answer pass that we signed for this request."""
        found = stamps.read(answer.headers)
        assert found.nonce == nonce
        stamps.check(self.keys, found, method="ANSWER", path=str(answer.status_code), body=answer.content, at=clock.now())


@pytest.fixture
def there(platform) -> There:
    return There()


def give(site: Any, n: int = 1) -> None:
    submit(site, n=n)
    while queueing.enqueue():
        pass


@pytest.mark.parametrize("suite", list(Suite))
def test_pulls_opens_and_gives_receipts(platform, jia, suite):
    there = There(suite)
    give(jia, 3)
    answer = there.ask("POST", "/records/pull", {"after": 0, "limit": 2}, nonce="n" * 20)
    there.checked(answer, "n" * 20)
    parcel = answer.json()
    assert [record["seq"] for record in parcel["records"]] == [1, 2]
    assert documents.opened(parcel, there.keys)[0]["name"] == "学*"
    said = [documents.Receipt(record["id"], documents.Result.ACCEPTED) for record in parcel["records"]]
    assert there.ask("POST", "/receipts", documents.receipts_document(parcel["msgId"], said)).json() == {"changed": 2}
    assert states(there.row) == {"ACCEPTED": 2, "WAITING": 1}
    assert [r["seq"] for r in there.ask("POST", "/records/pull", {"after": 2}).json()["records"]] == [3]
    told = AuditEvent.objects.filter(actor=f"partner:{there.row.uuid}").order_by("at")
    assert [(one.action, one.direction, one.details["rows"]) for one in told] == [
        ("exchange.out.pull", "OUT", 2),
        ("exchange.in.receipts", "IN", 2),
        ("exchange.out.pull", "OUT", 1),
    ], "what a partner fetches goes out, whoever called"
    assert told[0].details["label"] == "2-TRAINING"


def test_nothing_new_is_an_empty_signed_answer(there):
    answer = there.ask("POST", "/records/pull", {"after": 0}, nonce="m" * 20)
    assert (answer.status_code, answer.content) == (204, b"")
    there.checked(answer, "m" * 20)
    there.row.refresh_from_db()
    assert there.row.heard_at is not None
    assert not AuditEvent.objects.filter(target=f"partner:{there.row.uuid}", action="exchange.out.pull").exists()


def test_asked_again_it_gives_the_same_records(there, jia):
    give(jia, 3)
    first, second = (there.ask("POST", "/records/pull", {"after": 0}).json()["records"] for _ in range(2))
    assert [one["id"] for one in first] == [one["id"] for one in second]


def test_what_goes_out_again_is_offered_until_its_receipt_comes(there, jia):
    """Its number lies before what the partner has, so nobody would ask for it if the answer were lost."""
    give(jia, 2)
    parcel = there.ask("POST", "/records/pull", {"after": 0}).json()
    receipts.resend_ids(there.row, [parcel["records"][0]["id"]], at=clock.now())
    assert [one["seq"] for one in there.ask("POST", "/records/pull", {"after": 2}).json()["records"]] == [1]
    assert there.ask("POST", "/records/pull", {"after": 2}).status_code == 204, (
        "who fetches until there is nothing comes to an end"
    )
    Delivery.objects.filter(partner=there.row).update(told_at=clock.now() - rules.OFFERED_AGAIN_AFTER)
    assert [one["seq"] for one in there.ask("POST", "/records/pull", {"after": 2}).json()["records"]] == [1]
    said = [documents.Receipt(parcel["records"][0]["id"], documents.Result.DUPLICATE)]
    there.ask("POST", "/receipts", documents.receipts_document("m", said))
    Delivery.objects.filter(partner=there.row).update(told_at=clock.now() - rules.OFFERED_AGAIN_AFTER)
    assert there.ask("POST", "/records/pull", {"after": 2}).status_code == 204


@pytest.mark.req("R2.6")
def test_the_neighbours_records_are_not_given(there, jia, yi):
    give(yi, 2)
    assert there.ask("POST", "/records/pull", {"after": 0}).status_code == 204
    give(jia)
    assert {one["enterprise"] for one in there.ask("POST", "/records/pull", {"after": 0}).json()["records"]} == {str(jia.uuid)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": b'{"after":1}'}, "bad_signature"),
        ({"path": BASE + "/receipts"}, "bad_signature"),
        ({"path": BASE + "/records/pull?limit=1"}, "bad_signature"),
        ({"headers": {"X-Exchange-Nonce": "x" * 24}}, "bad_signature"),
        ({"headers": {"X-Exchange-Signature": "AAAA"}}, "bad_signature"),
        ({"headers": {"X-Exchange-Sign-Type": "HMAC-SM3"}}, "bad_signature"),
        ({"headers": {"X-Exchange-Signature": ""}}, "stamp_missing"),
        ({"headers": {"X-Exchange-Nonce": "short"}}, "stamp_missing"),
        ({"headers": {"X-Exchange-Key": "ax-nobody"}}, "unknown_key"),
        ({"headers": {"X-Exchange-Timestamp": "2026-11-23T22:00:00"}}, "clock_skew"),
    ],
)
def test_a_forged_request_is_refused_and_changes_nothing(there, jia, change, code):
    give(jia)
    answer = there.ask("POST", "/records/pull", {"after": 0}, **change)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert states(there.row) == {"WAITING": 1}
    noted = AuditEvent.objects.filter(action="exchange.refused", target=f"partner:{there.row.uuid}", result="REFUSED")
    assert [one.details["why"] for one in noted] == ([code] if code in {"bad_signature", "clock_skew"} else [])


@pytest.mark.parametrize("off", [timedelta(seconds=330), timedelta(seconds=-330)])
def test_a_late_request_is_refused(there, jia, off):
    give(jia)
    answer = there.ask("POST", "/records/pull", {"after": 0}, at=clock.now() + off)
    assert (answer.status_code, answer.json()["code"]) == (401, "clock_skew")
    assert states(there.row) == {"WAITING": 1}


def test_a_repeated_request_is_refused_and_anothers_nonce_is_its_own(there):
    assert there.ask("POST", "/records/pull", {"after": 0}, nonce="r" * 20).status_code == 204
    answer = there.ask("POST", "/records/pull", {"after": 0}, nonce="r" * 20)
    assert (answer.status_code, answer.json()["code"]) == (409, "replayed")
    assert AuditEvent.objects.get(action="exchange.refused", target=f"partner:{there.row.uuid}").details["why"] == "replayed"
    other = There(code="HZ-TWO")
    assert other.ask("POST", "/records/pull", {"after": 0}, nonce="r" * 20).status_code == 204


def test_a_stranger_cannot_use_a_nonce_up(there):
    there.ask("POST", "/records/pull", {"after": 0}, nonce="s" * 20, body=b"{}")
    assert there.ask("POST", "/records/pull", {"after": 0}, nonce="s" * 20).status_code == 204


def test_a_closed_partner_is_nobody_and_a_paused_one_may_only_give_receipts(there, jia):
    give(jia)
    partners.set_state(uuid=there.row.uuid, state="PAUSED", me=ME, at=AT)
    assert there.ask("POST", "/records/pull", {"after": 0}).json()["code"] == "paused"
    assert states(there.row) == {"WAITING": 1}
    assert there.ask("POST", "/receipts", {"msgId": "m", "receipts": []}).status_code == 200
    partners.set_state(uuid=there.row.uuid, state="CLOSED", me=ME, at=AT)
    assert there.ask("POST", "/records/pull", {"after": 0}).json()["code"] == "unknown_key"


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/records/pull", []),
        ("/records/pull", {"after": -1}),
        ("/records/pull", {"after": "1"}),
        ("/records/pull", {"after": True}),
        ("/records/pull", {"after": 2**63}),
        ("/receipts", {}),
        ("/receipts", {"msgId": "m", "receipts": [{"id": "x"}]}),
        ("/days/2031-01-06", {"missing": [1]}),
    ],
)
def test_a_document_of_a_wrong_shape_is_refused(there, path, document):
    DayFile.objects.create(partner=there.row, day=DAY, count=0, by_kind={}, digest="0" * 64, next_at=AT, made_at=AT)
    answer = there.ask("POST", path, document)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_document")


def test_a_large_message_is_refused_before_it_is_read(there):
    answer = there.ask("POST", "/receipts", {"msgId": "m" * 1_100_000, "receipts": []})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_day_is_fetched_and_settled_by_who_pulls(there, jia):
    give(jia, 2)
    night = AT + timedelta(hours=13)
    reconciling.close_days(at=night)
    day = there.ask("GET", f"/days/{DAY}").json()
    assert (day["count"], day["receiver"]) == (2, "HZ-AQPX")
    there.ask("POST", "/records/pull", {"after": 0})
    assert there.ask("GET", f"/days/{DAY}", path=f"{BASE}/days/{DAY}?part=2").json()["code"] == "bad_signature"
    lost = day["lines"][0]["id"]
    assert there.ask("POST", f"/days/{DAY}", {"missing": [lost]}).json() == {"again": 1}
    again = there.ask("POST", "/records/pull", {"after": 2}).json()["records"]
    assert [record["id"] for record in again] == [lost], "though it lies before what the partner has"
    assert DayFile.objects.get(partner=there.row, day=DAY).state == "UNEVEN"


@pytest.mark.parametrize("day", ["2031-01-07", "2000-01-01"])
def test_a_day_without_a_file_is_none(there, day):
    assert there.ask("GET", f"/days/{day}").status_code == 404


def test_somebody_elses_record_takes_no_receipt(there, yi):
    other = There(code="NB-AQPX", division_prefix="3302")
    give(yi)
    record = Delivery.objects.get(partner=other.row).record
    said = documents.receipts_document("m", [documents.Receipt(str(record.uuid), documents.Result.REJECTED)])
    assert there.ask("POST", "/receipts", said).json() == {"changed": 0}
    assert states(other.row) == {"WAITING": 1}


def test_guessing_keys_is_limited(there):
    codes = {there.ask("POST", "/records/pull", {}, headers={"X-Exchange-Key": "ax-nobody"}).status_code for _ in range(61)}
    assert codes == {401, 429}


def test_the_exchange_is_not_on_enterprise_hosts(there, jia):
    answer = Client(HTTP_HOST="jia.localhost").post(f"{BASE}/records/pull", json.dumps({}), content_type="application/json")
    assert answer.status_code == 404
